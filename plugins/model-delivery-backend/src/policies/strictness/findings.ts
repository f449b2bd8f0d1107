/** One way in which a policy is looser than it may be. */
export interface Finding {
  /** Where, such as `gate 'fairness'` or `freeze windows`. */
  at: string;
  /** What is looser, as the rest of a sentence that begins with `at`. */
  what: string;
}

/** Seconds in the words of a policy file: `90s`, `15m`, `72h`, `30d`. */
export function lengthOf(seconds: number): string {
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
  ] as const) {
    if (seconds >= size && seconds % size === 0) {
      return `${seconds / size}${unit}`;
    }
  }
  return `${seconds}s`;
}
