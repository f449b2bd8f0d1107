import { FreezeWindow } from '@slipway/backstage-plugin-model-delivery-common';
import { DateTime, IANAZone } from 'luxon';

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const DAY_MINUTES = 24 * 60;
/** Minutes of a week. */
export const WEEK_MINUTES = 7 * DAY_MINUTES;
const MINUTE_MS = 60_000;

/** Thrown for a window that cannot be; the message says why. */
export class FreezeWindowError extends Error {
  readonly name = 'FreezeWindowError';
}

/** A time of the week such as `fri 17:00`, in minutes since Monday 00:00; up to `sun 24:00`, the end of the week. */
export function parseTimeOfWeek(text: string): number {
  const match = /^(mon|tue|wed|thu|fri|sat|sun) (\d\d):(\d\d)$/.exec(text);
  const minutes = match && Number(match[2]) * 60 + Number(match[3]);
  if (!match || Number(match[3]) > 59 || Number(minutes) > DAY_MINUTES) {
    throw new FreezeWindowError(
      `'${text}' is not a time of the week such as 'fri 17:00'`,
    );
  }
  const day = WEEKDAYS.findIndex(each => each === match[1]);
  return day * DAY_MINUTES + Number(minutes);
}

/**
 * The stretch of a weekly window in minutes since Monday 00:00. The end is beyond `WEEK_MINUTES` when the window goes on
 * into the next week, and a window that ends when it starts lasts a whole week.
 */
export function weeklySpan(window: FreezeWindow): { from: number; to: number } {
  const from = parseTimeOfWeek(window.from) % WEEK_MINUTES;
  const to = parseTimeOfWeek(window.to);
  return { from, to: to > from ? to : to + WEEK_MINUTES };
}

/** Whether the name is a time zone of the IANA database that this machine knows. */
export function isTimeZone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && IANAZone.isValidZone(name);
}

/**
 * Reads a date with or without a time of day, such as `2026-12-20` or `2026-12-20T18:00`, as clocks show it.
 * @throws FreezeWindowError for a date that does not exist
 */
export function parseLocalTime(text: string): DateTime<true> {
  const time = DateTime.fromISO(text, { zone: 'utc' });
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d)?$/.test(text) || !time.isValid) {
    throw new FreezeWindowError(
      `'${text}' is not a date such as 2026-12-20 or 2026-12-20T18:00`,
    );
  }
  return time;
}

/** The window that an instant lies in, the first of several; undefined when the environment is open. */
export function isFrozen(
  windows: readonly FreezeWindow[],
  instant: Date,
): FreezeWindow | undefined {
  return windows.find(window => endOfFreeze(window, instant) !== undefined);
}

/**
 * The first moment, at `instant` or after it, that lies in no window. Undefined when there is none within that many
 * days.
 *
 * A window starts when its clocks first show `from` or later, and ends when they last show a time before `to`: one that
 * starts in the hour that summer time skips starts with the change, and one that ends in the hour that comes twice ends
 * in the second. So a change of the clocks never opens early and never opens in between.
 */
export function nextOpen(
  windows: readonly FreezeWindow[],
  instant: Date,
  daysAhead = 400,
): Date | undefined {
  const limit = instant.getTime() + daysAhead * DAY_MINUTES * MINUTE_MS;
  let at = instant.getTime();
  while (at <= limit) {
    const end = latestEnd(windows, new Date(at));
    if (end === undefined) {
      return new Date(at);
    }
    at = end;
  }
  return undefined;
}

function latestEnd(
  windows: readonly FreezeWindow[],
  instant: Date,
): number | undefined {
  const ends = windows.flatMap(each => endOfFreeze(each, instant) ?? []);
  return ends.length > 0 ? Math.max(...ends) : undefined;
}

/** When the occurrence of a window that holds the instant is over, in milliseconds; undefined when none holds it. */
function endOfFreeze(window: FreezeWindow, instant: Date): number | undefined {
  return occurrencesAround(window, instant).find(
    ({ start, end }) => start <= instant.getTime() && instant.getTime() < end,
  )?.end;
}

interface Occurrence {
  start: number;
  end: number;
}

function occurrencesAround(window: FreezeWindow, instant: Date): Occurrence[] {
  const { timeZone } = window;
  if (window.kind === 'dates') {
    return [
      {
        start: firstShowing(parseLocalTime(window.from), timeZone),
        end: lastBefore(parseLocalTime(window.to), timeZone),
      },
    ];
  }
  const { from, to } = weeklySpan(window);
  const local = DateTime.fromJSDate(instant, { zone: timeZone });
  const monday = DateTime.utc(local.year, local.month, local.day).minus({
    days: local.weekday - 1,
  });
  return [-7, 0].map(days => {
    const week = monday.plus({ days });
    return {
      start: firstShowing(week.plus({ minutes: from }), timeZone),
      end: lastBefore(week.plus({ minutes: to }), timeZone),
    };
  });
}

/** The first instant at which clocks show the wall time or a later one. */
function firstShowing(wall: DateTime, timeZone: string): number {
  const readings = readingsOf(wall, timeZone);
  return readings.length > 0
    ? Math.min(...readings)
    : changeOfClocks(wall, timeZone);
}

/** The end of the last stretch in which clocks show a time before the wall time. */
function lastBefore(wall: DateTime, timeZone: string): number {
  const readings = readingsOf(wall, timeZone);
  return readings.length > 0
    ? Math.max(...readings)
    : changeOfClocks(wall, timeZone);
}

/** The instants at which clocks show exactly this wall time: one, two when they are set back, none when set forward. */
function readingsOf(wall: DateTime, timeZone: string): number[] {
  const offsets = offsetsAround(wall, timeZone);
  return [...new Set(offsets)]
    .map(offset => wall.toMillis() - offset * MINUTE_MS)
    .filter(at => wallAt(at, timeZone) === wall.toMillis());
}

/** The instant at which clocks are set forward over this wall time. */
function changeOfClocks(wall: DateTime, timeZone: string): number {
  let before = wall.toMillis() - DAY_MINUTES * MINUTE_MS - 14 * 60 * MINUTE_MS;
  let after = wall.toMillis() + DAY_MINUTES * MINUTE_MS + 14 * 60 * MINUTE_MS;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wallAt(middle, timeZone) < wall.toMillis()) {
      before = middle;
    } else {
      after = middle;
    }
  }
  return after;
}

function offsetsAround(wall: DateTime, timeZone: string): number[] {
  return [-1, 1].map(days =>
    IANAZone.create(timeZone).offset(wall.plus({ days }).toMillis()),
  );
}

/** What clocks show at an instant, written as if it were UTC. */
function wallAt(at: number, timeZone: string): number {
  return at + IANAZone.create(timeZone).offset(at) * MINUTE_MS;
}
