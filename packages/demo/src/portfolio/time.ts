/** Milliseconds. */
export const MINUTE = 60_000;
/** Milliseconds. */
export const HOUR = 60 * MINUTE;
/** Milliseconds. */
export const DAY = 24 * HOUR;

/** The start of the moment's day in UTC. */
export function startOfDay(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / DAY) * DAY);
}

/** As the API takes it. */
export function timestamp(milliseconds: number): string {
  return new Date(Math.round(milliseconds)).toISOString();
}

/** The day of a moment as `2026-11-21`. */
export function dayOf(milliseconds: number): string {
  return timestamp(milliseconds).slice(0, 10);
}

/** Moves a moment to a working day, Monday to Friday, at the given hour of the day in UTC. */
export function atWork(milliseconds: number, hour: number): number {
  const day = Math.floor(milliseconds / DAY) * DAY;
  const weekday = new Date(day).getUTCDay();
  const back = { 0: 2, 6: 1 }[weekday] ?? 0;
  return day - back * DAY + hour * HOUR;
}
