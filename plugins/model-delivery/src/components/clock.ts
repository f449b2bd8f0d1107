import { useEffect, useState } from 'react';

/** A moment as the API gives it, or as a number of milliseconds since 1970. */
export type Moment = string | number | Date;

/** Milliseconds since 1970. */
export function toMillis(moment: Moment): number {
  return typeof moment === 'number' ? moment : new Date(moment).getTime();
}

const UNITS: [string, number][] = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
];

/**
 * A span in its largest unit, such as `51 d`, `3 h`, `40 s`.
 * @param seconds - its length; the sign is ignored
 */
export function formatCoarse(seconds: number): string {
  const size = Math.abs(seconds);
  const [unit, length] = UNITS.find(([, of]) => size >= of) ?? UNITS[3];
  return `${Math.floor(size / length).toLocaleString('en')} ${unit}`;
}

/**
 * A span in its two largest units, such as `4 h 7 min`, `12 s`.
 * @param seconds - its length; the sign is ignored
 */
export function formatDuration(seconds: number): string {
  const size = Math.round(Math.abs(seconds));
  const start = UNITS.findIndex(([, of]) => size >= of);
  if (start === -1) {
    return '0 s';
  }
  const [unit, length] = UNITS[start];
  const whole = Math.floor(size / length);
  const next = UNITS[start + 1];
  const rest = next ? Math.floor((size - whole * length) / next[1]) : 0;
  return `${whole.toLocaleString('en')} ${unit}${
    rest > 0 ? ` ${rest} ${next[0]}` : ''
  }`;
}

/** A moment relative to another, such as `52 min ago`, `in 3 min`, `now`. */
export function formatRelative(moment: Moment, now: number): string {
  const seconds = Math.round((toMillis(moment) - now) / 1000);
  if (Math.abs(seconds) < 1) {
    return 'now';
  }
  return seconds > 0
    ? `in ${formatCoarse(seconds)}`
    : `${formatCoarse(seconds)} ago`;
}

/** `2026-11-20 13:20:00 UTC`. */
export function formatUtc(moment: Moment): string {
  return `${new Date(toMillis(moment))
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ')} UTC`;
}

/** UTC and, where it differs, the reader's own time. */
export function formatExact(moment: Moment): string {
  const date = new Date(toMillis(moment));
  if (date.getTimezoneOffset() === 0) {
    return formatUtc(moment);
  }
  const local = date.toLocaleString(undefined, {
    dateStyle: 'medium',
    timeStyle: 'medium',
  });
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return `${formatUtc(moment)}\n${local} ${zone}`;
}

const tickers = new Map<number, { timer: number; users: Set<() => void> }>();

/**
 * The time now, read again every so often. All users of one step share one timer.
 * @param stepMillis - how often, in milliseconds
 */
export function useNow(stepMillis = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const update = () => setNow(Date.now());
    let ticker = tickers.get(stepMillis);
    if (!ticker) {
      const users = new Set<() => void>();
      ticker = {
        users,
        timer: window.setInterval(
          () => users.forEach(user => user()),
          stepMillis,
        ),
      };
      tickers.set(stepMillis, ticker);
    }
    ticker.users.add(update);
    return () => {
      const current = tickers.get(stepMillis);
      current?.users.delete(update);
      if (current && current.users.size === 0) {
        window.clearInterval(current.timer);
        tickers.delete(stepMillis);
      }
    };
  }, [stepMillis]);
  return now;
}

/** How often a relative time has to be said anew. */
export function stepFor(moment: Moment): number {
  const distance = Math.abs(Date.now() - toMillis(moment));
  return distance < 120_000 ? 1000 : 30_000;
}
