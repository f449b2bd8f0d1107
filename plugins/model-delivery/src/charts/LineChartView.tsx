import { useMemo } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  DotItemDotProps,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { useChartColors } from './chartColors';
import { ChartTooltip } from './ChartTooltip';
import { EndLabels } from './EndLabels';
import { labelSides } from './labelSides';
import type { LineChartProps, LineSeries } from './types';

type Row = { x: number } & Record<string, number | [number, number] | null>;

/** Width of the words of a mark such as `100 %`, as a part of the narrowest chart's. */
const MARK_ROOM = 0.2;

const bandKey = (series: LineSeries) => `${series.id}:band`;

/** The drawing behind `LineChart`; it loads the chart library, so import `LineChart` instead. */
export function LineChartView(props: LineChartProps) {
  const { series, limits = [], marks = [], xDomain, xTicks, yTicks } = props;
  const { yDomain, scale = 'linear', formatX, formatY, endLabelWidth } = props;
  const colors = useChartColors();
  const rows = useMemo(() => toRows(series), [series]);
  const text = { fontSize: 11, fill: colors.label };
  // Under a line near the bottom its words would run into the axis.
  const isLow = (value: number) =>
    scale === 'linear' && yDomain !== undefined && value < yDomain[1] / 4;
  const [start, end] = xDomain ?? [rows[0]?.x, rows[rows.length - 1]?.x];
  const sides = labelSides(
    marks.map(mark => mark.x),
    { end, room: (end - start) * MARK_ROOM },
  );
  // Keeps the words of a limit legible where a line passes under them.
  const halo = {
    stroke: colors.paper,
    strokeWidth: 3,
    paintOrder: 'stroke',
  };

  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart
        data={rows}
        accessibilityLayer={false}
        margin={{ top: 14, right: endLabelWidth ?? 8, bottom: 0, left: 0 }}
      >
        <CartesianGrid vertical={false} stroke={colors.grid} syncWithTicks />
        <XAxis
          dataKey="x"
          type="number"
          scale="time"
          domain={xDomain ?? ['dataMin', 'dataMax']}
          ticks={xTicks}
          tickFormatter={formatX}
          tick={text}
          tickLine={false}
          axisLine={false}
          minTickGap={16}
        />
        <YAxis
          width="auto"
          scale={scale}
          domain={yDomain ?? [0, 'auto']}
          ticks={yTicks}
          allowDataOverflow={yDomain !== undefined}
          tickFormatter={formatY}
          tick={text}
          tickLine={false}
          axisLine={false}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: colors.axis }}
          content={({ active, payload, label }) =>
            active && typeof label === 'number' ? (
              <ChartTooltip
                title={formatX(label)}
                lines={series.flatMap(one => {
                  const row = payload[0]?.payload as Row | undefined;
                  const value = row?.[one.id];
                  return typeof value === 'number'
                    ? [{ title: one.title, value: formatY(value) }]
                    : [];
                })}
              />
            ) : null
          }
        />
        {series
          .filter(one => one.points.some(hasBand))
          .map(one => (
            <Area
              key={bandKey(one)}
              dataKey={bandKey(one)}
              stroke="none"
              fill={one.color}
              fillOpacity={0.15}
              activeDot={false}
              isAnimationActive={false}
              tooltipType="none"
            />
          ))}
        {marks.map((mark, i) => (
          <ReferenceLine
            key={`${mark.x}-${mark.label}`}
            x={mark.x}
            stroke={colors.axis}
            strokeDasharray="2 2"
            label={{
              value: sides[i] === 'none' ? '' : mark.label,
              position:
                sides[i] === 'left' ? 'insideTopRight' : 'insideTopLeft',
              offset: 3,
              dy: -14,
              fontSize: 11,
              fill: colors.label,
            }}
          />
        ))}
        {limits.map(limit => (
          <ReferenceLine
            key={limit.label}
            y={limit.value}
            stroke={colors.limit}
            strokeWidth={1.5}
            strokeDasharray="1.5 3.5"
            strokeLinecap="round"
            ifOverflow="extendDomain"
            label={{
              value: limit.label,
              position: isLow(limit.value)
                ? 'insideBottomLeft'
                : 'insideTopLeft',
              offset: 4,
              fontSize: 11,
              fill: colors.limit,
              ...halo,
            }}
          />
        ))}
        {series.map(one => (
          <Line
            key={one.id}
            dataKey={one.id}
            type="linear"
            stroke={one.color}
            strokeWidth={2}
            strokeDasharray={one.dash}
            strokeLinejoin="round"
            connectNulls={one.connectGaps}
            dot={dotOf(one)}
            activeDot={{ r: 3 }}
            isAnimationActive={false}
          />
        ))}
        {endLabelWidth !== undefined && <EndLabels series={series} />}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

function hasBand(point: LineSeries['points'][number]): boolean {
  return typeof point.low === 'number' && typeof point.high === 'number';
}

function toRows(series: LineSeries[]): Row[] {
  const rows = new Map<number, Row>();
  for (const one of series) {
    for (const point of one.points) {
      const row: Row = rows.get(point.x) ?? { x: point.x };
      row[one.id] = point.y;
      row[bandKey(one)] = hasBand(point) ? [point.low!, point.high!] : null;
      rows.set(point.x, row);
    }
  }
  return [...rows.values()].sort((a, b) => a.x - b.x);
}

/** A dot wherever a line could not show that something was measured: beside gaps and at the end. */
function dotOf(series: LineSeries) {
  const measured = series.points.map(point => point.y !== null);
  const hasGaps = measured.includes(false);
  const last = measured.lastIndexOf(true);
  const shown = new Set(
    series.points.flatMap((point, index) => {
      const isAlone = !measured[index - 1] && !measured[index + 1];
      const isShown =
        measured[index] &&
        (index === last || isAlone || (hasGaps && series.connectGaps));
      return isShown ? [point.x] : [];
    }),
  );
  return (dot: DotItemDotProps) => {
    const { cx, cy, key, payload } = dot;
    return payload &&
      shown.has(payload.x) &&
      typeof cx === 'number' &&
      typeof cy === 'number' ? (
      <circle key={key} cx={cx} cy={cy} r={3} fill={series.color} />
    ) : (
      <g key={key} />
    );
  };
}
