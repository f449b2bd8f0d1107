import { RegistryEvaluation } from '@slipway/backstage-plugin-model-delivery-node';
import { isHigherBetter } from './metricDirections';
import { MlflowLoggedModel, MlflowRun } from './mlflowSchemas';
import { asRecord } from './tags';

/** Evaluations that are told of one version: the newest. */
const MOST_EVALUATIONS = 50;
/** Metrics that are told of one evaluation. */
const MOST_METRICS = 1_000;
/** What MLflow's own evaluation of a classifier counts where there are two labels, by actual label and predicted one. */
const COUNTED = [
  ['true_negatives', 'false_positives'],
  ['false_negatives', 'true_positives'],
];
/** MLflow keeps an infinite metric of a logged model as the largest number. */
const LARGEST = 1.797e308;

type LoggedMetric = MlflowLoggedModel['data']['metrics'][number];

/**
 * The evaluations of a logged model: its metrics by run and data set. What the run that made it logged on no data set
 * in particular is of the training, and told as the version's metrics.
 * @param run - the one that made it, where it is known
 */
export function readEvaluations(
  { info, data }: MlflowLoggedModel,
  run: MlflowRun | undefined,
): RegistryEvaluation[] {
  const groups = new Map<string, LoggedMetric[]>();
  for (const metric of data.metrics) {
    if (metric.dataset_name || metric.run_id !== info.source_run_id) {
      const key = JSON.stringify([
        metric.run_id,
        metric.dataset_name,
        metric.dataset_digest,
      ]);
      const group = groups.get(key);
      if (group) {
        group.push(metric);
      } else {
        groups.set(key, [metric]);
      }
    }
  }
  const training = trainingData(run);
  return [...groups.values()]
    .map(metrics => toEvaluation(metrics, training))
    .filter(({ metrics }) => Object.keys(metrics).length > 0)
    .sort((a, b) => b.measuredAt.getTime() - a.measuredAt.getTime())
    .slice(0, MOST_EVALUATIONS);
}

/**
 * The data sets of the run that made a version. MLflow adds those that a metric was measured on, and says no context of
 * them: they are no part of the version.
 */
export function readDatasets(
  run: MlflowRun | undefined,
  loggedModel: MlflowLoggedModel | undefined,
): { name: string; digest: string; context?: string }[] {
  const measuredOn = new Set(
    loggedModel?.data.metrics.map(each =>
      JSON.stringify([each.dataset_name, each.dataset_digest ?? '']),
    ),
  );
  return (run?.inputs.dataset_inputs ?? [])
    .map(({ dataset: { name, digest }, tags }) => ({
      name,
      digest,
      context: asRecord(tags)['mlflow.data.context'],
    }))
    .filter(
      ({ name, digest, context }) =>
        context !== undefined ||
        !measuredOn.has(JSON.stringify([name, digest])),
    );
}

/**
 * Runs whose own word is needed: MLflow keeps a metric of a logged model that is no number as 0, and only the run still
 * knows.
 */
export function runsInDoubt(evaluations: RegistryEvaluation[]): string[] {
  return evaluations.flatMap(({ runId, metrics }) =>
    runId && Object.values(metrics).includes(0) ? [runId] : [],
  );
}

/**
 * Leaves out each 0 that the run does not confirm, and evaluations of which nothing is left; what is left may count a matrix,
 * and be better one way.
 */
export function withoutDoubt(
  evaluations: RegistryEvaluation[],
  runs: Map<string, MlflowRun | undefined>,
): RegistryEvaluation[] {
  return evaluations
    .map(evaluation => {
      const logged = new Map(
        runs
          .get(evaluation.runId ?? '')
          ?.data.metrics.map(({ key, value }) => [key, value]),
      );
      const metrics = Object.fromEntries(
        Object.entries(evaluation.metrics).filter(
          ([name, value]) => value !== 0 || Number.isFinite(logged.get(name)),
        ),
      );
      return {
        ...evaluation,
        metrics,
        ...directionsOf(metrics),
        ...confusionOf(metrics),
      };
    })
    .filter(({ metrics }) => Object.keys(metrics).length > 0);
}

/** The confusion matrix that the metrics count; MLflow keeps one of more labels as a picture alone. */
function confusionOf(
  metrics: Record<string, number>,
): Pick<RegistryEvaluation, 'confusionMatrix'> {
  const counts = COUNTED.map(row => row.map(name => metrics[name]));
  return counts.flat().every(each => Number.isSafeInteger(each) && each >= 0)
    ? { confusionMatrix: { labels: ['negative', 'positive'], counts } }
    : {};
}

/** Which way the metrics are better, of those of which MLflow documents it. */
function directionsOf(
  metrics: Record<string, number>,
): Pick<RegistryEvaluation, 'higherIsBetter'> {
  const told = Object.keys(metrics).flatMap(name => {
    const higherIsBetter = isHigherBetter(name);
    return higherIsBetter === undefined ? [] : [[name, higherIsBetter]];
  });
  return told.length > 0 ? { higherIsBetter: Object.fromEntries(told) } : {};
}

function toEvaluation(
  metrics: LoggedMetric[],
  training: Set<string>,
): RegistryEvaluation {
  const last = new Map<string, LoggedMetric>();
  for (const metric of metrics) {
    const before = last.get(metric.key);
    if (
      !before ||
      metric.timestamp > before.timestamp ||
      (metric.timestamp === before.timestamp && metric.step >= before.step)
    ) {
      last.set(metric.key, metric);
    }
  }
  const finite = [...last.values()]
    .filter(({ value }) => Math.abs(value) < LARGEST)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, MOST_METRICS);
  const [{ run_id: runId, dataset_name: name, dataset_digest: digest }] =
    metrics;
  return {
    ...(runId && { runId }),
    ...(name && { dataset: { name, ...(digest && { digest }) } }),
    onTrainingData: training.has(JSON.stringify([name, digest ?? ''])),
    measuredAt: new Date(
      finite.reduce((newest, each) => Math.max(newest, each.timestamp), 0),
    ),
    metrics: Object.fromEntries(finite.map(({ key, value }) => [key, value])),
  };
}

function trainingData(run: MlflowRun | undefined): Set<string> {
  return new Set(
    (run?.inputs.dataset_inputs ?? [])
      .filter(({ tags }) =>
        /^train/i.test(asRecord(tags)['mlflow.data.context'] ?? ''),
      )
      .map(({ dataset: { name, digest } }) => JSON.stringify([name, digest])),
  );
}
