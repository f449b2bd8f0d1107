import type {
  MetricHistories,
  Version,
} from '@slipway/backstage-plugin-model-delivery-common';
import type { LinePoint } from '../../../charts';

/** Histories of one version. */
export interface VersionHistories {
  version: string;
  histories: MetricHistories;
}

/** How one metric of several versions went. */
export interface Curve {
  metric: string;
  /** What lies along the axis: steps as logged, or minutes since the first value where all have one step. */
  along: 'steps' | 'minutes';
  lines: { version: string; points: LinePoint[]; sampled: boolean }[];
  /** Versions of which nothing, or only a last value, was logged. */
  without: string[];
}

const MINUTE_MS = 60_000;

/** The metrics that registries keep of versions, those of most versions first. */
export function registryMetrics(versions: Version[]): string[] {
  const counts = new Map<string, number>();
  versions.forEach(({ registry }) =>
    Object.keys(registry?.metrics ?? {}).forEach(name =>
      counts.set(name, (counts.get(name) ?? 0) + 1),
    ),
  );
  return [...counts.keys()].sort(
    (a, b) => counts.get(b)! - counts.get(a)! || a.localeCompare(b),
  );
}

/** The curve of a metric; undefined when no version has more than one value of it. */
export function curveOf(
  metric: string,
  told: VersionHistories[],
): Curve | undefined {
  const found = told.map(({ version, histories }) => ({
    version,
    history: histories.items.find(each => each.metric === metric),
  }));
  const drawn = found.flatMap(({ version, history }) =>
    history && history.points.length > 1 ? [{ version, history }] : [],
  );
  if (drawn.length === 0) {
    return undefined;
  }
  const along = drawn.some(({ history: { points } }) =>
    points.some(({ step }) => step !== points[0].step),
  )
    ? 'steps'
    : 'minutes';
  return {
    metric,
    along,
    lines: drawn.map(({ version, history: { points, sampled } }) => ({
      version,
      sampled,
      points: points.map(point => ({
        x:
          along === 'steps'
            ? point.step
            : (Date.parse(point.at) - Date.parse(points[0].at)) / MINUTE_MS,
        y: point.value,
      })),
    })),
    without: found.flatMap(({ version, history }) =>
      history && history.points.length > 1 ? [] : [version],
    ),
  };
}

/** Round ticks around what is drawn, three to seven of them, and the digits that tell them apart. */
export function ticksAround(values: number[]): {
  ticks: number[];
  digits: number;
} {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const rough = (high - low || Math.abs(high) || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find(one => one * power >= rough * 0.999)!;
  const step = factor * power;
  const from = Math.floor(low / step + 1e-9);
  const to = Math.max(Math.ceil(high / step - 1e-9), from + 1);
  return {
    ticks: Array.from(
      { length: to - from + 1 },
      (_, index) => (from + index) * step,
    ),
    digits: Math.min(
      20,
      Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) +
        (factor === 2.5 ? 1 : 0),
    ),
  };
}

/** The rows of the table beside a curve: a line for each place along the axis. */
export function curveRows(
  curve: Curve,
  formatX: (x: number) => string,
  formatY: (y: number) => string,
): (string | null)[][] {
  const byX = curve.lines.map(
    ({ points }) => new Map(points.map(({ x, y }) => [x, y])),
  );
  const xs = [...new Set(byX.flatMap(points => [...points.keys()]))];
  return xs
    .sort((a, b) => a - b)
    .map(x => [
      formatX(x),
      ...byX.map(points => {
        const y = points.get(x);
        if (y === undefined) {
          return null;
        }
        return y === null ? 'not finite' : formatY(y);
      }),
    ]);
}

/** What a curve shows in words: where each version began, its extremes and where it ended. */
export function curveInWords(
  curve: Curve,
  formatY: (y: number) => string,
): string {
  return curve.lines
    .map(({ version, points }) => {
      const values = points.flatMap(({ y }) => y ?? []);
      return values.length === 0
        ? `${version}: no finite value`
        : `${version}: from ${formatY(values[0])} to ${formatY(
            values[values.length - 1],
          )}, lowest ${formatY(Math.min(...values))}, highest ${formatY(
            Math.max(...values),
          )}`;
    })
    .join('; ');
}
