import { useRouteRef } from '@backstage/core-plugin-api';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { useModelName } from './useModelDetail';

/** Addresses of the tabs of the model whose page one is on. */
export function useTabLink(): (
  tab: 'versions' | 'deployments' | 'gates',
) => string {
  const entityRoute = useRouteRef(entityRouteRef);
  const { namespace, name } = useModelName();
  return tab => `${entityRoute({ kind: 'model', namespace, name })}/${tab}`;
}
