import { useCallback, useEffect, useRef, useState } from 'react';
import type { ModelDeliverySignal } from '@slipway/backstage-plugin-model-delivery-common';
import type { LiveStatus } from '../components';
import { useSignals } from './useSignals';

/** When and why something is loaded again. */
export interface ReloadOptions<T> {
  /** Which signals concern it; all of them unless given. */
  concerns?: (signal: ModelDeliverySignal) => boolean;
  /** Seconds between polls behind the signals, 10 unless given; 3 is right while something rolls out. */
  pollSeconds?: number | ((data: T) => number);
  /**
   * What changes only together with a signal, such as a revision. When a poll sees it changed and no signal told of
   * it, signals do not arrive, and the page says that it polls.
   */
  signalled?: (data: T) => string | number;
}

/** Signals that come in a burst are answered by one load. */
const DEBOUNCE_MILLIS = 250;

/** What a {@link useReloads} knows of its loads. */
export interface Reloads<T> {
  data: T | undefined;
  error: unknown;
  /** Whether a load is under way, the first or a later one. */
  loading: boolean;
  status: LiveStatus;
  /** Milliseconds since 1970 of the last answer. */
  updatedAt: number | null;
  reload: () => void;
}

interface State<T> {
  key: string;
  data?: T;
  error?: unknown;
  loading: boolean;
  updatedAt: number | null;
  missedSignal: boolean;
}

/**
 * Loads, and loads again on signals, on a clock behind them, and when the window is looked at again. One load at a time:
 * what asks meanwhile is answered by one more load after it. An answer that belongs to an earlier key is dropped.
 */
export function useReloads<T>(
  key: string,
  load: (context: {
    signal: AbortSignal;
    previous: T | undefined;
  }) => Promise<T>,
  options: ReloadOptions<T> = {},
): Reloads<T> {
  const [state, setState] = useState<State<T>>(() => initial(key));
  const latest = useRef({ load, options });
  latest.current = { load, options };
  const control = useRef<{ run: () => void; soon: () => void }>();
  const signalledSinceLoad = useRef(false);

  const hasSignals = useSignals(signal => {
    if (latest.current.options.concerns?.(signal) ?? true) {
      signalledSinceLoad.current = true;
      control.current?.soon();
    }
  });

  useEffect(() => {
    const abort = new AbortController();
    let current: State<T> = initial(key);
    let running = false;
    let again = false;
    let debounce: number | undefined;
    let timer: number | undefined;
    const show = (change: Partial<State<T>>) => {
      current = { ...current, ...change };
      if (!abort.signal.aborted) {
        setState(current);
      }
    };

    const schedule = (poll: () => void) => {
      window.clearTimeout(timer);
      const { pollSeconds = 10 } = latest.current.options;
      let seconds = 10;
      if (typeof pollSeconds === 'number') {
        seconds = pollSeconds;
      } else if (current.data !== undefined) {
        seconds = pollSeconds(current.data);
      }
      timer = window.setTimeout(() => {
        // Nobody looks: wait until somebody does, which loads at once
        if (document.visibilityState !== 'hidden') {
          poll();
        }
      }, seconds * 1000);
    };

    const run = async () => {
      if (running) {
        again = true;
        return;
      }
      running = true;
      show({ loading: true });
      const told = signalledSinceLoad.current;
      signalledSinceLoad.current = false;
      try {
        const data = await latest.current.load({
          signal: abort.signal,
          previous: current.data,
        });
        const { signalled } = latest.current.options;
        const changed =
          signalled !== undefined &&
          current.data !== undefined &&
          signalled(current.data) !== signalled(data);
        const arrived = told || signalledSinceLoad.current;
        show({
          data,
          error: undefined,
          loading: false,
          updatedAt: Date.now(),
          missedSignal: !arrived && (changed || current.missedSignal),
        });
      } catch (error) {
        show({ error, loading: false });
      }
      running = false;
      if (abort.signal.aborted) {
        return;
      }
      if (again) {
        again = false;
        run();
      } else {
        schedule(run);
      }
    };

    const soon = () => {
      window.clearTimeout(debounce);
      debounce = window.setTimeout(run, DEBOUNCE_MILLIS);
    };
    const onVisible = () => {
      if (document.visibilityState === 'visible') {
        run();
      }
    };

    control.current = { run, soon };
    document.addEventListener('visibilitychange', onVisible);
    run();
    return () => {
      abort.abort();
      window.clearTimeout(debounce);
      window.clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [key]);

  const reload = useCallback(() => control.current?.run(), []);
  const shown = state.key === key ? state : initial<T>(key);
  let status: LiveStatus =
    hasSignals && !shown.missedSignal ? 'live' : 'polling';
  if (shown.error) {
    status = 'stale';
  }
  return {
    data: shown.data,
    error: shown.error,
    loading: shown.loading,
    updatedAt: shown.updatedAt,
    status,
    reload,
  };
}

function initial<T>(key: string): State<T> {
  return { key, loading: true, updatedAt: null, missedSignal: false };
}
