import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ModelDeliveryClient } from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from './modelDeliveryApi';
import { ReloadOptions, Reloads, useReloads } from './useReloads';

/** One page of a list as the API gives it. */
export interface Page {
  items: unknown[];
  nextCursor?: string;
}

/** An item of a page. */
export type ItemOf<P extends Page> = P['items'][number];

interface Loaded<P extends Page> {
  pages: P[];
}

/** What {@link usePages} gives. */
export interface Pages<P extends Page> extends Omit<Reloads<unknown>, 'data'> {
  /** The items of all pages loaded so far; undefined before the first answer. */
  data: ItemOf<P>[] | undefined;
  /** The first page, with what else it tells, such as totals and facets. */
  first: P | undefined;
  hasMore: boolean;
  loadingMore: boolean;
  loadMore: () => void;
}

/** Beyond so many pages only these first ones are kept up to date: nobody wants a list to jump where they read. */
export const LIVE_PAGES = 4;

/**
 * A list of the API by cursor, kept up to date as {@link useLive} does. Items that appear again on a later page, since the
 * list moved meanwhile, are shown once.
 * @param keyOf - what tells items apart
 */
export function usePages<P extends Page>(
  key: string,
  loadPage: (context: {
    client: ModelDeliveryClient;
    cursor: string | undefined;
    /** Which page it is, from 0. */
    index: number;
    signal: AbortSignal;
  }) => Promise<P>,
  keyOf: (item: ItemOf<P>) => string,
  options: Omit<ReloadOptions<P>, 'pollSeconds' | 'signalled'> & {
    pollSeconds?: number;
  } = {},
): Pages<P> {
  const client = useModelDelivery();
  const wanted = useRef({ key, pages: 1, onlyMore: false });
  if (wanted.current.key !== key) {
    wanted.current = { key, pages: 1, onlyMore: false };
  }
  const [loadingMoreOf, setLoadingMoreOf] = useState<string | null>(null);

  const reloads = useReloads<Loaded<P>>(
    key,
    async ({ signal, previous }) => {
      const pages: P[] = [];
      let cursor: string | undefined;
      const known = previous?.pages ?? [];
      const { pages: count, onlyMore } = wanted.current;
      wanted.current.onlyMore = false;
      for (let index = 0; index < count; index++) {
        const mayKeep = onlyMore || index >= LIVE_PAGES;
        const page =
          mayKeep && known[index]
            ? known[index]
            : await loadPage({ client, cursor, index, signal });
        pages.push(page);
        cursor = page.nextCursor;
        if (!cursor) {
          break;
        }
      }
      return { pages };
    },
    { concerns: options.concerns, pollSeconds: options.pollSeconds },
  );

  const { data, loading, error, reload } = reloads;
  const pages = data?.pages ?? [];
  const hasMore = Boolean(pages[pages.length - 1]?.nextCursor);
  useEffect(() => {
    if (!loading) {
      setLoadingMoreOf(null);
    }
  }, [loading]);
  useEffect(() => {
    if (error) {
      // So that the button asks for the same page again
      wanted.current.pages = Math.max(1, pages.length);
    }
  }, [error, pages.length]);
  const count = pages.length;
  const loadMore = useCallback(() => {
    if (wanted.current.pages <= count) {
      wanted.current.pages = count + 1;
      wanted.current.onlyMore = true;
      setLoadingMoreOf(key);
      reload();
    }
  }, [count, key, reload]);

  const latestKeyOf = useRef(keyOf);
  latestKeyOf.current = keyOf;
  const items = useMemo(
    () => data && unique<P>(data.pages, latestKeyOf.current),
    [data],
  );

  return {
    ...reloads,
    data: items,
    first: pages[0],
    hasMore,
    loadingMore: loadingMoreOf === key,
    loadMore,
  };
}

function unique<P extends Page>(
  pages: P[],
  keyOf: (item: ItemOf<P>) => string,
): ItemOf<P>[] {
  const seen = new Set<string>();
  return pages
    .flatMap(page => page.items)
    .filter(item => {
      const itemKey = keyOf(item);
      const isNew = !seen.has(itemKey);
      seen.add(itemKey);
      return isNew;
    });
}
