import { Transaction } from '../database/UnitOfWork';
import { findControl } from '../deployments/deploymentStore';
import { DeploymentFact } from '../deployments/types';
import { staleError } from '../promotions/changePromotion';
import { sendToGates } from '../promotions/reEvaluate';
import { PromotionRecord } from '../promotions/types';
import { takeEnvironmentLock } from '../rollouts/environmentLock';
import {
  changeRollout,
  RolloutContext,
  targetOf,
} from '../rollouts/rolloutContext';
import { makeWay } from '../rollouts/makeWay';
import { beginRollout, findAhead, waitFor } from '../rollouts/startRollout';
import { byModel } from './bundleDigest';
import { findBundleObstacle, findKept } from './bundleObstacle';
import { findMembers, wakeOthers } from './bundlePromotionStore';
import { BundleMember } from './types';

/** Why members do not start yet, or are to be looked at again. */
interface Finding {
  member: PromotionRecord;
  stale?: string;
  hold?: { why: string; until: Date };
}

/**
 * Begins the rollout of all members of a bundle in one transaction, once each is scheduled, what was approved of each
 * still holds, and every one of their environments is free. The first member acts for all; the others only wake it.
 */
export async function startTogether(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  const bundle = record.bundle!;
  const members = await findMembers(context.work.knex, [bundle.id]);
  const missing = members.find(each => each.state !== 'scheduled');
  if (missing || record.id !== bundle.leadId) {
    await changeRollout(context, record, async tx => {
      await setQueued(tx, record, false);
      if (!missing) {
        await wakeOthers(tx, record, { state: 'scheduled' });
      }
      await waitFor(
        tx,
        record,
        holder,
        missing
          ? `it goes together with ${missing.version} of ${missing.modelTitle}, which is ${missing.state}`
          : 'it begins together with the others of its bundle',
      );
    });
    return;
  }
  const finding = await look(context, members);
  await changeRollout(context, record, async (tx, models) => {
    const current = await findMembers(tx.knex, [bundle.id]);
    const changed = current.find(
      (each, i) => each.revision !== members[i].revision,
    );
    if (changed) {
      throw staleError(record, changed);
    }
    if (record.kind === 'rollback') {
      const stopped = await makeWay(tx, context.metrics, current);
      stopped.forEach(each => models.add(each));
    }
    await startAll(tx, record, current, finding, holder);
  });
}

/** What keeps the members back besides other promotions; read before the transaction, which may not wait for anything. */
async function look(
  context: RolloutContext,
  members: PromotionRecord[],
): Promise<Finding | undefined> {
  for (const member of members) {
    context.targets.requireDeployer(targetOf(member));
    if (member.kind === 'promotion') {
      const stale = await context.evaluator.findStaleness(member);
      if (stale) {
        return { member, stale };
      }
    }
  }
  for (const member of members) {
    const hold =
      member.kind === 'promotion' && (await context.evaluator.findHold(member));
    if (hold) {
      return { member, hold };
    }
  }
  return undefined;
}

async function startAll(
  tx: Transaction,
  lead: PromotionRecord,
  members: PromotionRecord[],
  finding: Finding | undefined,
  holder: string,
): Promise<void> {
  const isLead = (member: PromotionRecord) => member.id === lead.id;
  const holderOf = (member: PromotionRecord) =>
    isLead(member) ? holder : undefined;
  if (finding?.stale) {
    const member = members.find(each => each.id === finding.member.id)!;
    await setQueued(tx, lead, false);
    await sendToGates(tx, member, {
      why: finding.stale,
      holder: holderOf(member),
    });
    return;
  }
  if (finding?.hold) {
    await setQueued(tx, lead, false);
    await waitFor(tx, lead, holder, finding.hold.why, finding.hold.until);
    return;
  }
  const ahead = await takeLocks(tx, lead, members);
  if (ahead) {
    await setQueued(tx, lead, true);
    await waitFor(tx, lead, holder, ahead);
    return;
  }
  const gone = await findBundleObstacle(tx.knex, lead);
  const controls = new Map<number, DeploymentFact | undefined>();
  for (const member of members) {
    const control = await findControl(
      tx.knex,
      member.modelRef,
      member.environment,
    );
    controls.set(member.id, control);
    const isOther = (control?.id ?? null) !== member.fromDeploymentId;
    if (member.kind === 'promotion' && (isOther || (gone && isLead(member)))) {
      await giveUpLocks(tx, members);
      await setQueued(tx, lead, false);
      await sendToGates(tx, member, {
        why: isOther
          ? `${control?.version ?? 'nothing'} serves there now`
          : gone!,
        holder: holderOf(member),
      });
      return;
    }
  }
  await setQueued(tx, lead, false);
  for (const member of members) {
    await beginRollout(tx, member, controls.get(member.id), holderOf(member));
  }
}

/**
 * Takes the locks of all members, those that need not move too, in the one order of their models; or none of them.
 * @returns who comes first, in words
 */
async function takeLocks(
  tx: Transaction,
  lead: PromotionRecord,
  members: PromotionRecord[],
): Promise<string | undefined> {
  const places = [...members, ...(await findKept(tx.knex, lead))].sort(byModel);
  for (const place of places) {
    const ahead = isMember(place)
      ? await findAhead(tx, place)
      : await findHolder(tx, lead, place.modelRef);
    if (ahead) {
      await giveUpLocks(tx, members);
      return ahead;
    }
  }
  return undefined;
}

function isMember(
  place: PromotionRecord | BundleMember,
): place is PromotionRecord {
  return 'state' in place;
}

async function findHolder(
  tx: Transaction,
  lead: PromotionRecord,
  modelRef: string,
): Promise<string | undefined> {
  const place = { id: lead.id, modelRef, environment: lead.environment };
  const { holder } = await takeEnvironmentLock(tx, place);
  return holder === lead.id
    ? undefined
    : `it waits for promotion ${holder}, which moves traffic of ${modelRef}, a member of its bundle`;
}

/** Gives back whatever environments the members hold, before any of them has traffic. */
export async function giveUpLocks(
  tx: Transaction,
  members: PromotionRecord[],
): Promise<void> {
  await tx
    .knex('environment_locks')
    .whereIn(
      'promotion_id',
      members.map(each => each.id),
    )
    .delete();
}

/** Writes whether the bundle waits for nothing but other promotions, which then let it go first when it is its turn. */
async function setQueued(
  tx: Transaction,
  record: PromotionRecord,
  isQueued: boolean,
): Promise<void> {
  await tx
    .knex('bundle_promotions')
    .where({ id: record.bundle!.id })
    .update({ queued_at: isQueued ? tx.now : null });
}
