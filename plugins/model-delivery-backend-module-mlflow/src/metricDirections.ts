/**
 * Metrics of which more is better: where `mlflow.metrics` says `greater_is_better=True`, and what only its evaluators
 * measure, by what it is a measure of. Counts are better one way on the same data alone, and only what was measured on the
 * same data is compared.
 */
const MORE = [
  'accuracy_score',
  'answer_correctness',
  'answer_relevance',
  'answer_similarity',
  'bleu',
  'exact_match',
  'f1_score',
  'faithfulness',
  'precision_recall_auc',
  'precision_score',
  'r2_score',
  'recall_score',
  'relevance',
  'roc_auc',
  'rouge1',
  'rouge2',
  'rougeL',
  'rougeLsum',
  'true_negatives',
  'true_positives',
];
/** Those of which less is better, likewise. */
const LESS = [
  'ari_grade_level',
  'false_negatives',
  'false_positives',
  'flesch_kincaid_grade_level',
  'latency',
  'log_loss',
  'max_error',
  'mean_absolute_error',
  'mean_absolute_percentage_error',
  'mean_squared_error',
  'root_mean_squared_error',
  'toxicity',
];
/** What looks for passages is measured among the first so many of them. */
const AMONG_FIRST = /^(?:precision|recall|ndcg)_at_[1-9][0-9]*$/;
/** A version of the metric, and how scores of single rows were made one; a variance of them is no better for being high or low. */
const SUFFIX = /(?:\/v[0-9]+)?(?:\/(?:mean|p90|ratio))?$/;

const DIRECTIONS = new Map([
  ...MORE.map(name => [name, true] as const),
  ...LESS.map(name => [name, false] as const),
]);

/**
 * Whether more of a metric is better, where MLflow documents it: what `mlflow.models.evaluate` measures of classifiers and
 * regressors (https://mlflow.org/docs/latest/ml/evaluation/model-eval), and `mlflow.metrics`
 * (https://mlflow.org/docs/latest/python_api/mlflow.metrics.html). Left out are `token_count`, which
 * says `greater_is_better` though answers are not better for being long, and `score`, which is whatever the model measures.
 * The registry keeps names and values alone, so a metric of one's own is known by nobody's word.
 * @param name - as MLflow keeps it, such as `f1_score` or `toxicity/v1/mean`
 * @returns undefined when MLflow says nothing of it
 */
export function isHigherBetter(name: string): boolean | undefined {
  const metric = name.replace(SUFFIX, '');
  return AMONG_FIRST.test(metric) ? true : DIRECTIONS.get(metric);
}
