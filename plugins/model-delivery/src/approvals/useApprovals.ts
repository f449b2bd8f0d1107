import {
  ApprovalPage,
  dataOf,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Pages, usePages } from '../api';

/** Sections of the inbox. */
export type ApprovalSection = 'waiting' | 'reviews' | 'barred' | 'decided';

/** One entry of the inbox. */
export type ApprovalItem = ApprovalPage['items'][number];

/** The sections of the caller's inbox, each by pages, live. */
export function useApprovals(): Record<ApprovalSection, Pages<ApprovalPage>> {
  return {
    waiting: useSection('waiting'),
    reviews: useSection('reviews'),
    barred: useSection('barred'),
    decided: useSection('decided'),
  };
}

function useSection(section: ApprovalSection): Pages<ApprovalPage> {
  return usePages<ApprovalPage>(
    `approvals/${section}`,
    ({ client, cursor, signal }) =>
      client
        .GET('/approvals', {
          params: {
            query: { section, limit: section === 'waiting' ? 50 : 10, cursor },
          },
          signal,
        })
        .then(dataOf),
    // The same promotion may have been decided on more than once.
    item => `${item.promotion.id}/${item.decision?.id ?? ''}`,
    { concerns: signal => signal.type === 'promotion' },
  );
}
