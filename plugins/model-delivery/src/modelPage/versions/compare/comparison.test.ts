import type {
  Measurement,
  Version,
} from '@slipway/backstage-plugin-model-delivery-common';
import { compareSideBySide, ComparedCell } from './comparison';

const f1 = (value: number, width?: number): Measurement => ({
  name: 'f1',
  value,
  higherIsBetter: true,
  ...(width !== undefined && {
    interval: { low: value - width, high: value + width, level: 0.95 },
  }),
});

function version(
  name: string,
  options: {
    metrics?: Measurement[];
    parameters?: Record<string, string>;
    configuration?: { name: string; digest: string }[];
  } = {},
): Version {
  return {
    version: name,
    parts: {
      code: { commit: 'c0ffee1' },
      data: [{ name: 'resource:default/loans', version: '2026-10' }],
      artifact: { digest: `sha256:${'1'.repeat(64)}` },
      configuration: options.configuration ?? [],
      parameters: options.parameters ?? {},
      trainedBy: 'user:default/dana',
    },
    trainedBy: 'user:default/dana',
    metrics: options.metrics ?? [],
    trainingMetrics: [],
  } as unknown as Version;
}

/** A line of the comparison. */
function line(versions: Version[], group: string, name: string) {
  return compareSideBySide(versions)
    .find(({ title }) => title === group)!
    .rows.find(row => row.name === name)!;
}

const said = (cell: ComparedCell) =>
  cell?.kind === 'metric' ? [cell.reading, cell.words] : cell?.text;

it('reads metrics against the first version, and says what the intervals do', () => {
  const { cells, differs } = line(
    [
      version('1', { metrics: [f1(0.8, 0.01)] }),
      version('2', { metrics: [f1(0.9, 0.01)] }),
      version('3', { metrics: [f1(0.805, 0.01)] }),
      version('4', { metrics: [f1(0.9)] }),
    ],
    'Metrics',
    'f1',
  );
  expect(differs).toBe(true);
  expect(cells.map(said)).toEqual([
    [undefined, undefined],
    ['better', 'intervals do not overlap'],
    ['no-difference', 'intervals overlap'],
    ['not-comparable', 'without intervals nobody can tell'],
  ]);
});

it('has a line for what any version has, and none where another lacks it', () => {
  const versions = [
    version('1', { parameters: { depth: '4' } }),
    version('2', {
      parameters: { depth: '4', rate: '0.1' },
      metrics: [f1(0.9, 0.01)],
      configuration: [{ name: 'prompt', digest: 'p2' }],
    }),
  ];
  expect(line(versions, 'Parameters', 'depth').differs).toBe(false);
  const rate = line(versions, 'Parameters', 'rate');
  expect(rate.differs).toBe(true);
  expect(rate.cells.map(said)).toEqual([undefined, '0.1']);
  const { cells } = line(versions, 'Metrics', 'f1');
  expect(cells.map(said)).toEqual([
    undefined,
    ['not-comparable', 'the first has none'],
  ]);
  expect(
    line(versions, 'Configuration and prompts', 'prompt').cells.map(said),
  ).toEqual([undefined, 'p2']);
});

it('leaves out what no version has', () => {
  expect(
    compareSideBySide([version('1'), version('2')]).map(({ title }) => title),
  ).toEqual(['Data', 'Code and model', 'Training']);
});

it('marks a part of the same name and version whose digest is another one', () => {
  const withData = (name: string, digest: string) => {
    const made = version(name);
    made.parts.data = [{ name: 'loans', version: '2026-10', digest }];
    return made;
  };
  const versions = [
    withData('1', 'd1'),
    withData('2', 'd2'),
    withData('3', 'd1'),
  ];
  expect(line(versions, 'Data', 'loans').changed).toEqual([false, true, false]);
});

it('reads slices against those of the first version', () => {
  const slice = (value: string, measured: Measurement): Measurement => ({
    ...measured,
    slice: { attribute: 'age', value },
  });
  const rows = compareSideBySide([version('1'), version('2')], {
    slices: [
      [slice('young', f1(0.8, 0.01))],
      [slice('young', f1(0.7, 0.01)), slice('old', f1(0.9, 0.01))],
    ],
  }).find(({ title }) => title === 'By slice')!.rows;
  expect(
    rows.map(({ name, slice: of, cells }) => [name, of?.value, said(cells[1])]),
  ).toEqual([
    ['f1', 'young', ['worse', 'intervals do not overlap']],
    ['f1', 'old', ['not-comparable', 'the first has none']],
  ]);
});

it('reads nothing from numbers of other data', () => {
  const [, other] = compareSideBySide(
    [
      version('1', { metrics: [f1(0.8, 0.01)] }),
      version('2', { metrics: [f1(0.9, 0.01)] }),
    ],
    { comparable: [true, false] },
  )[0].rows[0].cells;
  expect(said(other)).toEqual([
    'not-comparable',
    'not known to be measured on the same data',
  ]);
});
