import { useModelDelivery } from './modelDeliveryApi';
import { ReloadOptions, Reloads, useReloads } from './useReloads';
import type { ModelDeliveryClient } from '@slipway/backstage-plugin-model-delivery-common';

/** What {@link useLive} gives. */
export type Live<T> = Reloads<T>;

/**
 * Something of the API, kept up to date: by signals, by polling behind them. The last answer stays while it is loaded again
 * and when that fails; `status` and `updatedAt` are for the page's `LiveDot`.
 * @example
 * ```ts
 * const promotion = useLive(`promotion/${id}`, ({ client, signal }) =>
 *   client.GET('/promotions/{id}', { params: { path: { id } }, signal }).then(dataOf));
 * ```
 * @param key - what is loaded; another key forgets the last answer and loads at once
 */
export function useLive<T>(
  key: string,
  load: (context: {
    client: ModelDeliveryClient;
    signal: AbortSignal;
  }) => Promise<T>,
  options?: ReloadOptions<T>,
): Live<T> {
  const client = useModelDelivery();
  return useReloads<T>(key, ({ signal }) => load({ client, signal }), options);
}
