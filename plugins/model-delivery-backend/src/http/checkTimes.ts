import { InputError } from '@backstage/errors';

/** How far a reporter's clock may be ahead, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Refuses a reported moment that has not come yet, beyond what clocks differ by.
 * @param path - where it was said, such as `request/body/measuredAt`
 * @throws InputError naming the path.
 */
export function assertNotInFuture(
  path: string,
  value: string | undefined,
  now: Date,
): void {
  if (
    value !== undefined &&
    Date.parse(value) > now.getTime() + CLOCK_SKEW_MS
  ) {
    throw new InputError(
      `${path} is ${value}, which is yet to come: it is ${now.toISOString()} now`,
    );
  }
}

/**
 * Refuses an end before its start.
 * @throws InputError naming the path of the end.
 */
export function assertOrder(
  startPath: string,
  start: string | undefined,
  endPath: string,
  end: string | undefined,
): void {
  if (
    start !== undefined &&
    end !== undefined &&
    Date.parse(end) < Date.parse(start)
  ) {
    throw new InputError(
      `${endPath} is ${end}, before ${startPath}, which is ${start}`,
    );
  }
}
