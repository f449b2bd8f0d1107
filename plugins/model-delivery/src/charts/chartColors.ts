import { useTheme } from '@mui/material/styles';
import type { ChangeKind } from '@slipway/backstage-plugin-model-delivery-common';

/**
 * Colours of everything that is drawn rather than written. They follow the portal's light or dark mode; lines and text
 * reach 3:1 and 4.5:1 on the card behind them.
 */
export interface ChartColors {
  candidate: string;
  control: string;
  limit: string;
  grid: string;
  axis: string;
  /** Axis labels and other secondary text. */
  label: string;
  /** Whiskers and whatever else must stand out without a meaning of its own. */
  ink: string;
  paper: string;
  ok: string;
  failed: string;
  warned: string;
  error: string;
  neutral: string;
  changeKind: Record<ChangeKind, string>;
}

const light: ChartColors = {
  candidate: '#1f5493',
  control: '#767676',
  limit: '#b3261e',
  grid: '#e5e5e5',
  axis: '#858585',
  label: '#5f5f5f',
  ink: '#000000',
  paper: '#ffffff',
  ok: '#2f8f5b',
  failed: '#c5362c',
  warned: '#d98324',
  error: '#8a4fbf',
  neutral: '#bdbdbd',
  changeKind: {
    code: '#1f5493',
    data: '#0f7b6c',
    configuration: '#b45309',
    'base-model': '#6b2a9c',
  },
};

const dark: ChartColors = {
  candidate: '#9cc9ff',
  control: '#b8b8b8',
  limit: '#ff9c94',
  grid: '#5e5e5e',
  axis: '#a1a1a1',
  label: '#cbcbcb',
  ink: '#ffffff',
  paper: '#424141',
  ok: '#6cc792',
  failed: '#ff8a80',
  warned: '#fdba74',
  error: '#c99bff',
  neutral: '#8a8a8a',
  changeKind: {
    code: '#9cc9ff',
    data: '#6fdcc8',
    configuration: '#fdba74',
    'base-model': '#d9b8ff',
  },
};

/** How each kind of change is dashed, so that colour is never alone. */
export const changeKindDash: Record<ChangeKind, string | undefined> = {
  code: undefined,
  data: '7 3',
  configuration: '2 3',
  'base-model': '9 3 2 3',
};

/** The chart colours of the mode that the portal is in. */
export function useChartColors(): ChartColors {
  return useTheme().palette.mode === 'dark' ? dark : light;
}
