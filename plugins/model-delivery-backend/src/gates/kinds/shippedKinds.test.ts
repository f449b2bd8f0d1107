import { FactMeasurement } from '../../versions/VersionRecord';
import { readPolicySet } from '../../policies/policySet';
import { compareGates } from '../../policies/strictness/compareGates';
import { Gate } from '../../policies/types';
import { blocks, evaluateGate } from '../evaluateGate';
import { parseFact } from '../facts';
import { shippedKinds } from './shippedKinds';

const now = new Date('2026-11-21T09:00:00Z');
type Values = Record<string, number>;

/** A policy for everything whose one gate is of a kind. */
const policyWith = (kind: string, parameters: string) =>
  readPolicySet({
    builtIn: [],
    own: ['low', 'medium', 'high'].map(risk => ({
      file: risk,
      text: `apiVersion: slipway.dev/v1alpha1
kind: DeliveryPolicy
metadata: { name: ${risk}, title: ${risk} }
spec:
  risk: ${risk}
  roles: { lead: { title: Lead, group: group:default/leads } }
  gates: [{ id: tried, use: ${kind}${parameters && `, with: ${parameters}`} }]
  environments:
    - { name: staging, tier: staging, gates: [tried], rollout: { strategy: direct } }
    - name: production
      tier: production
      gates: [tried]
      firstDeploymentApprovals: [{ role: lead }]
      rollout: { strategy: direct }
`,
    })),
  });

function gateOf(kind: string, parameters = ''): Gate {
  const { policies, problems } = policyWith(kind, parameters);
  expect(problems).toEqual([]);
  return policies[0].gates[0];
}

const toMeasurements = (values: Values): FactMeasurement[] =>
  Object.entries(values).map(([name, value]) => {
    const { fact, metric } = parseFact(name)!;
    return {
      fact: fact === 'production' ? 'candidate' : fact,
      name: metric,
      value,
      measuredAt: new Date('2026-11-21T08:00:00Z'),
      evaluation: 'evaluation-1',
      source: null,
    };
  });

function judge(gate: Gate, values: Values) {
  const isProduction = ([name]: [string, number]) =>
    name.startsWith('production.');
  const entries = Object.entries(values);
  const production = entries.filter(isProduction);
  return evaluateGate(
    gate,
    {
      candidate: toMeasurements(
        Object.fromEntries(entries.filter(each => !isProduction(each))),
      ),
      production:
        production.length > 0
          ? toMeasurements(Object.fromEntries(production))
          : undefined,
    },
    now,
    shippedKinds(),
  ).verdict;
}

/** Of each kind, values that just pass and values that just fail, and the sentence about those. */
const CASES: [
  kind: string,
  parameters: string,
  passes: Values,
  fails: Values,
  said: string,
][] = [
  [
    'tests-pass',
    '',
    { 'tests.metrics.failed': 0 },
    { 'tests.metrics.failed': 1 },
    'The number of failing tests is 1. The gate asks: no test fails.',
  ],
  [
    'coverage',
    '',
    { 'tests.metrics.coverage': 0.8 },
    { 'tests.metrics.coverage': 0.799 },
    'Test coverage is 79.9 %. The gate asks: tests cover at least 80 % of the code.',
  ],
  [
    'feature-parity',
    '',
    { 'tests.metrics.feature_mismatches': 0 },
    { 'tests.metrics.feature_mismatches': 2 },
    'The number of inputs with differing features is 2. The gate asks: training and serving compute the same features.',
  ],
  [
    'static-analysis',
    '',
    { 'tests.metrics.static_findings': 0 },
    { 'tests.metrics.static_findings': 1 },
    'The number of findings is 1. The gate asks: static analysis finds no fault of machine learning.',
  ],
  [
    'data-schema',
    '',
    { 'data.metrics.schema_violations': 0 },
    { 'data.metrics.schema_violations': 3 },
    'The number of schema violations is 3. The gate asks: the data keep to their schema.',
  ],
  [
    'data-complete',
    '',
    { 'data.metrics.null_share': 0.0499 },
    { 'data.metrics.null_share': 0.05 },
    'The share of missing values is 5 %. The gate asks: fewer than 5 % of the values are missing.',
  ],
  [
    'data-quality',
    '{ atLeast: 0.98 }',
    { 'data.metrics.checks_passed': 0.98 },
    { 'data.metrics.checks_passed': 0.97 },
    'The share of passed data checks is 97 %. The gate asks: at least 98 % of the checks of the data pass.',
  ],
  [
    'data-volume',
    '',
    { 'data.metrics.volume_change': -0.49 },
    { 'data.metrics.volume_change': -0.5 },
    'The change in volume is -50 %. The gate asks: the volume of data has not dropped by 50 % or more.',
  ],
  [
    'data-fresh',
    '{ days: 2 }',
    { 'data.metrics.age_days': 2 },
    { 'data.metrics.age_days': 2.5 },
    'The age is 2.5 days. The gate asks: the newest data are at most 2 days old.',
  ],
  [
    'referential-integrity',
    '',
    { 'data.metrics.broken_references': 0 },
    { 'data.metrics.broken_references': 0.001 },
    'The share of broken references is 0.1 %. The gate asks: at most 0 % of the references between data lead nowhere.',
  ],
  [
    'data-drift',
    '',
    { 'data.metrics.drift_psi': 0.199 },
    { 'data.metrics.drift_psi': 0.2 },
    'Drift (PSI) is 0.2. The gate asks: drift against the reference is below 0.2 (PSI).',
  ],
  [
    'near-training',
    '',
    { 'candidate.metrics.accuracy': 0.89, 'training.metrics.accuracy': 0.9 },
    { 'candidate.metrics.accuracy': 0.88, 'training.metrics.accuracy': 0.9 },
    'Accuracy is 0.88 and accuracy in training is 0.9. The gate asks: accuracy is within 1 % of training accuracy.',
  ],
  [
    'above-production',
    '',
    { 'candidate.metrics.f1': 0.85, 'production.metrics.f1': 0.84 },
    { 'candidate.metrics.f1': 0.84, 'production.metrics.f1': 0.84 },
    'F1 is 0.84 and F1 in production is 0.84. The gate asks: F1 is above production.',
  ],
  [
    'minimum-improvement',
    '{ metric: auc, by: 0.01 }',
    { 'candidate.metrics.auc': 0.9, 'production.metrics.auc': 0.88 },
    { 'candidate.metrics.auc': 0.9, 'production.metrics.auc': 0.895 },
    'AUC is 0.9 and AUC in production is 0.895. The gate asks: AUC is above production by at least 0.01.',
  ],
  [
    'benchmark',
    '{ metric: recall, atLeast: 0.7 }',
    { 'candidate.metrics.recall': 0.7 },
    { 'candidate.metrics.recall': 0.69 },
    'Recall is 0.69. The gate asks: recall is at least 0.7.',
  ],
  [
    'fairness',
    '',
    { 'candidate.metrics.fairness_gap': 0.049 },
    { 'candidate.metrics.fairness_gap': 0.05 },
    'Fairness gap is 5 %. The gate asks: the fairness gap is below 5 %.',
  ],
  [
    'demographic-parity',
    '',
    { 'candidate.metrics.demographic_parity_difference': 0.049 },
    { 'candidate.metrics.demographic_parity_difference': 0.06 },
    'The gap in demographic parity is 6 %. The gate asks: protected groups are chosen equally often, within 5 %.',
  ],
  [
    'equalised-odds',
    '{ below: 0.03 }',
    { 'candidate.metrics.equalized_odds_difference': 0.029 },
    { 'candidate.metrics.equalized_odds_difference': 0.03 },
    'The gap in equalised odds is 3 %. The gate asks: protected groups are judged right and wrong equally often, within 3 %.',
  ],
  [
    'equal-opportunity',
    '',
    { 'candidate.metrics.equal_opportunity_difference': 0.01 },
    { 'candidate.metrics.equal_opportunity_difference': 0.05 },
    'The gap in equal opportunity is 5 %. The gate asks: the deserving of all protected groups have the same chance, within 5 %.',
  ],
  [
    'robustness',
    '',
    { 'candidate.metrics.robustness_drop': 0.02 },
    { 'candidate.metrics.robustness_drop': 0.021 },
    'The loss by noise is 2.1 %. The gate asks: noise costs at most 2 % of accuracy.',
  ],
  [
    'invariance',
    '',
    { 'candidate.metrics.invariance_violations': 0.01 },
    { 'candidate.metrics.invariance_violations': 0.02 },
    'The share of answers that change without reason is 2 %. The gate asks: at most 1 % of the answers change where they must not.',
  ],
  [
    'regression',
    '',
    { 'candidate.metrics.regression_failures': 0 },
    { 'candidate.metrics.regression_failures': 1 },
    'The number of known examples that went wrong is 1. The gate asks: every known example stays right.',
  ],
  [
    'inference-cost',
    '',
    {
      'candidate.metrics.cost_per_1000': 0.22,
      'production.metrics.cost_per_1000': 0.21,
    },
    {
      'candidate.metrics.cost_per_1000': 0.22,
      'production.metrics.cost_per_1000': 0.19,
    },
    'The cost of 1,000 predictions is 0.22 and the cost of 1,000 predictions in production is 0.19. The gate asks: a prediction costs at most 10 % more than in production.',
  ],
  [
    'contract-tests',
    '',
    { 'serving.metrics.contract_failures': 0 },
    { 'serving.metrics.contract_failures': 1 },
    'The number of failing contract tests is 1. The gate asks: the model keeps the contract at its boundary.',
  ],
  [
    'card-complete',
    '',
    { 'card.metrics.completeness': 1 },
    { 'card.metrics.completeness': 0.9 },
    'Completeness of the model card is 90 %. The gate asks: the model card is complete.',
  ],
  [
    'card-fresh',
    '',
    { 'card.metrics.age_days': 90 },
    { 'card.metrics.age_days': 91 },
    'The age is 91 days. The gate asks: the model card was brought up to date at most 90 days ago.',
  ],
  [
    'no-critical-vulnerability',
    '',
    { 'scan.metrics.critical_vulnerabilities': 0 },
    { 'scan.metrics.critical_vulnerabilities': 1 },
    'The number of critical vulnerabilities is 1. The gate asks: no critical vulnerability is known.',
  ],
  [
    'licences',
    '',
    { 'scan.metrics.forbidden_licences': 0 },
    { 'scan.metrics.forbidden_licences': 1 },
    'The number of forbidden licences is 1. The gate asks: every licence is allowed.',
  ],
  [
    'approved-tools',
    '',
    { 'scan.metrics.unapproved_tools': 0 },
    { 'scan.metrics.unapproved_tools': 2 },
    'The number of unapproved tools is 2. The gate asks: every tool is approved.',
  ],
  [
    'approved-vendors',
    '',
    { 'scan.metrics.unapproved_vendors': 0 },
    { 'scan.metrics.unapproved_vendors': 1 },
    'The number of unapproved vendors is 1. The gate asks: every vendor is approved.',
  ],
  [
    'cost-tags',
    '',
    { 'cost.metrics.missing_tags': 0 },
    { 'cost.metrics.missing_tags': 1 },
    'The number of missing cost tags is 1. The gate asks: every required cost tag is set.',
  ],
  [
    'compliance-documents',
    '',
    { 'card.metrics.missing_documents': 0 },
    { 'card.metrics.missing_documents': 1 },
    'The number of missing documents is 1. The gate asks: every compliance document is generated and current.',
  ],
  [
    'smoke',
    '',
    { 'serving.metrics.smoke_failures': 0 },
    { 'serving.metrics.smoke_failures': 1 },
    'The number of failing smoke tests is 1. The gate asks: no smoke test in staging fails.',
  ],
  [
    'integration',
    '',
    { 'serving.metrics.integration_failures': 0 },
    { 'serving.metrics.integration_failures': 1 },
    'The number of failing integration tests is 1. The gate asks: no integration test in staging fails.',
  ],
  [
    'latency',
    '',
    { 'serving.metrics.latency_p95_ms': 99 },
    { 'serving.metrics.latency_p95_ms': 100 },
    'Latency (p95) is 100 ms. The gate asks: latency stays below 100 ms (p95).',
  ],
  [
    'load',
    '',
    {
      'serving.metrics.load_error_rate': 0.009,
      'serving.metrics.memory_share': 0.79,
    },
    {
      'serving.metrics.load_error_rate': 0.009,
      'serving.metrics.memory_share': 0.8,
    },
    'The share of failing requests under load is 0.9 % and the share of memory in use is 80 %. The gate asks: holds the expected load with memory to spare.',
  ],
  [
    'compliance',
    '',
    { 'tests.metrics.compliance_failures': 0 },
    { 'tests.metrics.compliance_failures': 1 },
    'The number of failing compliance checks is 1. The gate asks: every compliance check is passed.',
  ],
  [
    'prediction-drift',
    '',
    { 'drift.metrics.prediction_psi': 0.19 },
    { 'drift.metrics.prediction_psi': 0.2 },
    'Drift of predictions (PSI) is 0.2. The gate asks: predictions drift by less than 0.2 (PSI).',
  ],
];

describe('the gates that are ready to use', () => {
  it('are all tried here', () => {
    expect(CASES.map(([kind]) => kind).sort()).toEqual(
      shippedKinds()
        .list()
        .map(({ id }) => id)
        .sort(),
    );
  });

  it.each(CASES)(
    '%s %s passes, fails in words, and blocks without evidence',
    (kind, parameters, passes, fails, said) => {
      const gate = gateOf(kind, parameters);
      expect(judge(gate, passes)).toMatchObject({ verdict: 'passed' });

      const failed = judge(gate, fails);
      expect(failed).toMatchObject({ verdict: 'failed', explanation: said });
      expect(blocks(failed)).toBe(true);

      for (const missing of gate.requires) {
        const { [missing]: _, ...rest } = passes;
        const verdict = judge(gate, rest);
        expect(verdict.verdict).toBe('no-evidence');
        expect(verdict.explanation).toMatch(/^Nobody has reported /);
        expect(blocks(verdict)).toBe(true);
      }
      expect(gate.maxAgeSeconds).toBeGreaterThan(0);
    },
  );

  it('say what evidence each fact is that they speak of', () => {
    shippedKinds()
      .list()
      .forEach(({ id, requires, evidence }) =>
        expect([id, Object.keys(evidence).sort()]).toEqual([
          id,
          [...requires].sort(),
        ]),
      );
  });

  it.each(
    shippedKinds()
      .list()
      .flatMap(({ id, parameters }) =>
        Object.entries(parameters)
          .filter(([, { type }]) => type === 'number')
          .map(
            ([name, each]) => [id, name, Number(each.default ?? 0.5)] as const,
          ),
      ),
  )('%s may be tightened by %s, and not loosened', (kind, name, usual) => {
    const others = kind === 'benchmark' ? 'metric: f1, ' : '';
    const at = (value: number) =>
      gateOf(kind, `{ ${others}${name}: ${value} }`);
    const [less, more] = [at(usual * 0.5), at(usual || 0.1)];
    const [stricter, looser] = /^(atLeast|by)$/.test(name)
      ? [more, less]
      : [less, more];
    expect(compareGates(stricter, looser, shippedKinds())).toEqual([]);
    expect(compareGates(looser, stricter, shippedKinds())).toHaveLength(1);
  });

  it.each([
    ['above-production', 'f1'],
    ['inference-cost', 'cost_per_1000'],
    ['minimum-improvement', 'f1'],
  ])(
    '%s passes a first version, and is an error while production was not measured',
    (kind, metric) => {
      const gate = gateOf(kind);
      const own = { [`candidate.metrics.${metric}`]: 0.5 };
      expect(judge(gate, own).verdict).toBe('passed');
      const error = judge(gate, { ...own, 'production.metrics.other': 1 });
      expect(error.verdict).toBe('error');
      expect(blocks(error)).toBe(true);
    },
  );

  it('near-training lets through with a warning what may be chance', () => {
    const measured = (
      fact: 'candidate' | 'training',
      value: number,
      half?: number,
    ): FactMeasurement => ({
      ...toMeasurements({ [`${fact}.metrics.accuracy`]: value })[0],
      ...(half !== undefined && {
        interval: { low: value - half, high: value + half, level: 0.95 },
      }),
    });
    const verdict = (own: FactMeasurement, training: FactMeasurement) =>
      evaluateGate(
        gateOf('near-training'),
        { candidate: [own, training], production: undefined },
        now,
        shippedKinds(),
      ).verdict;
    const near = verdict(
      measured('candidate', 0.88, 0.012),
      measured('training', 0.9, 0.009),
    );
    expect(near).toMatchObject({
      verdict: 'warned',
      explanation: expect.stringContaining(
        'The intervals overlap, so the difference may be chance',
      ),
    });
    expect(
      verdict(
        measured('candidate', 0.87, 0.012),
        measured('training', 0.9, 0.009),
      ).verdict,
    ).toBe('failed');
    expect(
      verdict(measured('candidate', 0.88, 0.012), measured('training', 0.9))
        .verdict,
    ).toBe('failed');
  });
});

describe('a gate that refers to a kind is refused', () => {
  it.each([
    [
      'coverrage',
      '',
      'use',
      "there is no gate kind 'coverrage'; there are tests-pass, coverage,",
    ],
    [
      'coverage',
      '{ atLeast: 1.5 }',
      'with.atLeast',
      'Too big: expected number to be <=1',
    ],
    ['coverage', '{ atLeats: 0.5 }', 'with.atLeats', 'is not a known field'],
    ['coverage', '{ atLeast: high }', 'with.atLeast', 'expected number'],
    ['benchmark', '{ metric: f1 }', 'with.atLeast', 'expected number'],
    [
      'near-training',
      "{ metric: 'f1 > 0.0 || true' }",
      'with.metric',
      'must match pattern',
    ],
    ['tests-pass', '{ atMost: 1 }', 'with.atMost', 'is not a known field'],
  ])('for %s %s', (kind, parameters, path, message) => {
    const { policies, problems } = policyWith(kind, parameters);
    expect(policies).toEqual([]);
    expect(problems[0]).toEqual({
      file: 'low',
      path: `spec.gates[0].${path}`,
      message: expect.stringContaining(message),
    });
  });
});
