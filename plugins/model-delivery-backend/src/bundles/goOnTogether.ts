import { Transaction } from '../database/UnitOfWork';
import { staleError, progressPromotion } from '../promotions/changePromotion';
import { PromotionRecord } from '../promotions/types';
import {
  analysisInterval,
  changeRollout,
  RolloutContext,
} from '../rollouts/rolloutContext';
import { backToGates, findLateObstacle } from '../rollouts/firstTraffic';
import { succeed } from '../rollouts/settle';
import { findSteps } from '../rollouts/stepStore';
import { mayTake, maySettle, RollingMember } from './barrier';
import { findMembers } from './bundlePromotionStore';
import { giveUpLocks } from './startTogether';

/** How long a member waits before it looks at the others again, if none of them wakes it, in milliseconds. */
const LOOK_MS = 10_000;

/**
 * Lets a member of a bundle that is ready, or whose step passed, go on once the others have come as far: to its next share
 * of the traffic, or, when all have passed their last step, all of them to their end in one transaction.
 */
export async function goOnTogether(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  const look = await lookOnceMore(context, record);
  await changeRollout(context, record, async tx => {
    const members = await readMembers(tx, record);
    const own = members.find(each => each.record.id === record.id);
    if (
      !own ||
      own.record.revision !== record.revision ||
      own.record.operation !== record.operation
    ) {
      throw staleError(record, own?.record);
    }
    if (look?.late) {
      await sendBack(tx, members, own, look.late, holder);
      return;
    }
    if (maySettle(members)) {
      for (const each of members) {
        const isOwn = each === own;
        await succeed(tx, each.record, isOwn ? holder : undefined);
      }
      return;
    }
    if (!look && members.every(each => isReady(each.record))) {
      // The last of them became ready meanwhile
      await progressPromotion(tx, own.record, {
        holder,
        set: { due_at: tx.now },
      });
      return;
    }
    const index = nextIndex(own.record);
    const next = own.steps[index];
    const others = members.filter(each => each !== own);
    await progressPromotion(tx, own.record, {
      holder,
      set:
        next && mayTake(next.share, others)
          ? {
              operation: 'traffic',
              operation_since: tx.now,
              step_index: index,
              due_at: tx.now,
              attempts: 0,
              error_message: null,
            }
          : {
              due_at: new Date(tx.now.getTime() + pauseOf(own.record)),
              attempts: 0,
              error_message: null,
            },
    });
  });
}

/**
 * Looks once more at all members before the first of them takes traffic, when all are ready and none has any: what was
 * approved of one may not hold any more, or its environment be frozen by now. Read before the transaction, which may not wait
 * for anything.
 * @returns what keeps them from it, if anything; undefined while they are not all ready, and were not looked at
 */
async function lookOnceMore(
  context: RolloutContext,
  record: PromotionRecord,
): Promise<{ late?: string } | undefined> {
  const members = await findMembers(context.work.knex, [record.bundle!.id]);
  if (!members.every(isReady)) {
    return undefined;
  }
  for (const each of members) {
    const late = await findLateObstacle(
      context.work.knex,
      context.evaluator,
      each,
    );
    if (late) {
      return { late: `${each.version} of ${each.modelTitle}: ${late}` };
    }
  }
  return {};
}

function isReady({ state, operation }: PromotionRecord): boolean {
  return state === 'rolling-out' && operation === 'prepared';
}

/** Sends all members back to their gates, and lets others have their environments. */
async function sendBack(
  tx: Transaction,
  members: { record: PromotionRecord }[],
  own: { record: PromotionRecord },
  why: string,
  holder: string,
): Promise<void> {
  const moved = members.find(each => !isReady(each.record));
  if (moved) {
    throw staleError(own.record, moved.record);
  }
  for (const each of members) {
    await backToGates(tx, each.record, why, each === own ? holder : undefined);
  }
  await giveUpLocks(
    tx,
    members.map(each => each.record),
  );
}

/** Milliseconds to the next look: what takes traffic is watched while it waits. */
function pauseOf({ operation, plan, stepIndex }: PromotionRecord): number {
  const step = plan.steps[stepIndex ?? 0];
  return operation === 'passed' && step
    ? Math.min(LOOK_MS, analysisInterval(step))
    : LOOK_MS;
}

/** The step that comes next: the first for what is only ready. */
function nextIndex(record: PromotionRecord): number {
  return record.operation === 'prepared' ? 0 : (record.stepIndex ?? 0) + 1;
}

async function readMembers(tx: Transaction, record: PromotionRecord) {
  const members: (RollingMember & { record: PromotionRecord })[] = [];
  for (const each of await findMembers(tx.knex, [record.bundle!.id])) {
    members.push({ record: each, steps: await findSteps(tx.knex, each.id) });
  }
  return members;
}
