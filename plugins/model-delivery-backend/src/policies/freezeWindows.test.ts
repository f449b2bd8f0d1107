import { FreezeWindow } from '@slipway/backstage-plugin-model-delivery-common';
import fc from 'fast-check';
import { isFrozen, nextOpen } from './freezeWindows';
import {
  freezeWindow,
  leaveNothingOpen,
  toFreezeWindows,
} from './freezeWindowSchema';

const zurich = 'Europe/Zurich';
const weekly = (from: string, to: string, timeZone = zurich): FreezeWindow => ({
  name: `${from} to ${to}`,
  timeZone,
  kind: 'weekly',
  from,
  to,
});
const dates = (from: string, to: string, timeZone = zurich): FreezeWindow => ({
  name: `${from} to ${to}`,
  timeZone,
  kind: 'dates',
  from,
  to,
});
const at = (iso: string) => new Date(iso);
const opens = (windows: FreezeWindow[], iso: string) =>
  nextOpen(windows, at(iso))?.toISOString();

describe('a freeze window', () => {
  const weekend = weekly('fri 17:00', 'mon 08:00');

  it('comes back each week, from its start to just before its end', () => {
    expect(isFrozen([weekend], at('2026-11-20T15:59:59Z'))).toBeUndefined();
    expect(isFrozen([weekend], at('2026-11-20T16:00:00Z'))).toBe(weekend);
    expect(isFrozen([weekend], at('2026-11-23T06:59:59Z'))).toBe(weekend);
    expect(isFrozen([weekend], at('2026-11-23T07:00:00Z'))).toBeUndefined();
    expect(opens([weekend], '2026-11-21T12:00:00Z')).toBe(
      '2026-11-23T07:00:00.000Z',
    );
    expect(opens([weekend], '2026-11-18T12:00:00Z')).toBe(
      '2026-11-18T12:00:00.000Z',
    );
  });

  it('follows the clocks when summer time begins and ends within it', () => {
    // Zurich: UTC+1 before 29 March 2026 and after 25 October 2026, UTC+2 between
    expect(opens([weekend], '2026-03-28T12:00:00Z')).toBe(
      '2026-03-30T06:00:00.000Z',
    );
    expect(opens([weekend], '2026-10-24T12:00:00Z')).toBe(
      '2026-10-26T07:00:00.000Z',
    );
  });

  it('that starts in the hour that is skipped starts with the change', () => {
    const night = weekly('sun 02:30', 'sun 05:00');
    expect(isFrozen([night], at('2026-03-29T00:59:59Z'))).toBeUndefined();
    expect(isFrozen([night], at('2026-03-29T01:00:00Z'))).toBe(night);
    expect(opens([night], '2026-03-29T01:00:00Z')).toBe(
      '2026-03-29T03:00:00.000Z',
    );
  });

  it('that ends in the hour that is skipped ends with the change', () => {
    const night = weekly('sat 23:00', 'sun 02:30');
    expect(opens([night], '2026-03-29T00:30:00Z')).toBe(
      '2026-03-29T01:00:00.000Z',
    );
  });

  it('that ends in the hour that comes twice ends in the second', () => {
    const night = weekly('sat 23:00', 'sun 02:30');
    expect(isFrozen([night], at('2026-10-25T00:45:00Z'))).toBe(night);
    expect(opens([night], '2026-10-25T00:10:00Z')).toBe(
      '2026-10-25T01:30:00.000Z',
    );
  });

  it('that starts in the hour that comes twice starts in the first', () => {
    const night = weekly('sun 02:30', 'sun 05:00');
    expect(isFrozen([night], at('2026-10-25T00:29:59Z'))).toBeUndefined();
    expect(isFrozen([night], at('2026-10-25T00:30:00Z'))).toBe(night);
    expect(isFrozen([night], at('2026-10-25T01:10:00Z'))).toBe(night);
  });

  it('knows zones whose clocks change by half an hour, and the southern half of the year', () => {
    // Lord Howe: UTC+11 in summer, UTC+10:30 from 5 April 2026
    const night = weekly('sun 01:45', 'sun 03:00', 'Australia/Lord_Howe');
    expect(isFrozen([night], at('2026-04-04T14:45:00Z'))).toBe(night);
    expect(isFrozen([night], at('2026-04-04T14:44:59Z'))).toBeUndefined();
    expect(opens([night], '2026-04-04T14:50:00Z')).toBe(
      '2026-04-04T16:30:00.000Z',
    );
  });

  it('between dates lasts to the end of the last one', () => {
    const [window] = toFreezeWindows(
      freezeWindow.parse({
        name: 'Year end',
        timeZone: 'America/New_York',
        dates: { from: '2026-12-20', to: '2027-01-03' },
      }),
    );
    expect(isFrozen([window], at('2026-12-20T04:59:59Z'))).toBeUndefined();
    expect(isFrozen([window], at('2026-12-20T05:00:00Z'))).toBe(window);
    expect(opens([window], '2026-12-25T00:00:00Z')).toBe(
      '2027-01-04T05:00:00.000Z',
    );
  });

  it('that follows on another one keeps closed', () => {
    expect(
      opens(
        [weekend, dates('2026-11-23T06:00', '2026-11-23T12:00')],
        '2026-11-21T12:00:00Z',
      ),
    ).toBe('2026-11-23T11:00:00.000Z');
  });

  it('on some days may go past midnight', () => {
    const windows = toFreezeWindows(
      freezeWindow.parse({
        name: 'Nights',
        timeZone: zurich,
        daily: { days: ['mon', 'sun'], from: '22:00', to: '06:00' },
      }),
    );
    expect(windows.map(({ from, to }) => [from, to])).toEqual([
      ['mon 22:00', 'tue 06:00'],
      ['sun 22:00', 'mon 06:00'],
    ]);
    expect(isFrozen(windows, at('2026-11-23T04:00:00Z'))).toBe(windows[1]);
  });

  it('may not close the whole week, or for more than a year', () => {
    expect(leaveNothingOpen([weekly('mon 00:00', 'sun 24:00')])).toBe(true);
    expect(leaveNothingOpen([weekly('mon 00:00', 'mon 00:00')])).toBe(true);
    expect(
      leaveNothingOpen([
        weekly('mon 00:00', 'thu 12:00'),
        weekly('thu 06:00', 'mon 04:00', 'America/New_York'),
      ]),
    ).toBe(true);
    expect(leaveNothingOpen([weekend])).toBe(false);
    const errors = (given: object) =>
      freezeWindow
        .safeParse({ name: 'x', timeZone: zurich, ...given })
        .error?.issues.map(each => each.message);
    expect(errors({ dates: { from: '2026-01-01', to: '2029-01-01' } })).toEqual(
      ['must be after from, by at most 366 days'],
    );
    expect(errors({ dates: { from: '2026-02-30', to: '2026-03-01' } })).toEqual(
      ["'2026-02-30' is not a date such as 2026-12-20 or 2026-12-20T18:00"],
    );
    expect(errors({ weekly: { from: 'fri 17:00', to: 'moon 8' } })).toEqual([
      "'moon 8' is not a time of the week such as 'fri 17:00'",
    ]);
    expect(
      errors({
        timeZone: 'Europe/Atlantis',
        weekly: { from: 'fri 17:00', to: 'mon 08:00' },
      }),
    ).toEqual([
      'must be a time zone of the IANA database, such as Europe/Zurich',
    ]);
    expect(errors({})).toEqual(['must have one of weekly, daily and dates']);
  });

  it('opens at a moment that is open, with nothing open before it', () => {
    const day = fc.constantFrom(
      'mon',
      'tue',
      'wed',
      'thu',
      'fri',
      'sat',
      'sun',
    );
    const time = fc
      .tuple(day, fc.nat(23), fc.constantFrom('00', '15', '30'))
      .map(
        ([name, hour, minute]) =>
          `${name} ${String(hour).padStart(2, '0')}:${minute}`,
      );
    const zone = fc.constantFrom(
      zurich,
      'America/New_York',
      'Asia/Tehran',
      'Australia/Lord_Howe',
      'Pacific/Apia',
    );
    const window = fc
      .tuple(time, time, zone)
      .filter(([from, to]) => from !== to)
      .map(([from, to, timeZone]) => weekly(from, to, timeZone));
    fc.assert(
      fc.property(
        fc.array(window, { minLength: 1, maxLength: 3 }),
        fc.date({
          min: new Date('2026-01-01'),
          max: new Date('2027-12-31'),
          noInvalidDate: true,
        }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (windows, instant, part) => {
          const open = nextOpen(windows, instant);
          if (!open) {
            return;
          }
          expect(isFrozen(windows, open)).toBeUndefined();
          const waited = open.getTime() - instant.getTime();
          expect(waited).toBeGreaterThanOrEqual(0);
          const before = instant.getTime() + Math.floor(part * (waited - 1));
          expect(
            waited === 0 || isFrozen(windows, new Date(before)) !== undefined,
          ).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });
});
