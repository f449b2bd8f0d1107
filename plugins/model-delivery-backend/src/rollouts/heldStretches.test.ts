import {
  RandomSource,
  seededRandom,
  watchProportion,
} from '@slipway/canary-analysis';
import { heldStretches } from './heldStretches';

jest.setTimeout(300_000);

const SINCE = new Date('2026-11-22T09:00:00Z');
const HOUR = 3_600;
const MARGIN = 0.01;
/** Seconds between two looks at a window of that length. */
const INTERVAL = 10;
const WINDOW = 15 * 60;
/** Share of the candidate. */
const SHARE = 0.05;

const after = (seconds: number) => new Date(SINCE.getTime() + seconds * 1000);
const stretchesAt = (seconds: number, windowSeconds = WINDOW) =>
  heldStretches(
    {
      stepIndex: 0,
      plan: {
        strategy: 'canary',
        metrics: [
          {
            name: 'error-rate',
            title: 'Error rate',
            kind: 'proportion',
            unit: 'share',
            margin: MARGIN,
          },
        ],
        steps: [{ share: 5, windowSeconds, minimumSamples: 1 }],
      },
    },
    SINCE,
    after(seconds),
  ).map(({ from, level }) => ({
    from: (from.getTime() - SINCE.getTime()) / 1000,
    level,
  }));

/** Looks at most that a stretch goes back. */
const LONGEST = (2 * WINDOW) / INTERVAL;
const LOOKS_A_DAY = (24 * HOUR) / INTERVAL;
const STRETCHES = Array.from({ length: LOOKS_A_DAY + 1 }, (_, look) =>
  stretchesAt(look * INTERVAL),
);

/** Errors of a version up to each look, which has so many answers between two of them. */
function errorsUpTo(
  random: RandomSource,
  looks: number,
  answers: number,
  rateAt: (look: number) => number,
): Float64Array {
  const errors = new Float64Array(looks + 1);
  for (let look = 1; look <= looks; look++) {
    const rate = rateAt(look);
    let count = 0;
    // Straight from one error to the next
    let at = Math.log(1 - random()) / Math.log(1 - rate);
    while (at < answers) {
      count += 1;
      at += 1 + Math.floor(Math.log(1 - random()) / Math.log(1 - rate));
    }
    errors[look] = errors[look - 1] + count;
  }
  return errors;
}

/** At which look of a hold the candidate fails; undefined when it never does. */
function firstFailure(
  random: RandomSource,
  hold: {
    looks: number;
    answers: number;
    control: number;
    candidate: (look: number) => number;
    /** Before which look nothing happened that is looked at any more. */
    start?: number;
  },
): number | undefined {
  const { looks, answers, start = 0 } = hold;
  const beside = Math.round((answers * (1 - SHARE)) / SHARE);
  const bad = errorsUpTo(random, looks - start, answers, look =>
    hold.candidate(look + start),
  );
  const good = errorsUpTo(random, looks - start, beside, () => hold.control);
  const first = start === 0 ? 1 : start + LONGEST;
  for (let look = first; look <= looks; look++) {
    for (const { from, level } of STRETCHES[look]) {
      const count = look - from / INTERVAL;
      const candidate = {
        count: bad[look - start] - bad[look - start - count],
        samples: answers * count,
      };
      const control = {
        count: good[look - start] - good[look - start - count],
        samples: beside * count,
      };
      if (
        mayFail(candidate, control, level) &&
        watchProportion({ control, candidate, margin: MARGIN, level })
          .verdict === 'fail'
      ) {
        return look;
      }
    }
  }
  return undefined;
}

type Side = { count: number; samples: number };

/** Whether it can be beyond the margin at all: the test is never surer than if the control's rate were known. */
function mayFail(candidate: Side, control: Side, level: number): boolean {
  const seen = candidate.count / candidate.samples;
  const allowed = control.count / control.samples + MARGIN;
  if (seen <= allowed) {
    return false;
  }
  const divergence =
    seen * Math.log(seen / allowed) +
    (1 - seen) * Math.log((1 - seen) / (1 - allowed));
  return seen === 1 || candidate.samples * divergence > -Math.log(1 - level);
}

it('looks at the last interval, the last window and what lies between', () => {
  expect(stretchesAt(9.9)).toEqual([]);
  expect(stretchesAt(10).map(({ from }) => from)).toEqual([0]);
  expect(stretchesAt(30).map(({ from }) => from)).toEqual([20, 0]);
  expect(stretchesAt(24 * HOUR).map(({ from }) => from)).toEqual([
    86_390, 86_320, 85_760, 85_500,
  ]);
});

it('has no more false alarms in a day, by all of its tests together, than one test of that level', () => {
  const begun = new Map<number, number>();
  for (const stretches of STRETCHES) {
    for (const { from, level } of stretches) {
      begun.set(from, Math.max(begun.get(from) ?? 0, 1 - level));
    }
  }
  const chances = [...begun.values()].reduce((sum, each) => sum + each, 0);
  expect(chances).toBeLessThanOrEqual(0.0501);
});

it('takes back none of 1,000 versions as good as their control that are held for 24 hours', () => {
  const random = seededRandom(20261122);
  let alarms = 0;
  for (let i = 0; i < 1_000; i++) {
    const failed = firstFailure(random, {
      looks: LOOKS_A_DAY,
      answers: 28,
      control: 0.01,
      candidate: () => 0.01,
    });
    alarms += failed === undefined ? 0 : 1;
  }
  expect(alarms).toBe(0);
});

it('sees an error rate that doubles after 20 hours as soon as the answers suffice', () => {
  const random = seededRandom(20261123);
  const begins = (20 * HOUR) / INTERVAL;
  const looksAfter = [
    [100, 400],
    [2_000, 20],
  ].map(([answers, looks]) => {
    const delays: number[] = [];
    for (let i = 0; i < 100; i++) {
      const failed = firstFailure(random, {
        looks: begins + looks,
        answers,
        control: 0.02,
        candidate: look => (look > begins ? 0.04 : 0.02),
        start: begins - LONGEST,
      });
      delays.push((failed ?? Infinity) - begins);
    }
    delays.sort((a, b) => a - b);
    return [delays[50], delays[95]].map(each => each * answers);
  });
  // Half of the changes, and 95 of 100, are seen after so many answers of the candidate since
  expect(looksAfter).toEqual([
    [12_900, 26_500],
    [16_000, 24_000],
  ]);
});
