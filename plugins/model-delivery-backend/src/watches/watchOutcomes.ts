import { byModel } from '../bundles/bundleDigest';
import {
  findTogether,
  requireBundlePromotion,
} from '../bundles/bundlePromotionStore';
import { requireBundle } from '../bundles/bundleStore';
import { insertBundlePromotion } from '../bundles/insertBundlePromotion';
import { findServesIn } from '../bundles/servingBundles';
import { toReturn } from '../bundles/toReturn';
import { Transaction } from '../database/UnitOfWork';
import { findRollbackTarget } from '../deployments/verifiedStore';
import { ENGINE_ACTOR } from '../promotions/changePromotion';
import { insertRollback } from '../promotions/insertRollback';
import { notifyTrouble } from '../promotions/notifications';
import { findOpenPromotions } from '../promotions/promotionStore';
import { PromotionRecord } from '../promotions/types';
import { StepJudgement } from '../rollouts/analyseMetric';
import { describeJudgement } from '../rollouts/judgeStep';
import { capitalize } from '../words';
import { updateWatch, WatchRecord } from './watchStore';

/** Ends a watch, with an audit entry that says why. */
export async function endWatch(
  tx: Transaction,
  record: PromotionRecord,
  end: { state: 'over' | 'ended' | 'failed'; because: string },
): Promise<void> {
  await updateWatch(tx.knex, record.id, {
    state: end.state,
    ended_at: tx.now,
    ended_because: end.because,
    baseline: null,
  });
  addNote(
    tx,
    record,
    `watch-${end.state}`,
    {
      over: `The time to watch ${record.version} is over: ${end.because}`,
      ended: `${record.version} is not watched any more: ${end.because}`,
      failed: `${record.version} failed after it took over all traffic: ${end.because}`,
    }[end.state],
  );
}

/** Puts the version before back, since the one that serves makes too many errors. */
export async function goBack(
  tx: Transaction,
  record: PromotionRecord,
  judgement: StepJudgement,
): Promise<void> {
  const because = describeJudgement(judgement);
  await endWatch(tx, record, { state: 'failed', because });
  const back = await putBack(tx, record, because);
  notifyTrouble(
    tx,
    record,
    `${record.version} of ${record.modelTitle} failed after full traffic`,
    `${capitalize(because)}. ${
      back
        ? `All traffic returns to ${back}.`
        : 'There is no earlier version to return to: act now.'
    }`,
  );
}

/**
 * Begins a rollback to the version before, of the whole bundle where it went there as part of one.
 * @returns what returns, in words; undefined when nothing can
 */
async function putBack(
  tx: Transaction,
  record: PromotionRecord,
  because: string,
): Promise<string | undefined> {
  const { modelRef, environment } = record;
  const note = `${record.version} failed while it was watched: ${because}`;
  const open = await findOpenPromotions(tx.knex, modelRef, environment);
  const twin = open.find(each => each.kind === 'rollback');
  if (twin) {
    return twin.version;
  }
  const made = { requestedBy: ENGINE_ACTOR, note };
  if (record.bundle) {
    return putBundleBack(tx, record, made);
  }
  const back = await findRollbackTarget(tx.knex, modelRef, environment);
  if (back) {
    await insertRollback(tx, {
      ...made,
      modelRef,
      environment: { name: environment, tier: record.environmentTier },
      version: { id: back.versionId, name: back.version },
      policyDigest: record.policyDigest,
      idempotencyKey: `watch-${record.id}`,
    });
  }
  return back?.version;
}

async function putBundleBack(
  tx: Transaction,
  record: PromotionRecord,
  made: { requestedBy: string; note: string },
): Promise<string | undefined> {
  const promotion = await requireBundlePromotion(
    tx.knex,
    String(record.bundle!.id),
  );
  const bundle = await requireBundle(tx.knex, promotion.bundleId);
  const servesIn = (await findServesIn(tx.knex, [bundle])).get(bundle.id) ?? [];
  const together = await findTogether(tx.knex, record);
  if (
    !servesIn.includes(record.environment) ||
    together.some(each => !each.fromVersionId)
  ) {
    return undefined;
  }
  const members = [];
  for (const each of together.sort(byModel)) {
    members.push(
      await toReturn(tx.knex, each, {
        ...made,
        environment: { name: each.environment, tier: each.environmentTier },
        policyDigest: each.policyDigest,
      }),
    );
  }
  await insertBundlePromotion(tx, {
    ...made,
    bundleId: promotion.bundleId,
    environment: record.environment,
    kind: 'rollback',
    members,
  });
  return `what served before the bundle '${bundle.name}'`;
}

/** Tells, once, that something other than errors got worse. Returns since when that is known. */
export async function tellSlower(
  tx: Transaction,
  record: PromotionRecord,
  watch: WatchRecord,
  judgement: StepJudgement,
): Promise<Date> {
  if (watch.slowerSince) {
    return watch.slowerSince;
  }
  const because = describeJudgement(judgement);
  addNote(
    tx,
    record,
    'watch-warned',
    `${record.version} got worse after it took over all traffic: ${because}`,
  );
  notifyTrouble(
    tx,
    record,
    `${record.version} of ${record.modelTitle} got worse after full traffic`,
    `${capitalize(
      because,
    )}. Nothing serves beside it to compare with, so no traffic moves by itself: look at it, and roll back if that is right.`,
  );
  return tx.now;
}

/** Tells that a version cannot be watched any more. */
export function tellUnseen(
  tx: Transaction,
  record: PromotionRecord,
  why: string,
): void {
  addNote(
    tx,
    record,
    'watch-unseen',
    `${record.version} cannot be watched: ${why}`,
  );
  notifyTrouble(
    tx,
    record,
    `${record.version} of ${record.modelTitle} cannot be watched`,
    `${why}. It serves all traffic of ${record.environment}, and is looked at again as soon as that works.`,
  );
}

function addNote(
  tx: Transaction,
  record: PromotionRecord,
  action: string,
  summary: string,
): void {
  tx.record({
    actor: ENGINE_ACTOR,
    action: `promotion.${action}`,
    model: record.modelRef,
    subject: `promotion:${record.id}`,
    summary,
    details: { version: record.version, environment: record.environment },
  });
}
