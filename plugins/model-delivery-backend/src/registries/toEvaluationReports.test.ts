import { toEvaluationReports, toMetricName } from './toEvaluationReports';

const NOW = new Date('2026-11-20T12:00:00Z');
const told = {
  runId: 'r1',
  dataset: { name: 'loans', digest: 'd1' },
  onTrainingData: false,
  measuredAt: new Date('2026-11-20T10:00:00Z'),
  metrics: { 'val/F1': 0.8 },
};

describe('evaluations of a registry', () => {
  it('are reports, each with the id of its content', () => {
    const [report] = toEvaluationReports('mlflow', [told], NOW);
    expect(report).toEqual({
      id: expect.stringMatching(/^mlflow-[0-9a-f]{24}$/),
      fact: 'candidate',
      measuredAt: '2026-11-20T10:00:00.000Z',
      dataset: { name: 'loans', version: 'd1', digest: 'd1' },
      run: 'r1',
      source: 'mlflow',
      metrics: [{ name: 'val_f1', value: 0.8 }],
    });
    const kept = JSON.parse(JSON.stringify([told]));
    expect(toEvaluationReports('mlflow', kept, NOW)).toEqual([report]);
    const confusionMatrix = {
      labels: ['negative', 'positive'],
      counts: [
        [44, 5],
        [14, 37],
      ],
    };
    expect(
      toEvaluationReports('mlflow', [{ ...told, confusionMatrix }], NOW),
    ).toMatchObject([{ confusionMatrix }]);
    const [other] = toEvaluationReports(
      'mlflow',
      [{ ...told, metrics: { 'val/F1': 0.9 } }],
      NOW,
    );
    expect(other.id).not.toBe(report.id);
  });

  it('say which way is better where that was told, and are the same ones', () => {
    const metrics = { Loss: 0.3, lift: 2, loss: 0.4, constructor: 1 };
    const [before] = toEvaluationReports('mlflow', [{ ...told, metrics }], NOW);
    const [after] = toEvaluationReports(
      'mlflow',
      [{ ...told, metrics, higherIsBetter: { Loss: true, loss: false } }],
      NOW,
    );
    expect(after).toEqual({
      ...before,
      metrics: [
        { name: 'loss', value: 0.4, higherIsBetter: false },
        { name: 'lift', value: 2 },
        { name: 'constructor', value: 1 },
      ],
    });
  });

  it('of training data are training, and none is of a time to come', () => {
    const [report] = toEvaluationReports(
      'mlflow',
      [
        {
          onTrainingData: true,
          measuredAt: new Date('2027-01-01T00:00:00Z'),
          runId: 'not a run/id',
          metrics: { F1: 0.1, f1: 0.2, 'f-1': 0.3, '🚀': 1 },
        },
        { ...told, metrics: { '100%': 1 } },
      ],
      NOW,
    );
    expect(report).toEqual({
      id: expect.any(String),
      fact: 'training',
      measuredAt: NOW.toISOString(),
      source: 'mlflow',
      metrics: [
        { name: 'f1', value: 0.2 },
        { name: 'f_1', value: 0.3 },
      ],
    });
  });

  it.each([
    ['f1', 'f1'],
    ['ROC AUC', 'roc_auc'],
    ['is_short/mean', 'is_short_mean'],
    ['1st', 'st'],
    ['النتيجة', undefined],
    ['x'.repeat(200), 'x'.repeat(63)],
  ])('call %s %s', (name, expected) => {
    expect(toMetricName(name)).toBe(expected);
  });
});
