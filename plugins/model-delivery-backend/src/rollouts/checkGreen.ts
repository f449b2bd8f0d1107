import { towardsTraffic } from '../bundles/arrive';
import { endOthers } from '../bundles/endOthers';
import {
  changePromotion,
  ENGINE_ACTOR,
  progressPromotion,
} from '../promotions/changePromotion';
import { notifyTrouble } from '../promotions/notifications';
import { PromotionRecord } from '../promotions/types';
import { duration, round, secondsBetween } from '../words';
import { StepJudgement } from './analyseMetric';
import { readBaseline } from './baseline';
import { describeJudgement } from './judgeStep';
import {
  analysisInterval,
  changeRollout,
  lookAgain,
  MOST_WINDOWS,
  RolloutContext,
  stepOf,
  targetOf,
} from './rolloutContext';
import { StepRecord, updateStep } from './stepStore';
import { judgeUnseen, watchStep } from './watchStep';

/**
 * Checks green beside blue before all traffic switches to it: both answer their health checks, blue has answered enough to
 * be compared with, and requests that green got past the traffic, if any, did not fail.
 *
 * What is missing is waited for, as long as for samples. Then a green that is not ready fails, and for want of anything else
 * a person is asked: nobody has been served by green.
 */
export async function checkGreen(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  const step = await stepOf(context, record);
  const now = context.work.now();
  const finding = await look(context, record, step, now);
  if (finding.kind === 'good') {
    await goOn(context, record, holder, finding.why);
    return;
  }
  if (finding.kind === 'bad') {
    await giveUp(context, record, holder, step, finding.judgement);
    return;
  }
  const waited = secondsBetween(record.operationSince ?? now, now);
  if (waited < MOST_WINDOWS * step.windowSeconds) {
    const next = new Date(now.getTime() + analysisInterval(step));
    await lookAgain(context, record, holder, next);
    return;
  }
  const why = `${finding.why}, after ${duration(waited)}`;
  const { verdict } = finding;
  const { samples, analysis } = judgeUnseen(record.plan, why);
  await giveUp(context, record, holder, step, {
    verdict,
    samples,
    analysis: analysis.map(each => ({ ...each, verdict })),
  });
}

type Finding =
  | { kind: 'good'; why: string }
  | { kind: 'bad'; judgement: StepJudgement }
  | { kind: 'missing'; verdict: 'fail' | 'inconclusive'; why: string };

async function look(
  context: RolloutContext,
  record: PromotionRecord,
  step: StepRecord,
  now: Date,
): Promise<Finding> {
  const target = targetOf(record);
  const { version: green, fromVersion: blue } = record;
  const deployer = context.targets.requireDeployer(target);
  const { versions } = await deployer.observe(target);
  const isReady = (version: string | null) =>
    versions.some(each => each.version === version && each.ready);
  if (!isReady(green)) {
    const why = `${green} does not answer its health check any more`;
    return { kind: 'missing', verdict: 'fail', why };
  }
  if (!isReady(blue)) {
    const why = `${blue} does not answer its health check, so there is no way back`;
    return { kind: 'missing', verdict: 'inconclusive', why };
  }
  const source = await context.targets.requireSource(target);
  const [control, candidate] = await Promise.all([
    readBaseline(source, {
      target,
      version: blue ?? '',
      until: now,
      windowSeconds: step.windowSeconds,
      minimumSamples: step.minimumSamples,
    }),
    source.read({
      target,
      version: green,
      from: record.rolloutStartedAt ?? now,
      to: now,
    }),
  ]);
  const stopped = watchStep(record.plan, { candidate, control });
  if (stopped) {
    return { kind: 'bad', judgement: stopped };
  }
  if (control.requests < step.minimumSamples) {
    const why = `${blue} has answered ${round(
      control.requests,
      0,
    )} requests of the ${round(
      step.minimumSamples,
      0,
    )} that ${green} would be compared with`;
    return { kind: 'missing', verdict: 'inconclusive', why };
  }
  const tested =
    candidate.requests > 0
      ? `and answered ${round(candidate.requests, 0)} test requests`
      : 'and got no test requests';
  return { kind: 'good', why: `${green} answers its health check ${tested}` };
}

async function goOn(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
  why: string,
): Promise<void> {
  await changeRollout(context, record, async tx => {
    await progressPromotion(tx, record, {
      holder,
      note: {
        actor: ENGINE_ACTOR,
        action: 'promotion.green-checked',
        summary: `${why}; all traffic of ${record.environment} switches from ${record.fromVersion} to it`,
      },
      set: {
        ...(await towardsTraffic(tx, record)),
        attempts: 0,
        error_message: null,
        due_at: tx.now,
      },
    });
  });
}

async function giveUp(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
  step: StepRecord,
  judgement: StepJudgement,
): Promise<void> {
  const isFailure = judgement.verdict === 'fail';
  const said = describeJudgement(judgement);
  const { version, fromVersion } = record;
  await changeRollout(context, record, async tx => {
    await updateStep(tx.knex, record.id, step.index, {
      state: isFailure ? 'failed' : 'inconclusive',
      judged_at: tx.now,
      analysis: JSON.stringify(judgement.analysis),
    });
    const changed = await changePromotion(tx, record, {
      event: isFailure ? 'abort' : 'pause',
      holder,
      note: {
        actor: ENGINE_ACTOR,
        action: isFailure
          ? 'promotion.green-failed'
          : 'promotion.green-inconclusive',
        summary: `Traffic does not switch to ${version}: ${said}`,
        details: { analysis: judgement.analysis },
      },
      set: isFailure
        ? {
            operation: 'restore',
            operation_since: tx.now,
            attempts: 0,
            due_at: tx.now,
          }
        : { due_at: null },
    });
    if (isFailure) {
      await endOthers(tx, context.metrics, record, 'abort');
    }
    notifyTrouble(
      tx,
      changed,
      isFailure
        ? `${version} failed before traffic switched to it`
        : `It is open whether traffic may switch to ${version}`,
      `${said}. ${fromVersion} has all traffic.${
        isFailure ? '' : ' It is paused: resume to look again, or cancel.'
      }`,
    );
  });
}
