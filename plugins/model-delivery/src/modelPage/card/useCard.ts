import { useSearchParams } from 'react-router-dom';
import {
  dataOf,
  ModelCardView,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, Live, useLive } from '../../api';
import { useModelName } from '../useModelDetail';

/** What the address says of the tab. */
export interface CardQuery {
  /** Whose card; that of the version in production, or else the last, without it. */
  version?: string;
  /** The version whose card it is read against. */
  against?: string;
}

/** What the address says of the card, and how to change it: a link to the same card can be sent on. */
export function useCardQuery(): [CardQuery, (change: CardQuery) => void] {
  const [params, setParams] = useSearchParams();
  return [
    {
      version: params.get('version') ?? undefined,
      against: params.get('against') ?? undefined,
    },
    change =>
      setParams(before => {
        const next = new URLSearchParams(before);
        Object.entries(change).forEach(([key, value]) =>
          value === undefined ? next.delete(key) : next.set(key, value),
        );
        return next;
      }),
  ];
}

/** The card of a version, kept up to date. */
export function useCard(version: string | undefined): Live<ModelCardView> {
  const { ref, namespace, name } = useModelName();
  return useLive(
    `card/${ref}/${version ?? ''}`,
    async ({ client, signal }) =>
      dataOf(
        await client.GET('/models/{namespace}/{name}/card', {
          params: { path: { namespace, name }, query: { version } },
          signal,
        }),
      ),
    { concerns: concernsModel(ref), pollSeconds: 60 },
  );
}

/** Names of the versions that were registered last, the newest first. */
export function useVersionNames(): string[] {
  const { ref, namespace, name } = useModelName();
  const versions = useLive(
    `card-versions/${ref}`,
    async ({ client, signal }) =>
      dataOf(
        await client.GET('/models/{namespace}/{name}/versions', {
          params: { path: { namespace, name }, query: { limit: 50 } },
          signal,
        }),
      ),
    { concerns: concernsModel(ref), pollSeconds: 60 },
  );
  return (versions.data?.items ?? []).map(each => each.version);
}
