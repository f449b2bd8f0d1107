import Box from '@mui/material/Box';
import { useChartColors } from './chartColors';
import {
  differenceUnit,
  formatDifference,
  formatNumber,
  Quantity,
} from './numbers';

/** What a {@link DifferenceInterval} draws. */
export interface DifferenceIntervalProps {
  /** What differs, for the text alternative. */
  label: string;
  estimate: number;
  low: number;
  high: number;
  /** Confidence level of the interval, such as 0.95. */
  level?: number;
  /** How much worse the difference may be, not negative, in the unit of the estimate; without it no zone is drawn. */
  margin?: number | null;
  /** The direction in which it gets worse. */
  worse?: 'higher' | 'lower' | 'both';
  /** Whether it is never below 0, such as a distance: then 0 is at the left, and nothing has a plus. */
  isDistance?: boolean;
  quantity: Quantity;
  /** Width of the drawing in pixels. */
  width?: number;
}

const HEIGHT = 20;

/**
 * A difference as an interval against its margin: whisker, zero line, the shaded zone that it must not enter, and the
 * numbers below.
 */
export function DifferenceInterval(props: DifferenceIntervalProps) {
  const { estimate, low, high, margin, quantity } = props;
  const { worse = 'higher', width = 160, isDistance = false } = props;
  const colors = useChartColors();
  // The margin sits at two thirds of the half width; an interval that reaches further makes the scale coarser.
  const reach = Math.max(
    (margin ?? 0) * 1.5,
    Math.abs(low) * 1.12,
    Math.abs(high) * 1.12,
    Math.abs(estimate) * 1.12,
    Number.MIN_VALUE,
  );
  const zero = isDistance ? 0 : width / 2;
  const x = (value: number) => zero + ((width - zero) * value) / reach;
  const zones = margin
    ? [
        ...(worse === 'lower' ? [] : [{ from: x(margin), to: width }]),
        ...(worse === 'higher' ? [] : [{ from: 0, to: x(-margin) }]),
      ]
    : [];
  const unit = differenceUnit(quantity);
  const written = (value: number) =>
    formatDifference(value, quantity).replace(isDistance ? '+' : '', '');
  const numbers = `${written(estimate)}${unit ? ` ${unit}` : ''} (${written(
    low,
  )} to ${written(high)})`;
  const middle = HEIGHT / 2;

  return (
    <Box sx={{ display: 'inline-block', textAlign: 'left' }}>
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={describe(props, numbers)}
        style={{ display: 'block', overflow: 'visible' }}
      >
        {zones.map(zone => {
          const edge = zone.from === 0 ? zone.to : zone.from;
          return (
            <g key={edge}>
              <rect
                x={zone.from}
                width={Math.max(0, zone.to - zone.from)}
                height={HEIGHT}
                fill={colors.limit}
                opacity={0.12}
              />
              <path
                d={`M${edge} 1V${HEIGHT - 1}`}
                stroke={colors.limit}
                strokeWidth={1.5}
                strokeDasharray="1.5 3.5"
                strokeLinecap="round"
              />
            </g>
          );
        })}
        <path d={`M${zero} 2V${HEIGHT - 2}`} stroke={colors.axis} />
        <path
          d={`M${x(low)} ${middle}H${x(high)}M${x(low)} ${middle - 3}v6M${x(
            high,
          )} ${middle - 3}v6`}
          stroke={colors.ink}
          strokeWidth={2}
        />
        <circle cx={x(estimate)} cy={middle} r={3.5} fill={colors.ink} />
      </svg>
      <Box
        component="span"
        sx={{
          display: 'block',
          fontSize: 12,
          lineHeight: '16px',
          color: colors.label,
          whiteSpace: 'nowrap',
        }}
      >
        {numbers}
      </Box>
    </Box>
  );
}

function describe(props: DifferenceIntervalProps, numbers: string): string {
  const { label, margin, worse = 'higher', quantity, level = 0.95 } = props;
  const limit =
    margin === null || margin === undefined
      ? ''
      : `, may get worse by at most ${formatDifference(
          margin,
          quantity,
        ).replace('+', '')} ${differenceUnit(quantity)} ${
          { higher: 'upwards', lower: 'downwards', both: 'either way' }[worse]
        }`;
  return `${label}: difference ${numbers}, ${formatNumber(level * 100, {
    digits: 0,
  })} % interval${limit}`;
}
