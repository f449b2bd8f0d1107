/** One measured point of a line. */
export interface LinePoint {
  /** Epoch milliseconds. */
  x: number;
  /** Null where there was nothing to measure: the line breaks there, or passes over it if told to connect. */
  y: number | null;
  /** Bounds of the shaded band at this point. */
  low?: number | null;
  high?: number | null;
}

/** One line, optionally with a band around it. */
export interface LineSeries {
  id: string;
  title: string;
  color: string;
  dash?: string;
  points: LinePoint[];
  /** Written at the line's last point. */
  endLabel?: string;
  /** Whether the line passes over points without data; then each measured point has a dot. */
  connectGaps?: boolean;
}

/** A dotted horizontal line with its value on it. */
export interface ChartLimit {
  value: number;
  label: string;
}

/** What a line chart over time draws. */
export interface LineChartProps {
  series: LineSeries[];
  limits?: ChartLimit[];
  /** Vertical marks, such as the start of a step. */
  marks?: { x: number; label: string }[];
  /** Epoch milliseconds; without it the chart spans its points. */
  xDomain?: [number, number];
  xTicks?: number[];
  yTicks?: number[];
  yDomain?: [number, number];
  scale?: 'linear' | 'log';
  formatX: (x: number) => string;
  formatY: (y: number) => string;
  /** Room for the labels at the lines' ends, in pixels. */
  endLabelWidth?: number;
}

/** One block of each bar of a bar chart. */
export interface BarSeries {
  id: string;
  title: string;
  color: string;
  opacity?: number;
}

/** One bar of a bar chart. */
export interface BarDatum {
  label: string;
  /** By series id; negative values hang below zero; null is a bar that is not there. */
  values: Record<string, number | null>;
  /** Number of triangles over the bar. */
  flags?: number;
}

/** What a stacked bar chart draws. */
export interface BarChartProps {
  series: BarSeries[];
  data: BarDatum[];
  limits?: ChartLimit[];
  formatY: (y: number) => string;
  yTicks?: number[];
  yDomain?: [number, number];
  /** What one flag stands for, in the singular. */
  flagTitle?: string;
  /** Room left of the bars for the axis, in pixels. */
  axisWidth?: number;
}
