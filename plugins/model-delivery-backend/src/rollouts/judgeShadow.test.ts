import { ShadowComparison } from '@slipway/backstage-plugin-model-delivery-node';
import { comparisonsNeeded, judgeShadow, watchShadow } from './judgeShadow';

const shadow = {
  share: 100,
  windowSeconds: 600,
  minimumSamples: 300,
  maxDisagreement: 0.02,
};
const direct = { steps: [], metrics: [] };
const measured = {
  steps: [],
  metrics: [
    {
      name: 'error-rate' as const,
      title: 'Error rate',
      kind: 'proportion' as const,
      unit: 'share',
      margin: 0.05,
    },
  ],
};

function compared(
  mirrored: number,
  differing: number,
  more: { skipped?: number; errors?: number } = {},
): ShadowComparison {
  const { skipped = 0, errors = 0 } = more;
  const requests = mirrored - skipped;
  return {
    mirrored,
    skipped,
    agreed: requests - differing,
    candidate: { requests, errors, latencies: [] },
    serving: { requests, errors: 0, latencies: [] },
  };
}

it.each([
  ['nothing was copied', compared(0, 0), 'inconclusive'],
  ['too few were compared', compared(299, 0), 'inconclusive'],
  ['all agree', compared(300, 0), 'pass'],
  ['as many differ as may', compared(2_000, 40), 'pass'],
  ['more differ than may, but not surely', compared(2_000, 48), 'inconclusive'],
  ['surely more differ than may', compared(2_000, 70), 'fail'],
  ['few differ, but the interval is wide', compared(300, 6), 'inconclusive'],
  [
    'most copies were left out',
    compared(1_000, 0, { skipped: 600 }),
    'inconclusive',
  ],
  [
    'most were left out and the rest differs',
    compared(1_000, 200, { skipped: 600 }),
    'fail',
  ],
])('when %s', (_, comparison, verdict) => {
  expect(judgeShadow(direct, shadow, comparison).verdict).toBe(verdict);
});

it('lets nothing differ where nothing may', () => {
  const strict = { ...shadow, maxDisagreement: 0 };
  expect(judgeShadow(direct, strict, compared(300, 0)).verdict).toBe('pass');
  expect(judgeShadow(direct, strict, compared(300, 1)).verdict).toBe('fail');
});

it('asks for as many answers as could show it, whatever the policy says', () => {
  const few = { ...shadow, minimumSamples: 5 };
  const needed = comparisonsNeeded(few);
  expect(needed).toBe(93);
  expect(judgeShadow(direct, few, compared(needed, 0)).verdict).toBe('pass');
  expect(judgeShadow(direct, few, compared(needed - 1, 0)).verdict).toBe(
    'inconclusive',
  );
});

it('is judged by the measures of the rollout too, and stopped by errors', () => {
  const bad = compared(1_000, 0, { errors: 300 });
  expect(judgeShadow(measured, shadow, bad)).toMatchObject({
    verdict: 'fail',
    explanation: expect.stringContaining('error rate is 30 % against 0 %'),
  });
  expect(watchShadow(measured, bad)?.verdict).toBe('fail');
  expect(watchShadow(measured, compared(1_000, 0))).toBeUndefined();
  expect(judgeShadow(measured, shadow, compared(1_000, 0)).verdict).toBe(
    'pass',
  );
});
