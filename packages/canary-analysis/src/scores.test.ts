import fc from 'fast-check';
import {
  fewestSamplesForDistance,
  judgeKolmogorovSmirnov,
  judgePopulationStability,
  judgeShift,
  Judgement,
  JudgementVerdict,
  kolmogorovSmirnov,
  populationStability,
  RandomSource,
  seededRandom,
} from './index';

const rule = { margin: 0.1, minimumSamples: 100 };
const judges = {
  shift: judgeShift,
  distance: judgeKolmogorovSmirnov,
  stability: judgePopulationStability,
};
type Sides = { control: number[]; candidate: number[] };
const judgeAll = (sides: Sides, options = rule): Record<string, Judgement> =>
  Object.fromEntries(
    Object.entries(judges).map(([name, judge]) => [
      name,
      judge({ ...options, ...sides }),
    ]),
  );
const verdictsOf = (judgements: Record<string, Judgement>) =>
  Object.values(judgements).map(({ verdict }) => verdict);

const normal = (random: RandomSource) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const drawn = (
  count: number,
  seed: number,
  draw: (random: RandomSource) => number,
) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => draw(random));
};
/** Probabilities as a classifier gives them: logistic of a normal score. */
const probability =
  (shift = 0, spread = 1) =>
  (random: RandomSource) =>
    1 / (1 + Math.exp(1.5 - shift - spread * normal(random)));

const control = drawn(3000, 1, probability());

describe('scores of candidate and control', () => {
  it('pass where both come from the same', () => {
    const same = { control, candidate: drawn(3000, 2, probability()) };
    const judged = judgeAll(same);
    expect(verdictsOf(judged)).toEqual(['pass', 'pass', 'pass']);
    expect(judged.distance.difference!.estimate).toBe(
      kolmogorovSmirnov(same.control, same.candidate).statistic,
    );
    const { index, expectedByChance } = populationStability(
      same.control,
      same.candidate,
    );
    expect(judged.stability.difference!.estimate).toBeCloseTo(
      Math.max(0, index - expectedByChance),
      12,
    );
    expect(judged.shift.control).toEqual({
      value: expect.closeTo(0.186, 3),
      samples: 3000,
    });
  });

  it.each([0.8, -0.8])('fail when all of them move by %d', shift => {
    const judged = judgeAll({
      control,
      candidate: drawn(3000, 2, probability(shift)),
    });
    expect(verdictsOf(judged)).toEqual(['fail', 'fail', 'fail']);
    expect(Math.sign(judged.shift.difference!.estimate)).toBe(Math.sign(shift));
  });

  it('fail when they spread to both sides, which a shift does not see', () => {
    const judged = judgeAll({
      control: drawn(3000, 1, normal),
      candidate: drawn(3000, 2, random => 2 * normal(random)),
    });
    expect(verdictsOf(judged)).toEqual(['pass', 'fail', 'fail']);
  });

  it('are measured by the spread of the control, in whatever unit they come', () => {
    const pounds = drawn(2000, 3, random => 250_000 + 40_000 * normal(random));
    const dearer = pounds.map(each => each + 10_000);
    const { difference } = judgeShift({
      control: pounds,
      candidate: dearer,
      ...rule,
    });
    // The middle half of a normal distribution is 1.349 standard deviations wide
    expect(difference!.estimate).toBeCloseTo(10_000 / (1.349 * 40_000), 1);
    const cents = (values: number[]) => values.map(each => each * 100);
    expect(
      judgeShift({ control: cents(pounds), candidate: cents(dearer), ...rule })
        .difference!.estimate,
    ).toBeCloseTo(difference!.estimate, 9);
  });

  it('never pass without values, with too few, or where they never vary', () => {
    const constant = Array(3000).fill(0.4);
    const unclear = (sides: Sides, options = rule) =>
      Object.values(judgeAll(sides, options)).map(
        ({ verdict, reason }) => `${verdict}: ${reason}`,
      );
    const all = (reason: string) => Array(3).fill(`inconclusive: ${reason}`);
    expect(unclear({ control, candidate: [] })).toEqual(all('no-signal'));
    expect(unclear({ control: [], candidate: control })).toEqual(
      all('no-signal'),
    );
    expect(unclear({ control, candidate: control.slice(0, 99) })).toEqual(
      all('too-few-samples'),
    );
    expect(unclear({ control: constant, candidate: constant })).toEqual(
      all('constant-series'),
    );
    // A model that says the same whatever it is asked
    expect(
      verdictsOf(judgeAll({ control, candidate: constant })),
    ).not.toContain('pass');
    expect(
      judgePopulationStability({
        control,
        candidate: control.slice(0, 50),
        margin: 0.1,
        minimumSamples: 10,
      }).reason,
    ).toBe('too-few-samples');
  });

  it('do not pass as unshifted where ties hide that they moved', () => {
    const labels = (share: number) =>
      Array.from({ length: 2000 }, (_, i) => (i < share * 2000 ? 1 : 0));
    const sides = { control: labels(0.3), candidate: labels(0.45) };
    expect(judgeShift({ ...sides, ...rule })).toMatchObject({
      verdict: 'inconclusive',
      difference: { estimate: 0, low: 0, high: 0 },
    });
    expect(judgeKolmogorovSmirnov({ ...sides, ...rule }).verdict).toBe('fail');
    expect(
      judgeShift({ control: labels(0.3), candidate: labels(0.3), ...rule })
        .verdict,
    ).toBe('pass');
  });

  it('refuse what is no number', () => {
    for (const judge of Object.values(judges)) {
      expect(() => judge({ control, candidate: [NaN], ...rule })).toThrow(
        'Every value must be a finite number',
      );
      expect(() =>
        judge({ control, candidate: control, ...rule, margin: 0 }),
      ).toThrow('A margin must be a finite number above 0');
    }
  });

  it('never pass by a narrower margin what fails by a wider one', () => {
    const side = fc.array(fc.integer({ min: 0, max: 30 }), {
      minLength: 1,
      maxLength: 300,
    });
    const rank: Record<JudgementVerdict, number> = {
      fail: 0,
      inconclusive: 1,
      pass: 2,
    };
    fc.assert(
      fc.property(
        side,
        side,
        fc.double({ min: 0.02, max: 1, noNaN: true }),
        (one, other, margin) => {
          const sides = { control: one, candidate: other };
          const at = (each: number) =>
            verdictsOf(
              judgeAll(sides, { margin: each, minimumSamples: 20 }),
            ).map(verdict => rank[verdict]);
          const wider = at(margin * 2);
          at(margin).forEach((narrow, i) =>
            expect(narrow).toBeLessThanOrEqual(wider[i]),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('can pass by their distance from so many samples on', () => {
    expect(fewestSamplesForDistance({ margin: 0.1 })).toBe(47);
    const steady = Array.from({ length: 100_000 }, (_, i) => i / 100_000);
    const judge = (count: number) =>
      judgeKolmogorovSmirnov({
        control: steady,
        // As close to it as so few can be
        candidate: Array.from({ length: count }, (_, i) => (i + 0.5) / count),
        margin: 0.1,
        minimumSamples: 1,
      }).verdict;
    expect([judge(60), judge(46)]).toEqual(['pass', 'inconclusive']);
  });
});

describe('how often scores are judged right, margin 0.1, 2,000 trials', () => {
  const rates = (
    judge: (typeof judges)[keyof typeof judges],
    [many, few]: [number, number],
    draw: (random: RandomSource) => number,
  ) => {
    const random = seededRandom(20261122);
    const take = (count: number, from: (random: RandomSource) => number) =>
      Array.from({ length: count }, () => from(random));
    const counts = { pass: 0, fail: 0, inconclusive: 0 };
    for (let i = 0; i < 2000; i++) {
      const { verdict } = judge({
        control: take(many, normal),
        candidate: take(few, draw),
        ...rule,
      });
      counts[verdict] += 1;
    }
    return Object.values(counts).map(n => Math.round((1000 * n) / 2000) / 10);
  };

  it.each<
    [keyof typeof judges, number, [number, number], [number, number, number]]
  >([
    // judge, shift in standard deviations, control and candidate: pass, fail, inconclusive
    ['shift', 0, [2500, 500], [81.9, 1.1, 17.1]],
    ['shift', 0.27, [2500, 500], [0, 99.5, 0.6]],
    ['distance', 0, [1000, 250], [96.3, 2.6, 1.2]],
    ['distance', 0.51, [1000, 250], [0, 100, 0]],
    ['stability', 0, [1000, 250], [97.5, 0, 2.5]],
    ['stability', 0.46, [1000, 250], [0.2, 95, 4.8]],
  ])('%s, moved by %d, samples %j', (name, shift, samples, measured) => {
    expect(
      rates(judges[name], samples, random => shift + normal(random)),
    ).toEqual(measured);
  });
});
