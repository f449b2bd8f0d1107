import { FreezeWindow } from '@slipway/backstage-plugin-model-delivery-common';
import { parseLocalTime, weeklySpan, WEEK_MINUTES } from '../freezeWindows';
import { Finding } from './findings';
import { isContained, NumberSet, unite } from './intervals';

/**
 * What makes freeze windows looser than those they have to cover. Decided within one time zone, weekly windows against
 * weekly ones and dates against dates; anything else has to be there as it is.
 */
export function compareWindows(
  stricter: readonly FreezeWindow[],
  looser: readonly FreezeWindow[],
): Finding[] {
  return looser.flatMap(window => {
    const comparable = stricter.filter(
      each => each.kind === window.kind && each.timeZone === window.timeZone,
    );
    const covered = comparable.map(spansOf).reduce(unite, []);
    if (isContained(spansOf(window), covered)) {
      return [];
    }
    const elsewhere = stricter.some(
      each => each.kind === window.kind && each.timeZone !== window.timeZone,
    );
    return [
      {
        at: 'freeze windows',
        what: `leave open some of '${window.name}', ${window.from} to ${
          window.to
        } ${window.timeZone}${
          elsewhere
            ? '; windows in other time zones cannot be compared, so use this one'
            : ''
        }`,
      },
    ];
  });
}

/** The stretches of a window, in minutes of the week or of all time, as its clocks show them. */
function spansOf(window: FreezeWindow): NumberSet {
  const span = (low: number, high: number) => ({
    low,
    high,
    includesLow: true,
    includesHigh: false,
  });
  if (window.kind === 'dates') {
    return [
      span(
        parseLocalTime(window.from).toMillis(),
        parseLocalTime(window.to).toMillis(),
      ),
    ];
  }
  const { from, to } = weeklySpan(window);
  return to <= WEEK_MINUTES
    ? [span(from, to)]
    : unite([span(from, WEEK_MINUTES)], [span(0, to - WEEK_MINUTES)]);
}
