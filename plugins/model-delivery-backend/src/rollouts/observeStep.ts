import { recordFailure } from '../deployments/occupancy';
import {
  changePromotion,
  ENGINE_ACTOR,
  progressPromotion,
} from '../promotions/changePromotion';
import { notifyTrouble } from '../promotions/notifications';
import { PromotionRecord } from '../promotions/types';
import { duration, round, secondsBetween } from '../words';
import { describeJudgement, judgeStep, StepJudgement } from './judgeStep';
import { readStepSignals, samplesNeeded } from './readStepSignals';
import {
  changeRollout,
  POLL_MS,
  progressRollout,
  RolloutContext,
  stepOf,
  targetOf,
} from './rolloutContext';
import { succeed } from './settle';
import { findSteps, StepRecord, updateStep } from './stepStore';
import { TerminalTrouble } from './TerminalTrouble';

/** How often a window may be extended while samples are missing, as a multiple of it. */
const MOST_WINDOWS = 10;

const STEP_STATES = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'inconclusive',
} as const;

/** Waits for the window and the samples of the present step, then judges it once. */
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
  if (now < step.endsAt) {
    await progressRollout(context, record, holder, () => ({
      due_at: step.endsAt,
    }));
    return;
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
  const lastCall =
    step.startedAt.getTime() + MOST_WINDOWS * step.windowSeconds * 1000;
  if (missing && now.getTime() < lastCall) {
    const pause = Math.max(POLL_MS, (step.windowSeconds * 1000) / 4);
    await progressRollout(context, record, holder, () => ({
      due_at: new Date(Math.min(now.getTime() + pause, lastCall)),
    }));
    return;
  }
  await conclude(
    context,
    record,
    holder,
    step,
    judgeStep(
      record.plan.metrics,
      missing ? needed.candidate : needed.control,
      signals,
    ),
  );
}

/** Acts on the one judgement of a step. */
async function conclude(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
  step: StepRecord,
  judgement: StepJudgement,
): Promise<void> {
  const said = describeJudgement(judgement);
  const share = `${round(step.share, 1)} %`;
  await changeRollout(context, record, async tx => {
    await updateStep(tx.knex, record.id, step.index, {
      state: STEP_STATES[judgement.verdict],
      judged_at: tx.now,
      samples: judgement.samples,
      analysis: JSON.stringify(judgement.analysis),
    });
    const note = {
      actor: ENGINE_ACTOR,
      action: `promotion.step-${STEP_STATES[judgement.verdict]}`,
      summary: `Step ${share} judged ${judgement.verdict} after ${duration(
        secondsBetween(step.startedAt!, tx.now),
      )}: ${said}`,
      details: { step: step.index, analysis: judgement.analysis },
    };
    if (judgement.verdict === 'pass') {
      const isLast = step.index === record.plan.steps.length - 1;
      const moved = await progressPromotion(tx, record, {
        holder,
        note,
        set: isLast
          ? { due_at: tx.now }
          : {
              operation: 'traffic',
              operation_since: tx.now,
              step_index: step.index + 1,
              due_at: tx.now,
            },
      });
      if (isLast) {
        await succeed(tx, moved, holder);
      }
      return;
    }
    if (judgement.verdict === 'fail') {
      await recordFailure(tx, context.metrics, record);
      const changed = await changePromotion(tx, record, {
        event: 'abort',
        holder,
        note,
        set: {
          operation: 'restore',
          operation_since: tx.now,
          attempts: 0,
          due_at: tx.now,
        },
      });
      notifyTrouble(
        tx,
        changed,
        `The canary of ${record.version} failed at ${share}`,
        `${said}. Traffic returns to ${record.fromVersion}.`,
      );
      return;
    }
    const changed = await changePromotion(tx, record, {
      event: 'pause',
      holder,
      note,
      set: { due_at: null },
    });
    notifyTrouble(
      tx,
      changed,
      `The canary of ${record.version} is inconclusive at ${share}`,
      `${said}. It is paused: resume to repeat the step, or abort.`,
    );
  });
}
