import type { ApprovalSubject } from '@slipway/backstage-plugin-model-delivery-common';
import { useCallback, useEffect, useRef, useState } from 'react';
import { readDraft, writeDraft } from '../drafts/draftStorage';

/** A decision that is not sent yet. */
export interface Draft {
  /**
   * What this person has looked at. It stays although the page goes on living: nobody decides on what they did not see.
   */
  seen?: ApprovalSubject;
  reason: string;
}

/** What one person wrote in the inbox, by the promotion's id. */
export interface Drafts {
  get: (promotionId: string) => Draft | undefined;
  change: (promotionId: string, change: Partial<Draft>) => void;
  /** Forgets it: it is decided. */
  drop: (promotionId: string) => void;
}

const EMPTY: Draft = { reason: '' };
const about = (promotionId: string) => `decision/${promotionId}`;

/**
 * Keeps drafts while one looks at another promotion, while a promotion is judged again and cannot be decided on, and
 * beyond a reload of the page and another theme. What was looked at is part of a draft, so that a page which shows
 * something else by then says so before it sends what was written.
 * @param userRef - whoever writes; only their own drafts are given
 */
export function useDrafts(userRef: string | undefined): Drafts {
  const [drafts, setDrafts] = useState<ReadonlyMap<string, Draft>>(new Map());
  const get = useCallback(
    (promotionId: string): Draft | undefined =>
      drafts.get(promotionId) ?? read(userRef, promotionId),
    [drafts, userRef],
  );
  const latest = useRef(drafts);
  const set = useCallback(
    (promotionId: string, draft: Draft | undefined) => {
      const next = new Map(latest.current);
      next.delete(promotionId);
      if (draft) {
        next.set(promotionId, draft);
      }
      latest.current = next;
      setDrafts(next);
      if (userRef) {
        writeDraft(userRef, about(promotionId), draft);
      }
    },
    [userRef],
  );
  const change = useCallback(
    (promotionId: string, part: Partial<Draft>) =>
      set(promotionId, {
        ...(latest.current.get(promotionId) ??
          read(userRef, promotionId) ??
          EMPTY),
        ...part,
      }),
    [set, userRef],
  );
  const drop = useCallback(
    (promotionId: string) => set(promotionId, undefined),
    [set],
  );
  return { get, change, drop };
}

function read(
  userRef: string | undefined,
  promotionId: string,
): Draft | undefined {
  const kept = userRef && readDraft(userRef, about(promotionId));
  return kept ? { ...EMPTY, ...kept } : undefined;
}

/** The draft for one promotion, which begins with what is decided on now. */
export function useDraft(
  drafts: Drafts,
  promotionId: string,
  subject: ApprovalSubject,
): Required<Draft> & {
  change: (part: Partial<Draft>) => void;
  drop: () => void;
} {
  const { get, change, drop } = drafts;
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
    drop: () => drop(promotionId),
  };
}
