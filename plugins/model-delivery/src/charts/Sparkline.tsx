import { useChartColors } from './chartColors';

/** What a {@link Sparkline} draws. */
export interface SparklineProps {
  /** Values in order; null where there was nothing to count, which leaves a gap. */
  values: (number | null)[];
  /** The text alternative: what the line shows, from what to what. */
  label: string;
  /** A target or limit, drawn dotted. */
  limit?: number | null;
  /** Width of the drawing's coordinate system; the picture itself fills its container if `fluid`. */
  width?: number;
  height?: number;
  fluid?: boolean;
}

const PAD = 4;

/** The course of a number in the space of a word. Gaps stay gaps; nothing is drawn where nothing was counted. */
export function Sparkline(props: SparklineProps) {
  const { values, label, limit, width = 150, height = 36, fluid } = props;
  const colors = useChartColors();
  const known = values.filter((value): value is number => value !== null);
  if (known.length === 0) {
    return null;
  }
  const all = limit === null || limit === undefined ? known : [...known, limit];
  const low = Math.min(...all);
  const span = Math.max(...all) - low;
  const x = (index: number) =>
    values.length < 2
      ? width / 2
      : PAD + (index * (width - 2 * PAD)) / (values.length - 1);
  const y = (value: number) =>
    span === 0
      ? height / 2
      : height - PAD - ((value - low) / span) * (height - 2 * PAD);
  const runs = runsOf(values);
  const last = values.reduce<number>(
    (found, value, index) => (value === null ? found : index),
    -1,
  );

  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width={fluid ? '100%' : width}
      height={height}
      preserveAspectRatio={fluid ? 'xMinYMid meet' : undefined}
      role="img"
      aria-label={label}
      style={{ display: 'block', overflow: 'visible' }}
    >
      {limit !== null && limit !== undefined && (
        <path
          d={`M0 ${y(limit)}H${width}`}
          stroke={colors.limit}
          strokeWidth={1.5}
          strokeDasharray="1.5 3.5"
          strokeLinecap="round"
        />
      )}
      {runs.map(run =>
        run.length === 1 ? (
          <circle
            key={run[0]}
            cx={x(run[0])}
            cy={y(values[run[0]]!)}
            r={1.5}
            fill={colors.candidate}
          />
        ) : (
          <path
            key={run[0]}
            d={`M${run
              .map(index => `${x(index)} ${y(values[index]!)}`)
              .join('L')}`}
            fill="none"
            stroke={colors.candidate}
            strokeWidth={1.5}
            strokeLinejoin="round"
            strokeLinecap="round"
          />
        ),
      )}
      <circle
        cx={x(last)}
        cy={y(values[last]!)}
        r={2.5}
        fill={colors.candidate}
      />
    </svg>
  );
}

/** Indices of neighbouring values that are known. */
function runsOf(values: (number | null)[]): number[][] {
  const runs: number[][] = [];
  values.forEach((value, index) => {
    if (value === null) {
      return;
    }
    const current = runs[runs.length - 1];
    if (current && current[current.length - 1] === index - 1) {
      current.push(index);
    } else {
      runs.push([index]);
    }
  });
  return runs;
}
