/** Intervals after which a registry that was not read counts as stale. */
const STALE_AFTER_INTERVALS = 3;

/** Whether what was read of a registry is so old that it may well have changed; true when it never was. */
export function isStale(
  lastSuccess: Date | null,
  now: Date,
  intervalMs: number,
): boolean {
  return (
    lastSuccess === null ||
    lastSuccess.getTime() < now.getTime() - STALE_AFTER_INTERVALS * intervalMs
  );
}
