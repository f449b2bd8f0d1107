import { useTheme } from '@mui/material/styles';

/** What a colour means. Good is quiet, technical trouble is never mistaken for a failure. */
export type Tone = 'ok' | 'failed' | 'warned' | 'running' | 'error' | 'neutral';

/** The colours of one tone: of text and icons, and of the surface behind them. */
export interface ToneColors {
  text: string;
  surface: string;
  /** Of marks without text, such as bars. */
  mark: string;
}

const light: Record<Tone, ToneColors> = {
  ok: { text: '#116932', surface: '#dcfce7', mark: '#2f8f5b' },
  failed: { text: '#a11212', surface: '#ffe2e2', mark: '#c5362c' },
  warned: { text: '#92310a', surface: '#ffedd5', mark: '#d98324' },
  running: { text: '#1f5493', surface: '#dbeafe', mark: '#1f5493' },
  error: { text: '#6b2a9c', surface: '#f3e8ff', mark: '#8a4fbf' },
  neutral: { text: '#5f5f5f', surface: '#efefef', mark: '#767676' },
};

const dark: Record<Tone, ToneColors> = {
  ok: { text: '#86efac', surface: '#10371f', mark: '#6cc792' },
  failed: { text: '#ffb4b4', surface: '#4a1616', mark: '#ff8a80' },
  warned: { text: '#fdba74', surface: '#472c0c', mark: '#fdba74' },
  running: { text: '#a3cfff', surface: '#1d3050', mark: '#9cc9ff' },
  error: { text: '#d9b8ff', surface: '#3a2353', mark: '#c99bff' },
  neutral: { text: '#cbcbcb', surface: '#565555', mark: '#b8b8b8' },
};

/** The tones of the mode that the portal is in. Text reaches 4.5:1 on cards and on its own surface. */
export function useTones(): Record<Tone, ToneColors> {
  return useTheme().palette.mode === 'dark' ? dark : light;
}
