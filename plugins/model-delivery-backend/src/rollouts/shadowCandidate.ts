import { ShadowComparison } from '@slipway/backstage-plugin-model-delivery-node';
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
import {
  comparedOf,
  comparisonsNeeded,
  judgeShadow,
  ShadowJudgement,
  ShadowPlan,
  watchShadow,
} from './judgeShadow';
import {
  analysisInterval,
  changeRollout,
  isDone,
  keyOf,
  lookAgain,
  MOST_WINDOWS,
  progressRollout,
  RolloutContext,
  targetOf,
} from './rolloutContext';
import { findShadow, updateShadow } from './shadowStore';
import { noMirror } from './targets';
import { TerminalTrouble } from './TerminalTrouble';

const SHADOW_STATES = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'inconclusive',
} as const;

/** Begins to send the candidate copies of requests; nobody is served by it. */
export async function beginShadow(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  const shadow = shadowOf(record);
  const { share } = shadow;
  if (!(await mirror(context, record, holder, { key: 'mirror', share }))) {
    return;
  }
  await changeRollout(context, record, async tx => {
    const endsAt = new Date(tx.now.getTime() + shadow.windowSeconds * 1000);
    await updateShadow(tx.knex, record.id, {
      state: 'running',
      started_at: tx.now,
      ends_at: endsAt,
    });
    await progressPromotion(tx, record, {
      holder,
      note: {
        actor: ENGINE_ACTOR,
        action: 'promotion.shadow-started',
        summary: `${record.version} gets copies of ${round(
          share,
          1,
        )} % of the requests of ${record.environment}; ${
          record.fromVersion
        } answers all of them`,
        details: { share, tolerance: shadow.tolerance ?? 0 },
      },
      set: {
        operation: 'compare',
        operation_since: tx.now,
        attempts: 0,
        error_message: null,
        due_at: new Date(tx.now.getTime() + analysisInterval(shadow)),
      },
    });
  });
}

/** Looks at what the candidate would have answered; judges it once, after its window and with enough samples. */
export async function observeShadow(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  const shadow = shadowOf(record);
  const running = await findShadow(context.work.knex, record.id);
  if (!running?.startedAt || !running.endsAt) {
    throw new TerminalTrouble(
      `The shadow of promotion ${record.id} was never begun`,
    );
  }
  const now = context.work.now();
  const comparison = await readComparison(context, record, {
    from: running.startedAt,
    to: now,
  });
  const lastCall = new Date(
    running.startedAt.getTime() + MOST_WINDOWS * shadow.windowSeconds * 1000,
  );
  const missing = comparedOf(comparison) < comparisonsNeeded(shadow);
  const due = missing && now >= running.endsAt ? lastCall : running.endsAt;
  const stopped = watchShadow(record.plan, comparison);
  if (now >= due) {
    const judged = judgeShadow(record.plan, shadow, comparison);
    const judgement = judged.verdict === 'fail' ? judged : stopped ?? judged;
    await conclude(context, record, holder, running.startedAt, judgement);
  } else if (stopped) {
    await conclude(context, record, holder, running.startedAt, stopped);
  } else {
    const next = new Date(
      Math.min(now.getTime() + analysisInterval(shadow), due.getTime()),
    );
    await (record.attempts > 0
      ? progressRollout(context, record, holder, () => ({ due_at: next }))
      : lookAgain(context, record, holder, next));
  }
}

/** Ends the copies, and goes on with the rollout. */
export async function endShadow(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  if (await endMirror(context, record, holder)) {
    await changeRollout(context, record, async tx => {
      await progressPromotion(tx, record, {
        holder,
        set: {
          ...(record.plan.strategy === 'blue-green'
            ? { operation: 'check', operation_since: tx.now }
            : await towardsTraffic(tx, record)),
          due_at: tx.now,
          attempts: 0,
          error_message: null,
        },
      });
    });
  }
}

/** Sees to it that a candidate gets no more copies; true when it gets none, also where it never did. */
export async function endMirror(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<boolean> {
  const deployer = context.targets.deployerOf(targetOf(record));
  return (
    !record.plan.shadow ||
    !deployer?.setMirror ||
    mirror(context, record, holder, { key: 'mirror-end', share: 0 })
  );
}

/** Pauses a promotion whose copies could not be compared however often it was tried: that is no pass. */
export async function loseComparison(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
  message: string,
): Promise<void> {
  const shadow = await findShadow(context.work.knex, record.id);
  await conclude(context, record, holder, shadow?.startedAt ?? null, {
    verdict: 'inconclusive',
    comparison: null,
    analysis: [],
    explanation: `there is no signal: ${message}`,
  });
}

/**
 * How the copies compared in `[from, to)`.
 * @throws Error when nothing can tell, or it does not answer in time
 */
export async function readComparison(
  context: Pick<RolloutContext, 'targets'>,
  record: PromotionRecord,
  span: { from: Date; to: Date },
): Promise<ShadowComparison> {
  const target = targetOf(record);
  const source = await context.targets.requireSource(target);
  if (!source.readComparison) {
    throw new TerminalTrouble(noMirror(target));
  }
  const { version } = record;
  return source.readComparison({ target, version, ...span });
}

async function mirror(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
  { key, share }: { key: string; share: number },
): Promise<boolean> {
  const target = targetOf(record);
  const deployer = context.targets.requireDeployer(target);
  if (!deployer.setMirror) {
    throw new TerminalTrouble(noMirror(target));
  }
  const status = await deployer.setMirror({
    operationKey: keyOf(record, key),
    target,
    version: record.version,
    share,
    tolerance: shadowOf(record).tolerance ?? 0,
  });
  return isDone(context, record, holder, status);
}

function shadowOf(record: PromotionRecord): ShadowPlan {
  const { shadow } = record.plan;
  if (!shadow) {
    throw new TerminalTrouble(`Promotion ${record.id} has no shadow`);
  }
  return shadow;
}

async function conclude(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
  startedAt: Date | null,
  judgement: Omit<ShadowJudgement, 'comparison'> & {
    comparison: ShadowJudgement['comparison'] | null;
  },
): Promise<void> {
  const { verdict, comparison, analysis, explanation } = judgement;
  const state = SHADOW_STATES[verdict];
  const { version, fromVersion } = record;
  await changeRollout(context, record, async tx => {
    await updateShadow(tx.knex, record.id, {
      state,
      judged_at: tx.now,
      comparison: comparison && JSON.stringify(comparison),
      analysis: JSON.stringify(analysis),
      explanation,
    });
    const note = {
      actor: ENGINE_ACTOR,
      action: `promotion.shadow-${state}`,
      summary: `Shadow judged ${verdict} after ${duration(
        secondsBetween(startedAt ?? tx.now, tx.now),
      )}: ${explanation}. Nobody was served by ${version}`,
      details: { comparison, analysis },
    };
    if (verdict === 'pass') {
      await progressPromotion(tx, record, {
        holder,
        note,
        set: { operation: 'unmirror', operation_since: tx.now, due_at: tx.now },
      });
    } else if (verdict === 'fail') {
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
      await endOthers(tx, context.metrics, record, 'abort');
      notifyTrouble(
        tx,
        changed,
        `${version} failed in its shadow`,
        `${explanation}. Nobody was served by it: ${fromVersion} has all traffic.`,
      );
    } else {
      const changed = await changePromotion(tx, record, {
        event: 'pause',
        holder,
        note,
        set: { attempts: 0, error_message: null, due_at: null },
      });
      notifyTrouble(
        tx,
        changed,
        `The shadow of ${version} is inconclusive`,
        `${explanation}. Nobody was served by it. It is paused: resume to compare anew, or cancel.`,
      );
    }
  });
}
