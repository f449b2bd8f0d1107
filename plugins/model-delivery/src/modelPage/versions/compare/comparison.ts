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

/** Puts versions side by side, reading each against the first. Groups without a line are left out. */
export function compareSideBySide(versions: Version[]): ComparedGroup[] {
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
    metrics('Metrics', versions, version => version.metrics),
    metrics('Training metrics', versions, version => version.trainingMetrics),
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

function metrics(
  title: string,
  versions: Version[],
  of: (version: Version) => Measurement[],
): ComparedGroup {
  const first = new Map(of(versions[0]).map(each => [each.name, each]));
  return {
    title,
    kind: 'metrics',
    rows: toRows(
      versions.map(
        (version, index) =>
          new Map(
            of(version).map((measurement): [string, ComparedCell] => {
              const other = first.get(measurement.name);
              return [
                measurement.name,
                {
                  kind: 'metric',
                  measurement,
                  ...(index > 0 && {
                    reading: readAgainst(measurement, other),
                    words: intervalWords(measurement, other),
                  }),
                },
              ];
            }),
          ),
      ),
    ),
  };
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
  return overlap(measurement.interval, other.interval)
    ? 'intervals overlap'
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
