import { usePlotArea, useYAxisScale } from 'recharts';
import type { LineSeries } from './types';

/** Least distance of two labels' base lines in pixels. */
const LINE_HEIGHT = 14;

/** The names of lines at their last points, pushed apart where they would cover each other. */
export function EndLabels(props: { series: LineSeries[] }) {
  const plot = usePlotArea();
  const yScale = useYAxisScale();
  if (!plot || !yScale) {
    return null;
  }
  const labels = props.series
    .flatMap(series => {
      const last = [...series.points].reverse().find(point => point.y !== null);
      const y = last && yScale(last.y);
      return series.endLabel && typeof y === 'number'
        ? [{ id: series.id, text: series.endLabel, color: series.color, y }]
        : [];
    })
    .sort((a, b) => a.y - b.y);
  const ys = spread(
    labels.map(label => label.y),
    plot.y,
    plot.y + plot.height,
  );
  return (
    <g>
      {labels.map((label, index) => (
        <text
          key={label.id}
          x={plot.x + plot.width + 8}
          y={ys[index] + 4}
          fontSize={11}
          fontWeight={700}
          fill={label.color}
        >
          {label.text}
        </text>
      ))}
    </g>
  );
}

/** Moves sorted positions down, then back up from the bottom, until none is closer than a line. */
export function spread(ys: number[], top: number, bottom: number): number[] {
  const placed: number[] = [];
  for (const y of ys) {
    const previous = placed[placed.length - 1];
    placed.push(
      Math.max(y, top, previous === undefined ? top : previous + LINE_HEIGHT),
    );
  }
  for (let index = placed.length - 1; index >= 0; index--) {
    const limit =
      index === placed.length - 1 ? bottom : placed[index + 1] - LINE_HEIGHT;
    placed[index] = Math.min(placed[index], limit);
  }
  return placed;
}
