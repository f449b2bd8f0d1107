/**
 * Which changes were handed to the engine already. A registry is read back behind the newest change known, because times are
 * taken before they are committed; what was handed over from there is remembered here, so that nothing comes twice.
 * A memory of one process: without it, what comes twice is stored twice and does no harm.
 * @public
 */
export class HandedOver {
  readonly #changes = new Map<string, number>();

  /** Whether that version was handed over, whatever changed since. */
  has(key: string): boolean {
    return this.#changes.has(key);
  }

  /** Whether the version was handed over as it was at that moment, in milliseconds since 1970. */
  hasSince(key: string, changedMs: number): boolean {
    return (this.#changes.get(key) ?? -Infinity) >= changedMs;
  }

  /** Notes a version as it was at a moment, in milliseconds since 1970. */
  note(key: string, changedMs: number): void {
    this.#changes.set(key, changedMs);
  }

  /** Forgets what no later read goes back to. */
  forgetBefore(timeMs: number): void {
    for (const [key, at] of this.#changes) {
      if (at < timeMs) {
        this.#changes.delete(key);
      }
    }
  }

  clear(): void {
    this.#changes.clear();
  }
}
