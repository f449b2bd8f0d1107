/**
 * Names buckets by their first day, UTC, as an axis does: the month with the first one and where it changes, the year
 * where that changes.
 * @param starts - the buckets' starts in order
 */
export function weekLabels(starts: string[]): (start: string) => string {
  const labels = new Map<number, string>();
  let before: Date | undefined;
  for (const start of starts) {
    const date = new Date(start);
    const isSameMonth = before?.getUTCMonth() === date.getUTCMonth();
    labels.set(
      date.getTime(),
      isSameMonth
        ? String(date.getUTCDate())
        : date.toLocaleDateString('en-GB', {
            timeZone: 'UTC',
            day: 'numeric',
            month: 'short',
          }),
    );
    before = date;
  }
  return start => labels.get(Date.parse(start)) ?? '';
}

/** A bucket's first day in full, for tables: `24 Aug 2026`. */
export function dayLabel(start: string): string {
  return new Date(start).toLocaleDateString('en-GB', {
    timeZone: 'UTC',
    dateStyle: 'medium',
  });
}
