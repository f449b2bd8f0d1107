import { ConflictError } from '@backstage/errors';
import { Transaction } from '../database/UnitOfWork';
import { releaseEnvironmentLock } from '../rollouts/environmentLock';
import { skipRest } from '../rollouts/stepStore';
import { changePromotion } from './changePromotion';
import { lockPromotion } from './promotionStore';
import { transitionColumns } from './transitionColumns';
import { nextState } from './transitions';
import { PromotionRecord } from './types';

/**
 * Has a rollback that is in technical trouble tried again now, since somebody asks for the same; or cancels it, if it has
 * touched no traffic, in favour of one to another version.
 * @returns the rollback that is tried again; undefined when there is none any more
 * @throws ConflictError when it is on its way, or may have moved traffic to another version than is asked for
 */
export async function retryOrReplace(
  tx: Transaction,
  { id }: PromotionRecord,
  asked: { actor: string; versionId: string; reason: string },
): Promise<PromotionRecord | undefined> {
  // Whatever a worker does with it at the same moment comes before or after
  const twin = await lockPromotion(tx, id);
  const isSame = twin?.versionId === asked.versionId;
  const event = isSame ? 'retry' : 'cancel';
  if (
    !twin ||
    twin.state !== 'errored' ||
    twin.bundle ||
    !nextState(twin, event)
  ) {
    throw new ConflictError(
      `Promotion ${id} already rolls ${twin?.environment} back to ${twin?.version}`,
    );
  }
  const changed = await changePromotion(tx, twin, {
    event,
    note: {
      actor: asked.actor,
      action: isSame ? 'promotion.retried' : 'promotion.cancelled',
      summary: isSame
        ? `Tried again, since the same rollback was asked for: ${asked.reason}`
        : `Cancelled, since a rollback to another version takes its place: ${asked.reason}`,
      details: { event, reason: asked.reason },
    },
    set: transitionColumns(tx, twin, event),
  });
  if (isSame) {
    return changed;
  }
  await skipRest(tx.knex, id);
  await releaseEnvironmentLock(tx, twin);
  return undefined;
}
