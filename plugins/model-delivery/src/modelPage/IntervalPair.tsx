import type { Measurement } from '@slipway/backstage-plugin-model-delivery-common';
import { useChartColors } from '../charts/chartColors';
import { formatInterval, formatMeasurement } from '../components';

const WIDTH = 160;
const HEIGHT = 24;

/**
 * Two measurements with their intervals on one scale: the candidate solid, the other dashed. They differ where the
 * whiskers do not overlap.
 */
export function IntervalPair(props: {
  from: Measurement | null;
  to: Measurement | null;
  fromLabel: string;
  toLabel: string;
}) {
  const { from, to, fromLabel, toLabel } = props;
  const colors = useChartColors();
  const ends = [from, to].flatMap(measurement =>
    measurement?.interval
      ? [measurement.interval.low, measurement.interval.high]
      : [],
  );
  if (ends.length === 0) {
    return null;
  }
  const beside = [from, to].flatMap(m => (m ? [m.value] : []));
  const values = [...ends, ...beside];
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const x = (value: number) => 4 + ((value - low) / span) * (WIDTH - 8);
  const whisker = (measurement: Measurement, y: number, isTo: boolean) => {
    const color = isTo ? colors.candidate : colors.control;
    return (
      <g>
        {measurement.interval && (
          <path
            d={`M${x(measurement.interval.low)} ${y}H${x(
              measurement.interval.high,
            )}`}
            stroke={color}
            strokeWidth={2}
            strokeDasharray={isTo ? undefined : '4 2'}
          />
        )}
        <circle cx={x(measurement.value)} cy={y} r={3.5} fill={color} />
      </g>
    );
  };
  const say = (measurement: Measurement | null, label: string) =>
    measurement
      ? `${label} ${formatMeasurement(measurement, beside)} (${
          formatInterval(measurement) ?? 'no interval'
        })`
      : `${label} no data`;
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`${say(from, fromLabel)}; ${say(to, toLabel)}`}
      style={{ display: 'block' }}
    >
      {from && whisker(from, 7, false)}
      {to && whisker(to, 17, true)}
    </svg>
  );
}
