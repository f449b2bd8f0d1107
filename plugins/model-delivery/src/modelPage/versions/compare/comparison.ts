import type {
  Measurement,
  Version,
} from '@slipway/backstage-plugin-model-delivery-common';
import { overlap, readAgainst, Reading } from '../../../components';

/** One value of one version in the comparison; null where the version has none. */
export type ComparedCell =
  | { kind: 'text'; text: string; digest?: string }
  | {
      kind: 'metric';
      measurement: Measurement;
      /** Against the first version; undefined for the first itself. */
      reading?: Reading;
      /** What the intervals say, in words. */
      words?: string;
    }
  | null;

/** One line: the same part or metric of every version. */
export interface ComparedRow {
  name: string;
  /** Of the measurements, if they are of a part of the population only. */
  slice?: Measurement['slice'];
  cells: ComparedCell[];
  /** Of each version, whether it has something else than the first. */
  changed: boolean[];
  /** Whether any of them has. */
  differs: boolean;
}

/** Lines of one kind. */
export interface ComparedGroup {
  title: string;
  kind: 'metrics' | 'parts';
  rows: ComparedRow[];
}

/**
 * Puts versions side by side, reading each against the first. Groups without a line are left out.
 * @param more - for each version, `slices`: measurements of parts of the population, and whether its numbers are
 * `comparable` with those of the first, true unless said otherwise
 */
export function compareSideBySide(
  versions: Version[],
  more: { slices?: Measurement[][]; comparable?: boolean[] } = {},
): ComparedGroup[] {
  const { slices = [], comparable = [] } = more;
  const metrics = (title: string, measured: Measurement[][]) =>
    compareMetrics(title, measured, comparable);
  const parts = (
    title: string,
    of: (version: Version) => [string, string, string?][],
  ): ComparedGroup => ({
    title,
    kind: 'parts',
    rows: toRows(
      versions.map(
        version =>
          new Map(
            of(version).map(([name, text, digest]): [string, ComparedCell] => [
              name,
              { kind: 'text', text, digest },
            ]),
          ),
      ),
    ),
  });
  return [
    metrics(
      'Metrics',
      versions.map(version => version.metrics),
    ),
    metrics(
      'By slice',
      versions.map((_, index) => slices[index] ?? []),
    ),
    metrics(
      'Training metrics',
      versions.map(version => version.trainingMetrics),
    ),
    parts('Parameters', ({ parts: { parameters } }) =>
      Object.entries(parameters),
    ),
    parts('Configuration and prompts', ({ parts: { configuration } }) =>
      configuration.map(({ name, digest }) => [name, digest, digest]),
    ),
    parts('Data', ({ parts: { data } }) =>
      data.map(({ name, version, digest }) => [name, version, digest]),
    ),
    parts('Code and model', ({ parts: { code, artifact, baseModel } }) => [
      ['Commit', code.commit],
      ...(code.repository
        ? [['Repository', code.repository] as [string, string]]
        : []),
      ...(baseModel ? [['Base model', baseModel] as [string, string]] : []),
      ['Artefact', artifact.digest, artifact.digest],
    ]),
    parts('Training', version => [['Trained by', version.trainedBy]]),
  ].filter(({ rows }) => rows.length > 0);
}

function compareMetrics(
  title: string,
  measured: Measurement[][],
  comparable: boolean[],
): ComparedGroup {
  const byKey = measured.map(
    measurements => new Map(measurements.map(each => [keyOf(each), each])),
  );
  const known = new Map(byKey.flatMap(each => [...each]));
  const rows = toRows(
    byKey.map(
      (measurements, index) =>
        new Map(
          [...measurements].map(
            ([key, measurement]): [string, ComparedCell] => {
              const other = byKey[0].get(key);
              return [
                key,
                {
                  kind: 'metric',
                  measurement,
                  ...(index > 0 &&
                    (comparable[index] === false
                      ? {
                          reading: 'not-comparable' as const,
                          words: 'not known to be measured on the same data',
                        }
                      : {
                          reading: readAgainst(measurement, other),
                          words: intervalWords(measurement, other),
                        })),
                },
              ];
            },
          ),
        ),
    ),
  );
  return {
    title,
    kind: 'metrics',
    rows: rows.map(row => {
      const { name, slice } = known.get(row.name)!;
      return { ...row, name, ...(slice && { slice }) };
    }),
  };
}

function keyOf({ name, slice }: Measurement): string {
  return JSON.stringify([name, slice?.attribute, slice?.value]);
}

/** Whether the intervals of two measurements overlap, in words. */
export function intervalWords(
  measurement: Measurement,
  other: Measurement | undefined,
): string {
  if (!other) {
    return 'the first has none';
  }
  if (!measurement.interval || !other.interval) {
    return measurement.value === other.value
      ? 'the same value'
      : 'without intervals nobody can tell';
  }
  if (measurement.interval.level !== other.interval.level) {
    return 'intervals of different confidence';
  }
  if (overlap(measurement.interval, other.interval)) {
    return 'intervals overlap';
  }
  return (measurement.higherIsBetter ?? other.higherIsBetter) === undefined
    ? 'intervals do not overlap; which is better is not told'
    : 'intervals do not overlap';
}

/** A line for every name that any version has, in the order of the first that has it. */
function toRows(columns: Map<string, ComparedCell>[]): ComparedRow[] {
  const names = new Set(columns.flatMap(column => [...column.keys()]));
  return [...names].map(name => {
    const cells = columns.map(column => column.get(name) ?? null);
    const changed = cells.map(cell => valueOf(cell) !== valueOf(cells[0]));
    return { name, cells, changed, differs: changed.includes(true) };
  });
}

function valueOf(cell: ComparedCell): string {
  if (cell === null) {
    return '';
  }
  return cell.kind === 'text'
    ? `${cell.text} ${cell.digest ?? ''}`
    : String(cell.measurement.value);
}
