import { FreezeWindow } from '@slipway/backstage-plugin-model-delivery-common';
import { z } from 'zod';
import {
  FreezeWindowError,
  isTimeZone,
  nextOpen,
  parseLocalTime,
  parseTimeOfWeek,
} from './freezeWindows';

const MAX_DATES_DAYS = 366;
/** A Monday; weekly windows are tried from here. */
const SOME_MONDAY = new Date('2026-01-05T00:00:00Z');

const checked = (check: (text: string) => unknown) =>
  z
    .string()
    .max(20)
    .superRefine((text, context) => {
      const message = messageOf(check, text);
      if (message) {
        context.addIssue({ code: 'custom', message });
      }
    });

const weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
const WEEK = weekday.options;
const LOCAL_FORMAT = "yyyy-MM-dd'T'HH:mm";
const timeOfWeek = checked(parseTimeOfWeek);
const timeOfDay = z
  .string()
  .regex(
    /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/,
    "must be a time of day such as '17:00'",
  );
const localTime = checked(parseLocalTime);

/** A freeze window as written: weekly from one time of the week to another, on some days, or between two dates. */
export const freezeWindow = z
  .strictObject({
    name: z.string().min(1).max(100),
    timeZone: z
      .string()
      .max(64)
      .refine(
        isTimeZone,
        'must be a time zone of the IANA database, such as Europe/Zurich',
      ),
    weekly: z.strictObject({ from: timeOfWeek, to: timeOfWeek }).optional(),
    daily: z
      .strictObject({
        days: z.array(weekday).min(1).max(7),
        from: timeOfDay,
        to: timeOfDay,
      })
      .optional(),
    dates: z.strictObject({ from: localTime, to: localTime }).optional(),
  })
  .refine(
    ({ weekly, daily, dates }) =>
      [weekly, daily, dates].filter(Boolean).length === 1,
    'must have one of weekly, daily and dates',
  )
  .superRefine(({ dates }, context) => {
    const days = dates && lengthInDays(dates);
    if (days !== undefined && !(days > 0 && days <= MAX_DATES_DAYS)) {
      context.addIssue({
        code: 'custom',
        path: ['dates', 'to'],
        message: `must be after from, by at most ${MAX_DATES_DAYS} days`,
      });
    }
  });

/** The windows that one entry stands for: one, or one for each day of `daily`. */
export function toFreezeWindows(
  given: z.infer<typeof freezeWindow>,
): FreezeWindow[] {
  const { name, timeZone, weekly, daily, dates } = given;
  if (weekly) {
    return [{ name, timeZone, kind: 'weekly', ...weekly }];
  }
  if (dates) {
    const from = parseLocalTime(dates.from);
    return [
      {
        name,
        timeZone,
        kind: 'dates',
        from: from.toFormat(LOCAL_FORMAT),
        to: endOfDates(dates.to).toFormat(LOCAL_FORMAT),
      },
    ];
  }
  return daily!.days.map(day => {
    const next = WEEK[(WEEK.indexOf(day) + 1) % WEEK.length];
    return {
      name,
      timeZone,
      kind: 'weekly',
      from: `${day} ${daily!.from}`,
      to: `${daily!.to > daily!.from ? day : next} ${daily!.to}`,
    };
  });
}

/** Whether weekly windows leave no moment of any week open. */
export function leaveNothingOpen(windows: FreezeWindow[]): boolean {
  const weekly = windows.filter(each => each.kind === 'weekly');
  return weekly.length > 0 && nextOpen(weekly, SOME_MONDAY, 15) === undefined;
}

/** A last day counts whole. */
function endOfDates(text: string) {
  const time = parseLocalTime(text);
  return text.includes('T') ? time : time.plus({ days: 1 });
}

function lengthInDays(dates: { from: string; to: string }): number | undefined {
  try {
    return endOfDates(dates.to).diff(parseLocalTime(dates.from)).as('days');
  } catch {
    return undefined;
  }
}

function messageOf(
  check: (text: string) => unknown,
  text: string,
): string | undefined {
  try {
    check(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof FreezeWindowError)) {
      throw error;
    }
    return error.message;
  }
}
