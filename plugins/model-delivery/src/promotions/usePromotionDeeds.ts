import { useRef, useState } from 'react';
import type { PromotionEvent } from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from '../api';
import { useSubmit } from './useSubmit';

/** One event sent to a promotion. */
export interface Deed {
  event: PromotionEvent;
  reason?: string;
}

/** What {@link usePromotionDeeds} gives. */
export interface PromotionDeeds {
  /** Sends an event; why it was not done is then in `error` or `conflict`. */
  act: (deed: Deed) => Promise<boolean>;
  /** As `act`, but throws what is not a conflict, for a dialog that shows it. */
  actOrThrow: (deed: Deed) => Promise<void>;
  /** Whether nothing more should be sent yet: one is under way, or its outcome is not on the page yet. */
  isWaiting: boolean;
  error: unknown;
  conflict: string | null;
}

/**
 * Sends events to a promotion with the revision that the page shows, each revision acted upon once.
 * @param onDone - reloads the promotion, after success and after refusal
 */
export function usePromotionDeeds(
  promotion: { id: string; revision: number } | undefined,
  onDone: () => void,
): PromotionDeeds {
  const client = useModelDelivery();
  const [actedOn, setActedOn] = useState<number>();
  // The second click of a double click may come after the answer to the first, before the page shows it.
  const lastActedOn = useRef<number>();
  const send = useSubmit(async ({ event, reason }: Deed) => {
    if (!promotion || lastActedOn.current === promotion.revision) {
      return;
    }
    const { id, revision } = promotion;
    try {
      await client.POST('/promotions/{id}/transitions', {
        params: { path: { id } },
        body: { event, revision, ...(reason && { reason }) },
      });
      lastActedOn.current = revision;
      setActedOn(revision);
    } finally {
      onDone();
    }
  });
  return {
    act: send.submit,
    actOrThrow: send.submitOrThrow,
    isWaiting: send.pending || actedOn === promotion?.revision,
    error: send.error,
    conflict: send.conflict,
  };
}
