import type { ApprovalSubject } from '@slipway/backstage-plugin-model-delivery-common';
import { useCallback, useEffect, useState } from 'react';

/** A decision that is not sent yet. */
export interface Draft {
  /**
   * What this person has looked at. It stays although the page goes on living: nobody decides on what they did not see.
   */
  seen?: ApprovalSubject;
  reason: string;
}

/** The drafts of one visit to the inbox, by the promotion's id. */
export interface Drafts {
  get: (promotionId: string) => Draft | undefined;
  change: (promotionId: string, change: Partial<Draft>) => void;
}

const EMPTY: Draft = { reason: '' };

/** Keeps drafts while one looks at another promotion, and while a promotion is judged again and cannot be decided on. */
export function useDrafts(): Drafts {
  const [drafts, setDrafts] = useState<ReadonlyMap<string, Draft>>(new Map());
  const change = useCallback(
    (promotionId: string, part: Partial<Draft>) =>
      setDrafts(all =>
        new Map(all).set(promotionId, {
          ...(all.get(promotionId) ?? EMPTY),
          ...part,
        }),
      ),
    [],
  );
  return { get: promotionId => drafts.get(promotionId), change };
}

/** The draft for one promotion, which begins with what is decided on now. */
export function useDraft(
  drafts: Drafts,
  promotionId: string,
  subject: ApprovalSubject,
): Required<Draft> & { change: (part: Partial<Draft>) => void } {
  const { get, change } = drafts;
  const { seen, reason } = get(promotionId) ?? EMPTY;
  useEffect(() => {
    if (!seen) {
      change(promotionId, { seen: subject });
    }
  }, [seen, subject, promotionId, change]);
  return {
    seen: seen ?? subject,
    reason,
    change: part => change(promotionId, part),
  };
}
