import { useMemo } from 'react';
import {
  Bar,
  BarChart as RechartsBarChart,
  CartesianGrid,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  useXAxisScale,
  useYAxisScale,
  XAxis,
  YAxis,
} from 'recharts';
import { useChartColors } from './chartColors';
import { ChartTooltip } from './ChartTooltip';
import type { BarChartProps, BarDatum } from './types';

type Row = { label: string } & Record<string, number | string | null>;

/** The drawing behind `BarChart`; it loads the chart library, so import `BarChart` instead. */
export function BarChartView(props: BarChartProps) {
  const { series, data, limits = [], formatY, yTicks, yDomain } = props;
  const { flagTitle } = props;
  const colors = useChartColors();
  const rows = useMemo(
    () => data.map((datum): Row => ({ label: datum.label, ...datum.values })),
    [data],
  );
  const text = { fontSize: 11, fill: colors.label };
  const hasFlags = data.some(datum => datum.flags);

  return (
    <ResponsiveContainer width="100%" height="100%">
      <RechartsBarChart
        data={rows}
        accessibilityLayer={false}
        stackOffset="sign"
        barCategoryGap="25%"
        margin={{ top: hasFlags ? 18 : 8, right: 4, bottom: 0, left: 0 }}
      >
        <CartesianGrid vertical={false} stroke={colors.grid} />
        <XAxis
          dataKey="label"
          tick={text}
          tickLine={false}
          axisLine={false}
          interval="equidistantPreserveStart"
          minTickGap={8}
        />
        <YAxis
          width="auto"
          domain={yDomain}
          ticks={yTicks}
          allowDecimals={false}
          tickFormatter={formatY}
          tick={text}
          tickLine={false}
          axisLine={false}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ fill: colors.axis, opacity: 0.12 }}
          content={({ active, label }) => {
            const datum = data.find(one => one.label === label);
            return active && datum ? (
              <ChartTooltip
                title={datum.label}
                lines={[
                  ...series.flatMap(one => {
                    const value = datum.values[one.id];
                    return typeof value === 'number'
                      ? [{ title: one.title, value: formatY(value) }]
                      : [];
                  }),
                  ...(flagTitle
                    ? [{ title: flagTitle, value: String(datum.flags ?? 0) }]
                    : []),
                ]}
              />
            ) : null;
          }}
        />
        <ReferenceLine y={0} stroke={colors.axis} />
        {series.map(one => (
          <Bar
            key={one.id}
            dataKey={one.id}
            stackId="all"
            fill={one.color}
            fillOpacity={one.opacity}
            stroke={colors.paper}
            strokeWidth={1}
            maxBarSize={40}
            isAnimationActive={false}
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
              position:
                limit.value < 0 ? 'insideTopRight' : 'insideBottomRight',
              offset: 4,
              fontSize: 11,
              fill: colors.limit,
            }}
          />
        ))}
        {hasFlags && <Flags data={data} color={colors.ink} />}
      </RechartsBarChart>
    </ResponsiveContainer>
  );
}

/** Triangles over the bars that have flags. */
function Flags(props: { data: BarDatum[]; color: string }) {
  const xScale = useXAxisScale();
  const yScale = useYAxisScale();
  if (!xScale || !yScale) {
    return null;
  }
  return (
    <g>
      {props.data.flatMap(datum => {
        const count = datum.flags ?? 0;
        const top = Object.values(datum.values).reduce<number>(
          (sum, value) => sum + Math.max(0, value ?? 0),
          0,
        );
        const x = xScale(datum.label, { position: 'middle' });
        const y = yScale(top);
        if (count === 0 || x === undefined || y === undefined) {
          return [];
        }
        // More than three would run into the neighbours: then the number says it.
        const drawn = count > 3 ? 1 : count;
        return [
          <g key={datum.label} fill={props.color}>
            {Array.from({ length: drawn }, (_, index) => (
              <path
                key={index}
                d={`M${x + (index - drawn / 2) * 12 + 1} ${y - 5}l5-9 5 9z`}
              />
            ))}
            {count > 3 && (
              <text x={x + 8} y={y - 5} fontSize={11}>
                {count}
              </text>
            )}
          </g>,
        ];
      })}
    </g>
  );
}
