import {
  Promotion,
  RolloutSeries,
  RolloutShadow,
} from '@slipway/backstage-plugin-model-delivery-common';
import { SignalsBucket } from '@slipway/backstage-plugin-model-delivery-node';
import { LoggerService } from '@backstage/backend-plugin-api';
import { UnitOfWork } from '../database/UnitOfWork';
import { StepFacts } from '../promotions/statement';
import { PromotionRecord } from '../promotions/types';
import { keptUntil } from '../watches/watchPlan';
import { findWatch, toTrafficWatch } from '../watches/watchStore';
import { StepJudgement } from './analyseMetric';
import { describeJudgement, judgeStep } from './judgeStep';
import { readStepSignals, samplesNeeded } from './readStepSignals';
import { judgeShadow, ShadowJudgement, ShadowPlan } from './judgeShadow';
import { targetOf } from './rolloutContext';
import { readComparison } from './shadowCandidate';
import {
  findShadow,
  PENDING_SHADOW,
  ShadowRecord,
  toRolloutShadow,
} from './shadowStore';
import { findSteps, StepRecord, toRolloutStep } from './stepStore';
import { Targets } from './targets';

const MOST_BUCKETS = 240;
/** How long a preview is shown again before it is worked out anew, in milliseconds. */
const PREVIEW_MS = 1_000;
const MOST_PREVIEWS = 200;

const VERDICTS: Partial<Record<StepRecord['state'], StepJudgement['verdict']>> =
  { passed: 'pass', failed: 'fail', inconclusive: 'inconclusive' };

/** Shows rollouts: their steps, a preview of the judgement of the one that runs, and their course. */
export class RolloutViews {
  readonly #work: UnitOfWork;
  readonly #targets: Targets;
  readonly #logger: LoggerService;
  readonly #previews = new Map<
    string,
    {
      at: number;
      judgement: Promise<StepJudgement | ShadowJudgement | undefined>;
    }
  >();

  constructor(options: {
    work: UnitOfWork;
    targets: Targets;
    logger: LoggerService;
  }) {
    this.#work = options.work;
    this.#targets = options.targets;
    this.#logger = options.logger;
  }

  /** The rollout of a promotion, null before it has a plan; and what its statement may say of the present step. */
  async describe(
    record: PromotionRecord,
  ): Promise<{ rollout: Promotion['rollout']; step: StepFacts | undefined }> {
    if (record.round === 0 && record.kind === 'promotion') {
      return { rollout: null, step: undefined };
    }
    const hasBegun = record.rolloutStartedAt !== null;
    const steps = hasBegun ? await findSteps(this.#work.knex, record.id) : [];
    const shown: StepRecord[] =
      steps.length > 0 ? steps : record.plan.steps.map(toPendingStep);
    const present = shown[record.stepIndex ?? 0];
    const preview =
      present?.state === 'running'
        ? await this.#preview(record, steps, present)
        : undefined;
    const described = shown.map(step => {
      const view = toRolloutStep(step);
      return preview && step.index === present.index
        ? { ...view, samples: preview.samples, analysis: preview.analysis }
        : view;
    });
    const shadow = await this.#shadow(record);
    const judged = present?.analysis.length
      ? describeJudgement({
          verdict: VERDICTS[present.state] ?? 'inconclusive',
          analysis: present.analysis,
          samples: present.samples ?? 0,
        })
      : undefined;
    const watch = hasBegun
      ? await findWatch(this.#work.knex, record.id)
      : undefined;
    const kept =
      record.state === 'succeeded'
        ? keptUntil(record.plan, record.rolloutFinishedAt)
        : undefined;
    return {
      rollout: {
        plan: record.plan,
        share: record.share ?? 0,
        ...(shadow && { shadow }),
        steps: described,
        startedAt: record.rolloutStartedAt?.toISOString() ?? null,
        finishedAt: record.rolloutFinishedAt?.toISOString() ?? null,
        watch: watch ? toTrafficWatch(watch) : null,
        previousKeptUntil: kept?.toISOString() ?? null,
      },
      step: present && {
        startedAt: present.startedAt,
        endsAt: present.endsAt,
        minimumSamples: present.minimumSamples,
        ...(preview && { samples: preview.samples }),
        ...(judged &&
          ['inconclusive', 'failed'].includes(present.state) && {
            explanation: judged,
          }),
        ...(shadow &&
          ['inconclusive', 'failed'].includes(shadow.state) &&
          shadow.explanation && { explanation: shadow.explanation }),
        ...(shadow?.state === 'running' && { shadow: shadowFacts(shadow) }),
      },
    };
  }

  /** Candidate and control over the rollout so far, in at most 240 buckets; none, and why, while the source gives none. */
  async series(record: PromotionRecord): Promise<RolloutSeries> {
    const steps = await findSteps(this.#work.knex, record.id);
    const from = record.rolloutStartedAt;
    if (!from) {
      return { bucketSeconds: 1, points: [] };
    }
    const to = record.rolloutFinishedAt ?? this.#work.now();
    const seconds = Math.max(1, (to.getTime() - from.getTime()) / 1000);
    const bucketSeconds = Math.max(1, Math.ceil(seconds / MOST_BUCKETS));
    let sides: [SignalsBucket[], SignalsBucket[]] | undefined;
    try {
      sides = await this.#readSides(record, { from, to, bucketSeconds });
    } catch (error) {
      this.#logger.warn(`Promotion ${record.id}: no series: ${error}`);
      return {
        bucketSeconds,
        points: [],
        missingBecause:
          'The metrics source does not answer now, so what it measured cannot be drawn. The rollout goes by what it measures and waits for it',
      };
    }
    if (!sides) {
      return { bucketSeconds, points: [] };
    }
    const [candidate, control] = sides;
    const count = Math.min(MOST_BUCKETS, Math.ceil(seconds / bucketSeconds));
    const bucketOf = (bucket: SignalsBucket) =>
      Math.floor((bucket.at.getTime() - from.getTime()) / 1000 / bucketSeconds);
    const byBucket = (buckets: SignalsBucket[]) =>
      new Map(buckets.map(bucket => [bucketOf(bucket), bucket]));
    const candidates = byBucket(candidate);
    const controls = byBucket(control);
    return {
      bucketSeconds,
      points: Array.from({ length: count }, (_, i) => {
        const at = new Date(from.getTime() + i * bucketSeconds * 1000);
        return {
          at: at.toISOString(),
          share: shareAt(steps, at),
          candidate: toSide(candidates.get(i)),
          control: toSide(controls.get(i)),
        };
      }),
    };
  }

  /** What was measured of candidate and control; undefined where nothing measures. */
  async #readSides(
    record: PromotionRecord,
    period: { from: Date; to: Date; bucketSeconds: number },
  ): Promise<[SignalsBucket[], SignalsBucket[]] | undefined> {
    const target = targetOf(record);
    const source = await this.#targets.sourceOf(target);
    const read = async (version: string | null) =>
      version ? source!.readSeries({ target, version, ...period }) : [];
    return (
      source && Promise.all([read(record.version), read(record.fromVersion)])
    );
  }

  /** The shadow of a rollout; while it runs, what it would be judged as now. */
  async #shadow(record: PromotionRecord): Promise<RolloutShadow | undefined> {
    const { shadow: plan } = record.plan;
    if (!plan) {
      return undefined;
    }
    const shadow =
      (await findShadow(this.#work.knex, record.id)) ?? PENDING_SHADOW;
    const shown = toRolloutShadow(shadow);
    if (shadow.state !== 'running' || !shadow.startedAt) {
      return shown;
    }
    const preview = await this.#previewShadow(record, plan, shadow);
    return preview
      ? { ...shown, comparison: preview.comparison, analysis: preview.analysis }
      : shown;
  }

  async #previewShadow(
    record: PromotionRecord,
    plan: ShadowPlan,
    { startedAt, attempt }: ShadowRecord,
  ): Promise<ShadowJudgement | undefined> {
    return this.#once(`${record.id}:shadow:${attempt}`, record, async () =>
      judgeShadow(
        record.plan,
        plan,
        await readComparison({ targets: this.#targets }, record, {
          from: startedAt!,
          to: this.#work.now(),
        }),
      ),
    );
  }

  /** What the running step would be judged as now: worked out once a second at most, however many look. */
  async #preview(
    record: PromotionRecord,
    steps: StepRecord[],
    step: StepRecord,
  ): Promise<StepJudgement | undefined> {
    const key = `${record.id}:${step.index}:${step.attempt}`;
    return this.#once(key, record, () => this.#judgeNow(record, steps, step));
  }

  async #once<T extends StepJudgement | ShadowJudgement>(
    key: string,
    record: PromotionRecord,
    judge: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const now = Date.now();
    const known = this.#previews.get(key);
    if (known && now - known.at < PREVIEW_MS) {
      return known.judgement as Promise<T | undefined>;
    }
    const judgement = judge().catch(error => {
      this.#logger.warn(`Promotion ${record.id}: no preview: ${error}`);
      return undefined;
    });
    if (this.#previews.size >= MOST_PREVIEWS) {
      this.#previews.clear();
    }
    this.#previews.set(key, { at: now, judgement });
    return judgement;
  }

  async #judgeNow(
    record: PromotionRecord,
    steps: StepRecord[],
    step: StepRecord,
  ): Promise<StepJudgement | undefined> {
    const target = targetOf(record);
    const source = await this.#targets.sourceOf(target);
    if (!source || !record.fromVersion) {
      return undefined;
    }
    const signals = await readStepSignals(source, {
      target,
      candidate: record.version,
      control: record.fromVersion,
      steps,
      index: step.index,
      to: this.#work.now(),
    });
    return judgeStep(
      record.plan,
      samplesNeeded(steps, step.index).control,
      signals,
    );
  }
}

function shadowFacts({
  comparison,
  endsAt,
}: RolloutShadow): NonNullable<StepFacts['shadow']> {
  const { mirrored = 0, skipped = 0, agreed = 0 } = comparison ?? {};
  return {
    compared: mirrored - skipped,
    agreed,
    endsAt: endsAt ? new Date(endsAt) : null,
  };
}

function toPendingStep(
  step: PromotionRecord['plan']['steps'][number],
  index: number,
): StepRecord {
  return {
    index,
    share: step.share,
    windowSeconds: step.windowSeconds,
    minimumSamples: step.minimumSamples,
    state: 'pending',
    startedAt: null,
    endsAt: null,
    judgedAt: null,
    samples: null,
    analysis: [],
    attempt: 1,
  };
}

function shareAt(steps: StepRecord[], at: Date): number | null {
  const begun = steps.filter(step => step.startedAt && step.startedAt <= at);
  return begun.at(-1)?.share ?? null;
}

function toSide(
  bucket: SignalsBucket | undefined,
): RolloutSeries['points'][number]['candidate'] {
  return {
    requests: bucket?.requests ?? 0,
    errors: bucket?.errors ?? 0,
    p50: bucket?.p50 ?? null,
    p95: bucket?.p95 ?? null,
  };
}
