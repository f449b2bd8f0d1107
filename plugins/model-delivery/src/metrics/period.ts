const DAY = 86_400_000;
const WEEK = 7 * DAY;

/** A half-open period of whole UTC days. */
export interface Period {
  /** First day, such as `2026-08-31`. */
  from: string;
  /** The day after the last one. */
  to: string;
}

/** Periods that move along with time: so many weeks up to and with the present one. */
export const RECENT_WEEKS = [4, 12, 26, 52] as const;

/** How many weeks without being asked. */
export const DEFAULT_WEEKS = 12;

const dayOf = (millis: number) => new Date(millis).toISOString().slice(0, 10);

/**
 * So many weeks from a Monday on, the last of them the present week up to today.
 * @param now - epoch milliseconds
 */
export function recentWeeks(weeks: number, now: number): Period {
  const today = Math.floor(now / DAY) * DAY;
  // The epoch began on a Thursday.
  const daysSinceMonday = (Math.floor(now / DAY) + 3) % 7;
  const monday = today - daysSinceMonday * DAY;
  return {
    from: dayOf(monday - (weeks - 1) * WEEK),
    to: dayOf(today + DAY),
  };
}

/** Longest period that the API answers, in days. */
export const LONGEST_DAYS = 370;

/**
 * What is wrong with a period that somebody typed, or nothing.
 */
export function periodProblem(period: Period): string | undefined {
  const from = Date.parse(`${period.from}T00:00:00Z`);
  const to = Date.parse(`${period.to}T00:00:00Z`);
  if (Number.isNaN(from) || Number.isNaN(to)) {
    return 'Give both days, as in 2026-08-31.';
  }
  if (to <= from) {
    return 'The first day must not come after the last day.';
  }
  if (to - from > LONGEST_DAYS * DAY) {
    return `A period has at most ${LONGEST_DAYS} days.`;
  }
  return undefined;
}

/** The day before: periods are stored with their end left out, and read with their last day. */
export function dayBefore(day: string): string {
  return dayOf(Date.parse(`${day}T00:00:00Z`) - DAY);
}

/** The day after. */
export function dayAfter(day: string): string {
  const millis = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(millis) ? '' : dayOf(millis + DAY);
}

/** A period as one reads it: `31 Aug to 20 Nov 2026`. */
export function periodText(period: Period): string {
  const from = new Date(`${period.from}T00:00:00Z`);
  const last = new Date(`${dayBefore(period.to)}T00:00:00Z`);
  const isOneYear = from.getUTCFullYear() === last.getUTCFullYear();
  const write = (date: Date, withYear: boolean) =>
    date.toLocaleDateString('en-GB', {
      timeZone: 'UTC',
      day: 'numeric',
      month: 'short',
      ...(withYear && { year: 'numeric' }),
    });
  return `${write(from, !isOneYear)} to ${write(last, true)}`;
}
