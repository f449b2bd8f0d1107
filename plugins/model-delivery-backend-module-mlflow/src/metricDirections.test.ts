import { isHigherBetter } from './metricDirections';

describe('the direction of a metric', () => {
  it.each([
    ['f1_score', true],
    ['precision_recall_auc', true],
    ['ndcg_at_10/mean', true],
    ['rougeL/v1/p90', true],
    ['log_loss', false],
    ['false_positives', false],
    ['root_mean_squared_error', false],
    ['toxicity/v1/ratio', false],
    // Nobody told
    ['example_count', undefined],
    ['score', undefined],
    ['token_count/mean', undefined],
    ['toxicity/v1/variance', undefined],
    ['is_short/mean', undefined],
    ['my_f1_score', undefined],
    ['constructor', undefined],
  ])('of %s is told as MLflow documents it', (name, expected) => {
    expect(isHigherBetter(name)).toBe(expected);
  });
});
