import { useMemo } from 'react';
import useAsync from 'react-use/esm/useAsync';
import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import { useLive } from '../api';
import { EVERYTHING, ModelsQuery } from './modelsQuery';
import { listQuery } from './useModels';

/** A view that is one click away. */
export interface View {
  id: string;
  label: string;
  query: ModelsQuery;
  /** How many models it shows; undefined until that is known. */
  count: number | undefined;
}

const withFacets = (facets: Partial<ModelsQuery['facets']>): ModelsQuery => ({
  ...EVERYTHING,
  facets: { ...EVERYTHING.facets, ...facets },
});

/** The views above the list, with how many models each shows. */
export function useViews(starred: string[]): View[] {
  const identityApi = useApi(identityApiRef);
  const { value: identity } = useAsync(
    () => identityApi.getBackstageIdentity(),
    [identityApi],
  );
  const teams = useMemo(
    () =>
      (identity?.ownershipEntityRefs ?? [])
        .filter(ref => ref.startsWith('group:'))
        .slice(0, 50)
        .sort(),
    [identity],
  );
  const counted = useMemo(
    () => [
      { id: 'all', label: 'All', query: EVERYTHING },
      ...(teams.length > 0
        ? [
            {
              id: 'mine',
              label: 'My teams',
              query: withFacets({ owner: teams }),
            },
          ]
        : []),
      {
        id: 'approval',
        label: 'Waiting for approval',
        query: withFacets({ waiting: ['approval'] }),
      },
      {
        id: 'high',
        label: 'High risk in production',
        query: withFacets({ risk: ['high'], serving: ['production'] }),
      },
      {
        id: 'blocked',
        label: 'Gate failing',
        query: withFacets({ waiting: ['gate-failing'] }),
      },
    ],
    [teams],
  );
  const counts = useLive(
    `model views/${teams.join()}`,
    async ({ client, signal }) =>
      Object.fromEntries(
        await Promise.all(
          counted.map(async ({ id, query }) => {
            const page = await client.GET('/models', {
              params: { query: { ...listQuery(query), limit: 1 } },
              signal,
            });
            return [id, page.data?.totalItems] as const;
          }),
        ),
      ),
    { pollSeconds: 60 },
  );
  return [
    ...counted.map(view => ({ ...view, count: counts.data?.[view.id] })),
    {
      id: 'starred',
      label: 'Starred',
      query: { ...EVERYTHING, starred: true },
      count: starred.length,
    },
  ];
}
