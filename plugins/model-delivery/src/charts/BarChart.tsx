import { lazy } from 'react';

/**
 * Stacked bars, above and below zero, with flags over them. Loaded when first shown; place it in a `ChartFigure`, which
 * gives it its height and its alternatives.
 */
export const BarChart = lazy(async () => ({
  default: (await import('./BarChartView')).BarChartView,
}));
