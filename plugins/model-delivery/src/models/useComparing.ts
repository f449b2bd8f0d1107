import { useCallback, useRef, useState } from 'react';
import type { ModelSummary } from '@slipway/backstage-plugin-model-delivery-common';
import { useKept } from '../drafts/useKept';
import { whyNotCompared } from './comparison';

/** The choice of models that are put side by side. */
export interface Comparing {
  /** Undefined while nobody chooses. */
  chosen: ModelSummary[] | undefined;
  /** Why the model that somebody tried last was not taken. */
  refusal: string | undefined;
  start: () => void;
  stop: () => void;
  /** Takes a model, takes it back, or says why not. */
  toggle: (model: ModelSummary) => void;
}

/** What is kept of it; null while nobody chooses. */
const NOTHING: { chosen: ModelSummary[] | null } = { chosen: null };

/** Keeps the choice until it is given up or the browser's tab is closed: a reload or another page does not lose it. */
export function useComparing(): Comparing {
  const kept = useKept('models to compare', NOTHING);
  const [refusal, setRefusal] = useState<string>();
  const chosen = kept.value.chosen ?? undefined;
  const choose = (next: ModelSummary[], why?: string) => {
    kept.change({ chosen: next });
    setRefusal(why);
  };
  const take = (model: ModelSummary) => {
    const before = chosen ?? [];
    const without = before.filter(({ ref }) => ref !== model.ref);
    if (without.length < before.length) {
      choose(without);
      return;
    }
    const why = whyNotCompared(model, before);
    choose(why ? before : [...before, model], why);
  };
  // The same for all rows, which are drawn anew only where something of them changed
  const latest = useRef(take);
  latest.current = take;
  return {
    chosen,
    refusal,
    start: () => choose([]),
    stop: () => {
      kept.drop();
      setRefusal(undefined);
    },
    toggle: useCallback((model: ModelSummary) => latest.current(model), []),
  };
}
