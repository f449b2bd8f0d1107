import { useCallback, useState } from 'react';
import type { ModelSummary } from '@slipway/backstage-plugin-model-delivery-common';
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

interface Choice {
  chosen?: ModelSummary[];
  refusal?: string;
}

/** Keeps the choice as long as the page is open. */
export function useComparing(): Comparing {
  const [{ chosen, refusal }, set] = useState<Choice>({});
  return {
    chosen,
    refusal,
    start: useCallback(() => set({ chosen: [] }), []),
    stop: useCallback(() => set({}), []),
    toggle: useCallback(
      (model: ModelSummary) =>
        set(({ chosen: before = [] }) => {
          const without = before.filter(({ ref }) => ref !== model.ref);
          if (without.length < before.length) {
            return { chosen: without };
          }
          const why = whyNotCompared(model, before);
          return why
            ? { chosen: before, refusal: why }
            : { chosen: [...before, model] };
        }),
      [],
    ),
  };
}
