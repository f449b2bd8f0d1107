import { useEffect, useRef } from 'react';
import { useApiHolder } from '@backstage/core-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import {
  MODEL_DELIVERY_CHANNEL,
  ModelDeliverySignal,
  signalGroup,
} from '@slipway/backstage-plugin-model-delivery-common';

/**
 * Calls back for every signal of model delivery. Unlike Backstage's `useSignal` it misses none that arrive within one
 * rendering.
 * @returns whether the portal has signals at all
 */
export function useSignals(
  onSignal: (signal: ModelDeliverySignal) => void,
): boolean {
  const signals = useApiHolder().get(signalApiRef);
  const latest = useRef(onSignal);
  latest.current = onSignal;
  useEffect(() => {
    if (!signals) {
      return undefined;
    }
    const { unsubscribe } = signals.subscribe<ModelDeliverySignal>(
      MODEL_DELIVERY_CHANNEL,
      signal => latest.current(signal),
    );
    return unsubscribe;
  }, [signals]);
  return Boolean(signals);
}

/** Tells which signals may concern one model. */
export function concernsModel(ref: string) {
  const group = signalGroup(ref);
  return ({ models }: ModelDeliverySignal) => models === group;
}
