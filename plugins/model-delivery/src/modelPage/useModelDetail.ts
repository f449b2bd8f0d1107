import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import {
  dataOf,
  ModelDetail,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, Live, useLive } from '../api';

/** Names the model whose entity page one is on. */
export interface ModelName {
  ref: string;
  namespace: string;
  name: string;
}

/** The model whose entity page one is on. */
export function useModelName(): ModelName {
  const { entity } = useEntity();
  return {
    ref: stringifyEntityRef(entity),
    namespace: entity.metadata.namespace ?? 'default',
    name: entity.metadata.name,
  };
}

/** Where the model stands in each environment, kept up to date; more often while something rolls out. */
export function useModelDetail(): Live<ModelDetail> {
  const { ref, namespace, name } = useModelName();
  return useLive<ModelDetail>(
    `model/${ref}`,
    async ({ client, signal }) =>
      dataOf(
        await client.GET('/models/{namespace}/{name}', {
          params: { path: { namespace, name } },
          signal,
        }),
      ),
    {
      concerns: concernsModel(ref),
      pollSeconds: model =>
        model.openPromotions.some(({ state }) =>
          ['rolling-out', 'rolling-back', 'evaluating'].includes(state),
        )
          ? 3
          : 10,
      signalled: model =>
        model.openPromotions
          .map(({ id, revision }) => `${id}.${revision}`)
          .join(),
    },
  );
}
