import {
  changePromotion,
  ENGINE_ACTOR,
  progressPromotion,
} from '../promotions/changePromotion';
import { notifyTrouble } from '../promotions/notifications';
import { isTrafficTouched } from '../promotions/transitions';
import { PromotionRecord } from '../promotions/types';
import { pausedColumns } from './holdsTraffic';
import { changeRollout, RolloutContext } from './rolloutContext';

/**
 * Whether what the gates judge by has changed since they were judged for a rollout that moves traffic. One that does not yet
 * is looked at right before its first traffic. Pure.
 */
export function isJudgedAgain(record: PromotionRecord): boolean {
  return (
    record.evidenceChanges !== record.evidenceSeen && isTrafficTouched(record)
  );
}

/**
 * Judges the gates of a rollout once more, which new evidence or the end of a waiver asks for, and pauses it where they do
 * not let it through any more. Whoever resumes it has read why.
 */
export async function judgeGatesAgain(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  const why = await context.evaluator.findBlocked(record);
  const seen = { evidence_seen: record.evidenceChanges };
  await changeRollout(context, record, async tx => {
    if (!why) {
      await progressPromotion(tx, record, {
        holder,
        set: { ...seen, due_at: tx.now },
      });
      return;
    }
    const changed = await changePromotion(tx, record, {
      event: 'pause',
      holder,
      note: {
        actor: ENGINE_ACTOR,
        action: 'promotion.paused',
        summary: `Paused, since its gates were judged again: ${why}`,
      },
      set: { ...seen, ...pausedColumns(tx.now), obstacle: why },
    });
    notifyTrouble(
      tx,
      changed,
      `The rollout of ${record.version} of ${record.modelTitle} was paused`,
      `${why}. A person decides: resume or abort.`,
    );
  });
}
