import { EvaluationReport } from '@slipway/backstage-plugin-model-delivery-common';
import { RegistryEvaluation } from '@slipway/backstage-plugin-model-delivery-node';
import { digestOf } from '../policies/digest';

const RUN = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$/;
const MAX_TEXT = 255;
const MAX_NAME = 63;

/** An evaluation as it was told, or as it is kept. */
export type ToldEvaluation = Omit<RegistryEvaluation, 'measuredAt'> & {
  measuredAt: Date | string;
};

/**
 * The evaluations of a registry as anybody would report them. Their ids are of what was measured, so that one that is told
 * again is known, also when the registry has learnt which way is better, and one that goes on is another. What was measured on training data counts as training, all else as the candidate.
 * @param type - kind of the registry, such as `mlflow`
 */
export function toEvaluationReports(
  type: string,
  evaluations: ToldEvaluation[],
  now: Date,
): EvaluationReport[] {
  return evaluations.flatMap(({ higherIsBetter, ...told }) => {
    const measuredAt = new Date(told.measuredAt);
    const metrics = toMeasurements(told.metrics, higherIsBetter);
    const digest = told.dataset?.digest?.slice(0, MAX_TEXT);
    return metrics.length === 0
      ? []
      : {
          id: `${type}-${digestOf({
            ...told,
            measuredAt: measuredAt.toISOString(),
          }).slice('sha256:'.length, 31)}`,
          fact: told.onTrainingData ? 'training' : 'candidate',
          // The clock of whoever measured may be ahead
          measuredAt: (measuredAt > now ? now : measuredAt).toISOString(),
          ...(told.dataset && {
            dataset: {
              name: told.dataset.name.slice(0, MAX_TEXT),
              ...(digest && { version: digest, digest }),
            },
          }),
          ...(told.runId && RUN.test(told.runId) && { run: told.runId }),
          source: type,
          metrics,
          ...(told.confusionMatrix && {
            confusionMatrix: told.confusionMatrix,
          }),
        };
  });
}

/**
 * The name by which a metric is known here, such as `val_f1` for `val/F1`; undefined when nothing of it can be kept.
 */
export function toMetricName(name: string): string | undefined {
  const folded = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, MAX_NAME);
  return folded || undefined;
}

/** Of two metrics with one name here, the one that is called so stays, or the first. */
function toMeasurements(
  metrics: Record<string, number>,
  higherIsBetter: Record<string, boolean> = {},
): EvaluationReport['metrics'] {
  const named = new Map<string, EvaluationReport['metrics'][number]>();
  for (const [told, value] of Object.entries(metrics)) {
    const name = toMetricName(told);
    if (name && (!named.has(name) || name === told)) {
      named.set(name, {
        name,
        value,
        ...(Object.hasOwn(higherIsBetter, told) && {
          higherIsBetter: higherIsBetter[told],
        }),
      });
    }
  }
  return [...named.values()];
}
