import {
  MetricsSource,
  VersionSignals,
} from '@slipway/backstage-plugin-model-delivery-node';
import { readStepSignals } from './readStepSignals';
import { StepRecord } from './stepStore';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 9, minute));
const step = (index: number, share: number): StepRecord => ({
  index,
  share,
  windowSeconds: 600,
  minimumSamples: 250,
  state: 'running',
  startedAt: at(10 * index),
  endsAt: at(10 * index + 10),
  judgedAt: index < 2 ? at(10 * index + 10) : null,
  samples: null,
  analysis: [],
  attempt: 1,
});
const target = { model: 'model:default/fraud', environment: 'production' };
const steps = [step(0, 5), step(1, 50), step(2, 100)];

const sourceThat = (
  read: (options: {
    version: string;
    from: Date;
    to: Date;
  }) => Promise<VersionSignals>,
): MetricsSource => ({
  id: 'prometheus',
  watches: async () => true,
  read,
  readSeries: async () => [],
});

const reads = async (of: StepRecord[], index: number, to: Date) => {
  const asked: unknown[] = [];
  await readStepSignals(
    sourceThat(async ({ version, from, to: until }) => {
      asked.push([version, from, until]);
      return { requests: 1, errors: 0, latencies: [5] };
    }),
    { target, candidate: 'v2', control: 'v1', steps: of, index, to },
  );
  return asked;
};

const readWith = (source: MetricsSource, index: number, to: Date) =>
  readStepSignals(source, {
    target,
    candidate: 'v2',
    control: 'v1',
    steps,
    index,
    to,
  });

it('compares full traffic with what the control did when it had most of it', async () => {
  const asked: unknown[] = [];
  const source = sourceThat(async ({ version, from, to }) => {
    asked.push([version, from, to]);
    return { requests: 1, errors: 0, latencies: [5] };
  });
  await readWith(source, 0, at(4));
  await readWith(source, 1, at(14));
  await readWith(source, 2, at(24));
  expect(asked).toEqual([
    ['v2', at(0), at(4)],
    ['v1', at(0), at(4)],
    ['v2', at(10), at(14)],
    ['v1', at(10), at(14)],
    ['v2', at(20), at(24)],
    ['v1', at(0), at(10)],
  ]);
});

it('compares full traffic with a step that was judged, and without one with what the control did until then', async () => {
  const skip = (minute: number) => ({
    state: 'skipped' as const,
    judgedAt: null,
    skip: { by: 'user:default/tess', at: at(minute), reason: 'Enough' },
  });
  const first = { ...steps[0], ...skip(3) };
  expect(await reads([first, steps[1], steps[2]], 2, at(24))).toContainEqual([
    'v1',
    at(10),
    at(20),
  ]);
  const second = { ...steps[1], ...skip(14) };
  const windows = await reads([first, second, steps[2]], 2, at(24));
  // One window, and ten where that has too few requests
  expect(windows).toEqual(
    expect.arrayContaining([
      ['v1', at(10), at(20)],
      ['v1', at(-80), at(20)],
    ]),
  );
});
