import {
  createApiRef,
  DiscoveryApi,
  FetchApi,
  useApi,
} from '@backstage/core-plugin-api';
import {
  createModelDeliveryClient,
  ModelDeliveryClient,
} from '@slipway/backstage-plugin-model-delivery-common';

/**
 * The typed client of the model delivery API, signed in as whoever uses the portal.
 * @public
 */
export const modelDeliveryApiRef = createApiRef<ModelDeliveryClient>({
  id: 'plugin.model-delivery.client',
});

/**
 * Makes the client from Backstage's own discovery and fetch APIs.
 * @public
 */
export function createModelDeliveryApi(options: {
  discoveryApi: DiscoveryApi;
  fetchApi: FetchApi;
}): ModelDeliveryClient {
  const { discoveryApi, fetchApi } = options;
  return createModelDeliveryClient({
    baseUrl: () => discoveryApi.getBaseUrl('model-delivery'),
    fetch: fetchApi.fetch,
  });
}

/** The client of the model delivery API. */
export function useModelDelivery(): ModelDeliveryClient {
  return useApi(modelDeliveryApiRef);
}
