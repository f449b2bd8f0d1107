import { planText } from './planText';

const steps = (...shares: number[]) =>
  shares.map(share => ({ share, windowSeconds: 60, minimumSamples: 100 }));

describe('A rollout plan in a few words', () => {
  it.each([
    [
      { strategy: 'canary', steps: steps(5, 50, 100) } as const,
      'Canary 5, 50, 100 %',
    ],
    [
      { strategy: 'direct', steps: steps(100), adoptedShare: 100 } as const,
      'Adopt the 100 % it has, nothing moves',
    ],
    [
      { strategy: 'canary', steps: steps(30, 100), adoptedShare: 30 } as const,
      'Adopt the 30 % it has, then 100 %',
    ],
  ])('says of %j: %s', (plan, words) => {
    expect(planText({ ...plan, metrics: [] })).toBe(words);
  });
});
