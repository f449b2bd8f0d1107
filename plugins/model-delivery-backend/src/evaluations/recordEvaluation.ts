import { InputError } from '@backstage/errors';
import {
  EvaluationReport,
  Measurement,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { StaleStateError } from '../database/values';
import { Transaction } from '../database/UnitOfWork';
import { assertNotInFuture } from '../http/checkTimes';
import { ModelRecord } from '../models/ModelRecord';
import { REGISTRY_ACTOR } from '../people/Directory';
import { VersionRecord } from '../versions/VersionRecord';
import { EvaluationRow } from './EvaluationRecord';

/** Rows of one statement: below SQLite's limit on compound statements, whatever its build. */
const BATCH = 100;

/** Whether what is measured so far was told by a registry. */
const TOLD_BY_REGISTRY = `exists (
  select 1 from evaluations
  where evaluations.id = measurements.evaluation_id and evaluations.reported_by = ?
)`;

/**
 * Checks what the contract cannot say.
 * @throws InputError naming the path of what is wrong.
 */
export function checkEvaluation(report: EvaluationReport, now: Date): void {
  assertNotInFuture('request/body/measuredAt', report.measuredAt, now);
  const seen = new Map<string, number>();
  report.metrics.forEach((metric, i) => {
    const path = `request/body/metrics/${i}`;
    if (metric.interval && metric.interval.low > metric.interval.high) {
      throw new InputError(
        `${path}/interval/low is ${metric.interval.low}, above its high, ${metric.interval.high}`,
      );
    }
    const key = JSON.stringify([
      metric.name,
      metric.slice?.attribute,
      metric.slice?.value,
    ]);
    const first = seen.get(key);
    if (first !== undefined) {
      throw new InputError(
        `${path} measures ${metric.name} once more, which request/body/metrics/${first} does already; give one of them a slice`,
      );
    }
    seen.set(key, i);
  });
  checkConfusionMatrix(report.confusionMatrix);
}

function checkConfusionMatrix(
  matrix: EvaluationReport['confusionMatrix'],
): void {
  const path = 'request/body/confusionMatrix/counts';
  const size = matrix?.labels.length;
  if (matrix && matrix.counts.length !== size) {
    throw new InputError(
      `${path} has ${matrix.counts.length} rows, one for each of the ${size} labels is needed`,
    );
  }
  matrix?.counts.forEach((row, i) => {
    if (row.length !== size) {
      throw new InputError(
        `${path}/${i} has ${row.length} counts, one for each of the ${size} labels is needed`,
      );
    }
  });
}

/**
 * Records the evaluation and what it is the latest measurement of, or finds it recorded with the same content.
 * @throws ConflictError when the id is taken by other content.
 */
export async function recordEvaluation(
  tx: Transaction,
  options: {
    actor: string;
    model: ModelRecord;
    version: VersionRecord;
    report: EvaluationReport;
    digest: string;
    /** Whether gates may read what it measured. */
    counts: boolean;
  },
): Promise<{ row: EvaluationRow; created: boolean }> {
  const { actor, model, version, report, digest, counts } = options;
  const row: EvaluationRow = {
    id: randomUUID(),
    version_id: version.id,
    external_id: report.id,
    fact: report.fact,
    stage: report.stage ?? null,
    measured_at: new Date(report.measuredAt),
    received_at: tx.now,
    reported_by: actor,
    dataset: report.dataset ? JSON.stringify(report.dataset) : null,
    run_id: report.run ?? null,
    source: report.source ?? null,
    digest,
    metrics: JSON.stringify(report.metrics),
    confusion_matrix: report.confusionMatrix
      ? JSON.stringify(report.confusionMatrix)
      : null,
  };
  // What is reported while evidence of the version is revoked comes before or after.
  await tx
    .knex('versions')
    .where({ id: version.id })
    .forNoKeyUpdate()
    .first('id');
  // Of two reports at once, the second waits here for the first, and then finds it.
  await tx
    .knex('evaluations')
    .insert(row)
    .onConflict(['version_id', 'external_id'])
    .ignore();
  const stored = await tx
    .knex<EvaluationRow>('evaluations')
    .where({ version_id: version.id, external_id: report.id })
    .first();
  if (stored!.id !== row.id) {
    if (stored!.digest !== digest) {
      throw new StaleStateError(
        `The evaluation ${report.id} of version ${version.name} is recorded with other content; report this one under another id`,
        { id: report.id, digest: stored!.digest },
      );
    }
    return { row: stored!, created: false };
  }
  if (counts) {
    await saveMeasurements(
      tx.knex,
      { version, evaluation: row },
      report.metrics,
    );
  }
  tx.record({
    actor,
    action: 'evaluation.reported',
    model: model.ref,
    subject: `version:${model.name}/${version.name}`,
    summary: `${report.metrics.length} measurements (${report.fact}) of version ${version.name} of ${model.title} were reported`,
    details: {
      evaluation: report.id,
      fact: report.fact,
      digest,
      versionDigest: version.digest,
    },
  });
  return { row, created: true };
}

/**
 * Keeps the latest measurement of each fact. Whatever order reports arrive in, the one measured last stays; but what a
 * registry tells never takes the place of what somebody reported who may, since whoever can write there can measure.
 * Rows are written in one order, so that two reports never wait for one another in a circle.
 */
async function saveMeasurements(
  tx: Knex.Transaction,
  {
    version,
    evaluation,
  }: { version: VersionRecord; evaluation: EvaluationRow },
  metrics: Measurement[],
): Promise<void> {
  const whole = metrics
    .filter(metric => metric.slice === undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  for (let i = 0; i < whole.length; i += BATCH) {
    await tx('measurements')
      .insert(
        whole.slice(i, i + BATCH).map(metric => ({
          version_id: version.id,
          model_ref: version.modelRef,
          position: version.position,
          fact: evaluation.fact,
          name: metric.name,
          value: metric.value,
          low: metric.interval?.low ?? null,
          high: metric.interval?.high ?? null,
          level: metric.interval?.level ?? null,
          sample_size: metric.sampleSize ?? null,
          unit: metric.unit ?? null,
          higher_is_better: metric.higherIsBetter ?? null,
          evaluation_id: evaluation.id,
          measured_at: evaluation.measured_at,
        })),
      )
      .onConflict(['version_id', 'fact', 'name'])
      .merge()
      .where(replaceable =>
        evaluation.reported_by === REGISTRY_ACTOR
          ? replaceable
              .where(
                'measurements.measured_at',
                '<=',
                evaluation.measured_at as Date,
              )
              .whereRaw(TOLD_BY_REGISTRY, [REGISTRY_ACTOR])
          : replaceable
              .where(
                'measurements.measured_at',
                '<=',
                evaluation.measured_at as Date,
              )
              .orWhereRaw(TOLD_BY_REGISTRY, [REGISTRY_ACTOR]),
      );
  }
}
