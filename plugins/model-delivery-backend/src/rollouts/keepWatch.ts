import { goOnTogether } from '../bundles/goOnTogether';
import { ENGINE_ACTOR, progressPromotion } from '../promotions/changePromotion';
import { notifyTrouble } from '../promotions/notifications';
import { PromotionRecord } from '../promotions/types';
import { round } from '../words';
import { StepJudgement } from './analyseMetric';
import { giveTrafficBack } from './giveTrafficBack';
import { holdsTraffic } from './holdsTraffic';
import { describeJudgement } from './judgeStep';
import { readStepSignals } from './readStepSignals';
import {
  analysisInterval,
  changeRollout,
  lookAgain,
  progressRollout,
  RolloutContext,
  targetOf,
} from './rolloutContext';
import { findSteps } from './stepStore';
import { watchStep } from './watchStep';

/** Lets a member whose step passed go on with the others, unless it failed while it waited for them. */
export async function waitTogether(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  const failure = await findFailure(context, record);
  await (failure
    ? fail(context, record, holder, failure)
    : goOnTogether(context, record, holder));
}

/**
 * Looks at a promotion that is paused while it takes traffic. It is not judged and never goes on by that: a person decides,
 * unless it fails for certain, and then what served before has all traffic again.
 */
export async function watchPaused(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  const failure = await findFailure(context, record);
  if (failure) {
    await fail(context, record, holder, failure);
    return;
  }
  const next = nextLook(context, record);
  await (record.attempts > 0
    ? progressRollout(context, record, holder, () => ({ due_at: next }))
    : lookAgain(context, record, holder, next));
}

/** Tells, once, that a paused promotion cannot be watched; it is tried again, since a person decides anyway. */
export async function missWhilePaused(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
  message: string,
): Promise<void> {
  const next = nextLook(context, record);
  if (record.attempts > 0) {
    await lookAgain(context, record, holder, next);
    return;
  }
  const share = round(record.share ?? 0, 1);
  await changeRollout(context, record, async tx => {
    const changed = await progressPromotion(tx, record, {
      holder,
      note: {
        actor: ENGINE_ACTOR,
        action: 'promotion.pause-unwatched',
        summary: `${record.version} is paused at ${share} % and cannot be watched: ${message}`,
      },
      set: {
        attempts: 1,
        error_message: message.slice(0, 2_000),
        due_at: next,
      },
    });
    notifyTrouble(
      tx,
      changed,
      `${record.version} is paused, and cannot be watched`,
      `${message}. It takes ${share} % of the traffic of ${record.environment}: abort it unless you know that it is well.`,
    );
  });
}

/** What is certain to have failed since it is held; undefined for all else, and until the first look is due. */
async function findFailure(
  context: RolloutContext,
  record: PromotionRecord,
): Promise<StepJudgement | undefined> {
  const from = watchedFrom(record, context.work.now());
  if (!holdsTraffic(record) || !from) {
    return undefined;
  }
  const target = targetOf(record);
  const steps = await findSteps(context.work.knex, record.id);
  const index = record.stepIndex ?? 0;
  const signals = await readStepSignals(
    await context.targets.requireSource(target),
    {
      target,
      candidate: record.version,
      control: record.fromVersion ?? '',
      steps,
      // Where the next step is only about to begin, the one before has the traffic
      index: steps[index]?.startedAt ? index : Math.max(0, index - 1),
      from,
      to: context.work.now(),
    },
  );
  return watchStep(record.plan, signals);
}

/**
 * Since when a promotion that is held is measured: a stretch of its step's window at a time, so that hours in which all was
 * well do not hide what is wrong now, and one analysis interval at least. Undefined before the first one is over. Pure.
 */
export function watchedFrom(
  record: Pick<
    PromotionRecord,
    'state' | 'stateSince' | 'operationSince' | 'plan' | 'stepIndex'
  >,
  now: Date,
): Date | undefined {
  const since =
    record.state === 'paused'
      ? record.stateSince
      : record.operationSince ?? record.stateSince;
  const step = record.plan.steps[record.stepIndex ?? 0];
  const before = now.getTime() - since.getTime() - analysisInterval(step);
  const windowMs = step.windowSeconds * 1000;
  return before < 0
    ? undefined
    : new Date(since.getTime() + Math.floor(before / windowMs) * windowMs);
}

function nextLook(context: RolloutContext, record: PromotionRecord): Date {
  const interval = analysisInterval(record.plan.steps[record.stepIndex ?? 0]);
  return new Date(context.work.now().getTime() + interval);
}

async function fail(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
  judgement: StepJudgement,
): Promise<void> {
  const said = describeJudgement(judgement);
  const share = `${round(record.share ?? 0, 1)} %`;
  const during =
    record.state === 'paused'
      ? 'while it was paused'
      : 'while it waited for the others of its bundle';
  await changeRollout(context, record, tx =>
    giveTrafficBack(context, tx, record, holder, {
      judgement,
      said,
      summary: `${record.version} failed at ${share} ${during}: ${said}`,
      title: `${record.version} failed at ${share} ${during}`,
    }),
  );
}
