import { isUniqueViolation } from '../database/values';
import { findServing } from '../deployments/deploymentStore';
import { progressPromotion, staleError } from '../promotions/changePromotion';
import {
  findOpenPromotions,
  findPromotion,
} from '../promotions/promotionStore';
import { isTrafficTouched } from '../promotions/transitions';
import { PromotionRecord } from '../promotions/types';
import { StepJudgement, StepSignals } from '../rollouts/analyseMetric';
import { judgeSignals } from '../rollouts/judgeStep';
import {
  changeRollout,
  RolloutContext,
  targetOf,
} from '../rollouts/rolloutContext';
import { findSteps } from '../rollouts/stepStore';
import { watchStep } from '../rollouts/watchStep';
import { Transaction } from '../database/UnitOfWork';
import { readBaseline } from './readBaseline';
import { endWatch, goBack, tellSlower, tellUnseen } from './watchOutcomes';
import { secondsBetweenLooks, WatchPlan, watchPlanOf } from './watchPlan';
import {
  findWatch,
  updateWatch,
  WatchColumns,
  WatchRecord,
} from './watchStore';

/**
 * Looks at a version that took over all traffic, again and again until its policy's time is over.
 *
 * It is compared with what the version before did when it last served. Errors beyond their margin put that one back by
 * itself, as soon as they are certain or at the end of a window. Whatever else gets worse is told to people and moves no
 * traffic: with nothing beside it to compare with, a latency that grows at noon says little of a version.
 */
export async function watchServing(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  const watch = await findWatch(context.work.knex, record.id);
  const plan = watchPlanOf(record.plan);
  if (watch?.state !== 'watching' || !plan) {
    await changeRollout(context, record, tx => toRelease(tx, record, holder));
    return;
  }
  const over = await findWhyOver(context, record);
  if (over) {
    await changeRollout(context, record, async tx => {
      await endWatch(tx, record, { state: 'ended', because: over });
      await toRelease(tx, record, holder);
    });
    return;
  }
  let signals: StepSignals;
  try {
    signals = await read(context, record, watch);
  } catch (error) {
    await missSignal(context, record, holder, {
      watch,
      why: error instanceof Error ? error.message : String(error),
    });
    return;
  }
  await judge(context, record, holder, { watch, plan, signals });
}

/** Why there is nothing to watch any more: something else serves, or is on its way. */
async function findWhyOver(
  { work: { knex } }: RolloutContext,
  record: PromotionRecord,
): Promise<string | undefined> {
  const { modelRef, environment } = record;
  const serving = await findServing(knex, modelRef, environment);
  if (!serving.some(each => each.promotionId === record.id)) {
    return `${serving[0]?.version ?? 'nothing'} serves there now`;
  }
  const open = await findOpenPromotions(knex, modelRef, environment);
  const next = open.find(
    each => isTrafficTouched(each) || each.kind === 'rollback',
  );
  return next && `the rollout of ${next.version} began`;
}

async function read(
  context: RolloutContext,
  record: PromotionRecord,
  watch: WatchRecord,
): Promise<StepSignals> {
  const target = targetOf(record);
  const source = await context.targets.requireSource(target);
  const { windowFrom: from, windowSeconds } = watch;
  const control =
    watch.baseline ??
    (await readBaseline(source, record, {
      steps: await findSteps(context.work.knex, record.id),
      windowSeconds,
    }));
  const candidate = await source.read({
    target,
    version: record.version,
    from,
    to: context.work.now(),
  });
  return { candidate, control };
}

async function judge(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
  looked: { watch: WatchRecord; plan: WatchPlan; signals: StepSignals },
): Promise<void> {
  const { watch, plan, signals } = looked;
  const now = context.work.now();
  const isOver = now >= watch.until;
  const isJudged =
    isOver ||
    now.getTime() >= watch.windowFrom.getTime() + watch.windowSeconds * 1000;
  const judgement = judgeSignals(plan.metrics, plan, signals);
  const certain = watchStep(plan, signals);
  const failed =
    certain ?? (isJudged && errorsFail(judgement) ? judgement : undefined);
  const change = async (work: (tx: Transaction) => Promise<void>) => {
    try {
      await (failed || isOver
        ? changeRollout(context, record, work)
        : context.work.run(work));
    } catch (error) {
      // Somebody else rolls it back at this very moment: the next look sees that
      throw isUniqueViolation(error) ? staleError(record, record) : error;
    }
  };
  await change(async tx => {
    const seen: WatchColumns = {
      baseline: JSON.stringify(signals.control),
      samples: signals.candidate.requests,
      analysis: JSON.stringify((failed ?? judgement).analysis),
      looked_at: tx.now,
      unseen_since: null,
      ...(isJudged && {
        windows: watch.windows + 1,
        windows_passed:
          watch.windowsPassed + (judgement.verdict === 'pass' ? 1 : 0),
        window_from: tx.now,
      }),
    };
    if (failed) {
      await updateWatch(tx.knex, record.id, seen);
      await goBack(tx, record, failed);
      await toRelease(tx, record, holder);
      return;
    }
    if (isJudged) {
      seen.slower_since =
        judgement.verdict === 'fail'
          ? await tellSlower(tx, record, watch, judgement)
          : null;
    }
    await updateWatch(tx.knex, record.id, seen);
    if (isOver) {
      const windows = watch.windows + 1;
      const passed = Number(seen.windows_passed);
      await endWatch(tx, record, {
        state: 'over',
        because: `${passed} of ${windows} judgements found it as good as ${
          record.fromVersion
        }${passed < windows ? ', the others were not certain' : ''}`,
      });
      await toRelease(tx, record, holder);
      return;
    }
    await lookLater(tx, record, holder, watch);
  });
}

/** Whether errors, or another proportion, are what failed. */
function errorsFail({ analysis }: StepJudgement): boolean {
  return analysis.some(
    each => each.verdict === 'fail' && each.kind === 'proportion',
  );
}

/** What cannot be measured is shown and told, and tried again: the version served well before. */
async function missSignal(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
  { watch, why }: { watch: WatchRecord; why: string },
): Promise<void> {
  await changeRollout(context, record, async tx => {
    if (tx.now >= watch.until) {
      await endWatch(tx, record, {
        state: 'over',
        because: `at last it could not be measured: ${why}`,
      });
      await toRelease(tx, record, holder);
      return;
    }
    if (!watch.unseenSince) {
      await updateWatch(tx.knex, record.id, { unseen_since: tx.now });
      tellUnseen(tx, record, why);
    }
    await lookLater(tx, record, holder, watch);
  });
}

/** Comes back later; nobody has to hear of that. */
async function lookLater(
  tx: Transaction,
  record: PromotionRecord,
  holder: string,
  { windowSeconds, until }: WatchRecord,
): Promise<void> {
  const next = tx.now.getTime() + secondsBetweenLooks(windowSeconds) * 1000;
  const changed = await tx
    .knex('promotions')
    .where({ id: record.id, lease_owner: holder, revision: record.revision })
    .update({
      due_at: new Date(Math.min(next, until.getTime())),
      attempts: 0,
    });
  if (changed !== 1) {
    throw staleError(record, await findPromotion(tx.knex, record.id));
  }
}

async function toRelease(
  tx: Transaction,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  await progressPromotion(tx, record, {
    holder,
    set: { operation: 'release', operation_since: tx.now, due_at: tx.now },
  });
}
