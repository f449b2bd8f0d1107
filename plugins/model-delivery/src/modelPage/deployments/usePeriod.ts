import {
  dataOf,
  Deployment,
  Incident,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, useLive } from '../../api';
import { useModelName } from '../useModelDetail';

const DAY = 86_400_000;
const PAGE = 200;
/** How many pages are loaded at most: more bars than they have nobody tells apart. */
const MOST_PAGES = 5;

/** What happened in a period, as far as it is loaded. */
export interface Period {
  deployments: Deployment[];
  incidents: Incident[];
  isLoading: boolean;
  /** Why the rest could not be loaded. */
  failed: unknown;
  /** When the earliest deployment that is loaded began, where there are more before it. */
  stoppedAt?: string;
}

/**
 * The deployments that served within the last days, in all environments, and the incidents that were noticed then.
 * @param recent - the latest deployments, newest first, in place of the period until it is loaded
 * @param isWhole - whether they are all that there are, so that no others have to be loaded
 */
export function usePeriod(
  days: number,
  recent: Deployment[],
  isWhole: boolean,
): Period {
  const { ref, namespace, name } = useModelName();
  const loaded = useLive(
    `period/${ref}/${days}/${isWhole}`,
    async ({ client, signal }) => {
      const since = new Date(Date.now() - days * DAY).toISOString();
      const path = { namespace, name };
      const deployments = isWhole
        ? { items: [], isAll: true }
        : await loadAll(async cursor =>
            dataOf(
              await client.GET('/models/{namespace}/{name}/deployments', {
                params: { path, query: { since, limit: PAGE, cursor } },
                signal,
              }),
            ),
          );
      const incidents = await loadAll(
        async cursor =>
          dataOf(
            await client.GET('/models/{namespace}/{name}/incidents', {
              params: { path, query: { limit: PAGE, cursor } },
              signal,
            }),
          ),
        incident => incident.detectedAt >= since,
      );
      return { deployments, incidents: incidents.items };
    },
    { concerns: concernsModel(ref), pollSeconds: 60 },
  );
  const { data } = loaded;
  const deployments = isWhole || !data ? recent : data.deployments.items;
  return {
    deployments,
    incidents: data?.incidents ?? [],
    isLoading: !data && !isWhole && !loaded.error,
    failed: data ? undefined : loaded.error,
    ...(data &&
      !data.deployments.isAll && {
        stoppedAt: deployments[deployments.length - 1].startedAt,
      }),
  };
}

/** The items of all pages up to the first that is not wanted, newest first, as far as so many pages hold them. */
async function loadAll<T>(
  load: (
    cursor: string | undefined,
  ) => Promise<{ items: T[]; nextCursor?: string }>,
  isWanted: (item: T) => boolean = () => true,
): Promise<{ items: T[]; isAll: boolean }> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items: found, nextCursor } = await load(cursor);
    const wanted = found.filter(isWanted);
    items.push(...wanted);
    cursor = nextCursor;
    if (!cursor || wanted.length < found.length) {
      return { items, isAll: true };
    }
  }
  return { items, isAll: false };
}
