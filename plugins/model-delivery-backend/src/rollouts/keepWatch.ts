import { goOnTogether } from '../bundles/goOnTogether';
import { ENGINE_ACTOR, progressPromotion } from '../promotions/changePromotion';
import { notifyTrouble } from '../promotions/notifications';
import { PromotionRecord } from '../promotions/types';
import { round } from '../words';
import { StepJudgement } from './analyseMetric';
import { giveTrafficBack } from './giveTrafficBack';
import { heldStretches } from './heldStretches';
import { holdsTraffic, isHeldByTrouble } from './holdsTraffic';
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

/** Begins what is said where trouble holds a version that cannot be watched. */
const UNWATCHED = 'it cannot be watched meanwhile: ';

/**
 * Looks at a promotion that trouble keeps from going on while it may take traffic, and gives that back if it fails for
 * certain. What cannot be watched is told once, when trying again is left to a person.
 * @returns whether it failed
 */
export async function watchInTrouble(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<boolean> {
  let failure: StepJudgement | undefined;
  let unseen: string | undefined;
  try {
    failure = await findFailure(context, record);
  } catch (error) {
    unseen = error instanceof Error ? error.message : String(error);
  }
  if (failure) {
    await fail(context, record, holder, failure);
    return true;
  }
  if (!record.isGivenUp) {
    return false;
  }
  const next = nextLook(context, record);
  const isTold = record.obstacle !== null;
  const wasUnseen = record.obstacle?.startsWith(UNWATCHED) ?? false;
  if (unseen && !isTold) {
    await missInTrouble(context, record, holder, { why: unseen, next });
  } else if (!unseen && wasUnseen) {
    await changeRollout(context, record, async tx => {
      await progressPromotion(tx, record, {
        holder,
        set: { obstacle: null, due_at: next },
      });
    });
  } else {
    await lookAgain(context, record, holder, next);
  }
  return false;
}

async function missInTrouble(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
  { why, next }: { why: string; next: Date },
): Promise<void> {
  const share = round(record.share ?? 0, 1);
  await changeRollout(context, record, async tx => {
    const changed = await progressPromotion(tx, record, {
      holder,
      note: {
        actor: ENGINE_ACTOR,
        action: 'promotion.trouble-unwatched',
        summary: `${record.version} is kept at ${share} % by technical trouble and cannot be watched: ${why}`,
      },
      set: { obstacle: `${UNWATCHED}${why}`.slice(0, 2_000), due_at: next },
    });
    notifyTrouble(
      tx,
      changed,
      `${record.version} is in technical trouble, and cannot be watched`,
      `${why}. It takes ${share} % of the traffic of ${record.environment}: abort it unless you know that it is well.`,
    );
  });
}

/** What is certain to have failed since it is held; undefined for all else, and until the first look is due. */
async function findFailure(
  context: RolloutContext,
  record: PromotionRecord,
): Promise<StepJudgement | undefined> {
  const now = context.work.now();
  const isInTrouble = isHeldByTrouble(record);
  const since = heldSince(record);
  const stretches =
    isInTrouble || holdsTraffic(record)
      ? heldStretches(measured(record), since, now)
      : [];
  if (stretches.length === 0) {
    return undefined;
  }
  const target = targetOf(record);
  const index = record.stepIndex ?? 0;
  const steps = (await findSteps(context.work.knex, record.id)).map((each, i) =>
    // Nobody knows whether the step that trouble keeps from beginning has its traffic
    isInTrouble && i === index && !each.startedAt
      ? { ...each, startedAt: since }
      : each,
  );
  const source = await context.targets.requireSource(target);
  for (const { from, level } of stretches) {
    const signals = await readStepSignals(source, {
      target,
      candidate: record.version,
      control: record.fromVersion ?? '',
      steps,
      // Where the next step is only about to begin, the one before has the traffic
      index: steps[index]?.startedAt ? index : Math.max(0, index - 1),
      from,
      to: now,
    });
    const failure = watchStep(record.plan, signals, level);
    if (failure) {
      return failure;
    }
  }
  return undefined;
}

/** The step by whose window is measured: the present one, or where that is not watched the last one that is. */
function measured({
  plan,
  stepIndex,
}: PromotionRecord): Pick<PromotionRecord, 'plan' | 'stepIndex'> {
  let index = stepIndex ?? 0;
  while (index > 0 && !plan.steps[index]?.windowSeconds) {
    index -= 1;
  }
  return { plan, stepIndex: index };
}

/** Since when it takes traffic without being judged. */
function heldSince(record: PromotionRecord): Date {
  return record.state === 'paused'
    ? record.stateSince
    : record.operationSince ?? record.stateSince;
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
    {
      paused: 'while it was paused',
      errored: 'while technical trouble kept it from going on',
    }[record.state as string] ?? 'while it waited for the others of its bundle';
  await changeRollout(context, record, tx =>
    giveTrafficBack(context, tx, record, holder, {
      judgement,
      said,
      summary: `${record.version} failed at ${share} ${during}: ${said}`,
      title: `${record.version} failed at ${share} ${during}`,
    }),
  );
}
