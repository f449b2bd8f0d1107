import { lazy } from 'react';

/**
 * Lines over time with bands, limits and labels at their ends. Loaded when first shown; place it in a `ChartFigure`,
 * which gives it its height and its alternatives.
 */
export const LineChart = lazy(async () => ({
  default: (await import('./LineChartView')).LineChartView,
}));
