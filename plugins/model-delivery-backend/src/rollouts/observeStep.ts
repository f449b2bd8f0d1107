import { arrive } from '../bundles/arrive';
import { Transaction } from '../database/UnitOfWork';
import {
  changePromotion,
  ENGINE_ACTOR,
  progressPromotion,
} from '../promotions/changePromotion';
import { notifyTrouble } from '../promotions/notifications';
import { PromotionColumns } from '../promotions/promotionStore';
import { PromotionRecord } from '../promotions/types';
import { duration, round, secondsBetween } from '../words';
import { StepJudgement } from './analyseMetric';
import { giveTrafficBack } from './giveTrafficBack';
import { pausedColumns } from './holdsTraffic';
import { describeJudgement, judgeStep } from './judgeStep';
import { readStepSignals, samplesNeeded } from './readStepSignals';
import {
  analysisInterval,
  changeRollout,
  lookAgain,
  MOST_WINDOWS,
  progressRollout,
  RolloutContext,
  stepOf,
  targetOf,
} from './rolloutContext';
import { succeed } from './settle';
import { findSteps, StepRecord, updateStep } from './stepStore';
import { TerminalTrouble } from './TerminalTrouble';
import { watchStep } from './watchStep';

const STEP_STATES = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'inconclusive',
} as const;

/**
 * Looks at the present step: stops it once errors are beyond their margin for certain; otherwise waits for its window
 * and its samples, and then judges it once.
 */
export async function observeStep(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  const step = await stepOf(context, record);
  const now = context.work.now();
  if (!step.startedAt || !step.endsAt) {
    throw new TerminalTrouble(`Step ${step.index} was never begun`);
  }
  const target = targetOf(record);
  const steps = await findSteps(context.work.knex, record.id);
  const signals = await readStepSignals(
    await context.targets.requireSource(target),
    {
      target,
      candidate: record.version,
      control: record.fromVersion ?? '',
      steps,
      index: step.index,
      to: now,
    },
  );
  const needed = samplesNeeded(steps, step.index);
  const missing =
    signals.candidate.requests < needed.candidate ||
    signals.control.requests < needed.control;
  const lastCall = new Date(
    step.startedAt.getTime() + MOST_WINDOWS * step.windowSeconds * 1000,
  );
  const due = missing && now >= step.endsAt ? lastCall : step.endsAt;
  const stopped = watchStep(record.plan, signals);
  if (now >= due) {
    const judged = judgeStep(
      record.plan,
      missing ? needed.candidate : needed.control,
      signals,
    );
    const judgement = judged.verdict === 'fail' ? judged : stopped ?? judged;
    await conclude(context, record, holder, step, judgement);
  } else if (stopped) {
    await conclude(context, record, holder, step, stopped);
  } else {
    await waitUntil(context, record, holder, earlier(nextLook(step, now), due));
  }
}

function nextLook(step: StepRecord, now: Date): Date {
  return new Date(now.getTime() + analysisInterval(step));
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

/** Comes back later; what was shown of trouble that is over goes. */
function waitUntil(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
  at: Date,
): Promise<void> {
  return record.attempts > 0
    ? progressRollout(context, record, holder, () => ({ due_at: at }))
    : lookAgain(context, record, holder, at);
}

/** Acts on the judgement of a step. */
async function conclude(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
  step: StepRecord,
  judgement: StepJudgement,
): Promise<void> {
  const said = describeJudgement(judgement);
  const share = `${round(step.share, 1)} %`;
  const rollout =
    record.plan.strategy === 'blue-green' ? 'switch to' : 'canary of';
  await changeRollout(context, record, async tx => {
    const summary = `Step ${share} judged ${judgement.verdict} after ${duration(
      secondsBetween(step.startedAt!, tx.now),
    )}: ${said}`;
    if (judgement.verdict === 'fail') {
      await giveTrafficBack(context, tx, record, holder, {
        judgement,
        said,
        summary,
        title: `The ${rollout} ${record.version} failed at ${share}`,
      });
      return;
    }
    await updateStep(tx.knex, record.id, step.index, {
      state: STEP_STATES[judgement.verdict],
      judged_at: tx.now,
      samples: judgement.samples,
      analysis: JSON.stringify(judgement.analysis),
    });
    const note = {
      actor: ENGINE_ACTOR,
      action: `promotion.step-${STEP_STATES[judgement.verdict]}`,
      summary,
      details: { step: step.index, analysis: judgement.analysis },
    };
    if (judgement.verdict === 'pass') {
      const isLast = step.index === record.plan.steps.length - 1;
      const moved = await progressPromotion(tx, record, {
        holder,
        note,
        set: await afterPass(tx, record, step.index, isLast),
      });
      if (isLast && !record.bundle) {
        await succeed(tx, moved, holder);
      }
      return;
    }
    const changed = await changePromotion(tx, record, {
      event: 'pause',
      holder,
      note,
      set: pausedColumns(tx.now),
    });
    notifyTrouble(
      tx,
      changed,
      `The ${rollout} ${record.version} is inconclusive at ${share}`,
      `${said}. It is paused: resume to repeat the step, or abort. Should it fail meanwhile, it goes back by itself.`,
    );
  });
}

/** What follows on a step that passed: what goes together with others waits for them, what goes alone goes on. */
async function afterPass(
  tx: Transaction,
  record: PromotionRecord,
  index: number,
  isLast: boolean,
): Promise<PromotionColumns> {
  if (record.bundle) {
    return { ...(await arrive(tx, record, 'passed')), due_at: tx.now };
  }
  return isLast
    ? { due_at: tx.now }
    : {
        operation: 'traffic',
        operation_since: tx.now,
        step_index: index + 1,
        due_at: tx.now,
      };
}
