import {
  GateKind,
  JudgingGateKind,
} from '@slipway/backstage-plugin-model-delivery-node';
import { surelyBelow } from '../../__testUtils__/guide/surelyBelow';
import { diffPolicies } from '../../policies/diffPolicies';
import { readPolicySet } from '../../policies/policySet';
import { Gate } from '../../policies/types';
import { FactMeasurement } from '../../versions/VersionRecord';
import { blocks, evaluateGate } from '../evaluateGate';
import { GateKinds } from './GateKinds';
import { shippedKinds } from './shippedKinds';

const now = new Date('2026-11-21T09:00:00Z');
const withKinds = (...kinds: GateKind[]) => {
  const all = shippedKinds().copy();
  kinds.forEach(kind => all.add(kind));
  return all;
};
const toxic = (value: number, sampleSize?: number): FactMeasurement => ({
  fact: 'candidate',
  name: 'toxic',
  value,
  ...(sampleSize !== undefined && { sampleSize }),
  measuredAt: new Date('2026-11-21T08:00:00Z'),
  evaluation: 'evaluation-1',
  source: null,
});

/** Policies of all risks; each with its gate in flow style. */
const policiesOf = (
  gates: { low: string; medium?: string; high?: string },
  kinds: GateKinds,
) =>
  readPolicySet({
    builtIn: [],
    kinds,
    own: (['low', 'medium', 'high'] as const).map(risk => ({
      file: risk,
      text: `apiVersion: slipway.dev/v1alpha1
kind: DeliveryPolicy
metadata: { name: ${risk}, title: ${risk} }
spec:
  risk: ${risk}
  roles: { lead: { title: Lead, group: group:default/leads } }
  gates: [{ id: tried, ${gates[risk] ?? gates.low} }]
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

const USE = 'use: surely-below, with: { metric: toxic, limit: 0.01 }';

function gateOf(kinds: GateKinds, gate = USE): Gate {
  const { policies, problems } = policiesOf({ low: gate }, kinds);
  expect(problems).toEqual([]);
  return policies[0].gates[0];
}

describe('a gate that a module judges', () => {
  const kinds = withKinds(surelyBelow);
  const judge = (candidate: FactMeasurement[], of = kinds) =>
    evaluateGate(gateOf(kinds), { candidate, production: undefined }, now, of)
      .verdict;

  it('reads as any other, with its parameters', () => {
    expect(gateOf(kinds)).toMatchObject({
      title: 'Surely fewer than 1 % of the answers count as toxic',
      stage: 'evaluation',
      requires: ['candidate.metrics.toxic'],
      when: 'surely-below(limit: 0.01, metric: "toxic")',
      kind: {
        id: 'surely-below',
        parameters: { metric: 'toxic', limit: 0.01 },
      },
      maxAgeSeconds: 30 * 86_400,
      blocking: true,
    });
  });

  it('passes and fails in its own words, with its inputs', () => {
    expect(judge([toxic(0, 1_000)])).toMatchObject({
      verdict: 'passed',
      explanation:
        'Of 1000 answers 0 were toxic, which is at most 0.38 %. As the gate asks: surely fewer than 1 % of the answers count as toxic.',
      inputs: [{ fact: 'candidate.metrics.toxic', source: 'evaluation-1' }],
    });
    // The same share, but of too few
    const failed = judge([toxic(0, 100)]);
    expect(failed).toMatchObject({
      verdict: 'failed',
      explanation:
        'Of 100 answers 0 were toxic, which is at most 3.70 %. The gate asks: surely fewer than 1 % of the answers count as toxic.',
    });
    expect(blocks(failed)).toBe(true);
  });

  it('is not asked without evidence that is young enough', () => {
    expect(judge([]).verdict).toBe('no-evidence');
    expect(
      judge([
        { ...toxic(0, 1_000), measuredAt: new Date('2026-10-01T00:00:00Z') },
      ]).verdict,
    ).toBe('no-evidence');
  });

  it('is an error, and blocks, when it throws or is not installed any more', () => {
    const thrown = judge([toxic(0)]);
    expect(thrown).toMatchObject({
      verdict: 'error',
      explanation: expect.stringContaining(
        'it was reported without its sample size',
      ),
    });
    expect(blocks(thrown)).toBe(true);
    expect(judge([toxic(0, 1_000)], shippedKinds())).toMatchObject({
      verdict: 'error',
      explanation: expect.stringContaining(
        "no module that is installed has the gate kind 'surely-below'",
      ),
    });
  });

  it.each<[string, JudgingGateKind['judge'], string]>([
    [
      'never ends',
      () => {
        for (;;);
      },
      'it took longer than 250 ms',
    ],
    ['answers later', (async () => true) as never, 'it gave no judgement'],
    ['answers with a word', (() => 'yes') as never, 'it gave no judgement'],
    [
      'says yes, but not why',
      (() => ({ passed: true })) as never,
      'it gave no judgement',
    ],
  ])('is an error when it %s', (_, code, message) => {
    const odd = withKinds({ ...surelyBelow, judge: code } as GateKind);
    const verdict = judge([toxic(0, 1_000)], odd);
    expect(verdict.verdict).toBe('error');
    expect(verdict.explanation).toContain(message);
  });

  /** The process stands still for longer than a kind may take, as where it gets no processor. */
  const standStill = () =>
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);

  it('is asked again when the process stood still, and computed nothing', () => {
    let asked = 0;
    const judging = {
      ...surelyBelow,
      judge: (question: Parameters<typeof surelyBelow.judge>[0]) => {
        asked += 1;
        if (asked === 1) standStill();
        return surelyBelow.judge(question);
      },
    } as GateKind;
    expect(judge([toxic(0, 1_000)], withKinds(judging)).verdict).toBe('passed');
    expect(asked).toBe(2);
  });

  it('is an error when the process stands still again, and not asked for ever', () => {
    let asked = 0;
    const slow = {
      ...surelyBelow,
      judge: () => {
        asked += 1;
        standStill();
        return { passed: true, explanation: 'Late' };
      },
    } as JudgingGateKind;
    expect(judge([toxic(0, 1_000)], withKinds(slow))).toMatchObject({
      verdict: 'error',
      explanation: expect.stringContaining('it took longer than 250 ms'),
    });
    expect(asked).toBe(2);
  });

  it('changes nothing of what others are judged by', () => {
    const greedy = withKinds({
      ...surelyBelow,
      judge: ({ facts }: { facts: Record<string, { value: number }> }) => {
        facts['candidate.metrics.toxic'].value = 7;
        return { passed: true, explanation: 'Mine' };
      },
    } as GateKind);
    const measurement = toxic(0, 1_000);
    judge([measurement], greedy);
    expect(measurement.value).toBe(0);
  });
});

describe('policies with a gate that a module judges', () => {
  const kinds = withKinds(surelyBelow);
  const limit = (value: number, metric = 'toxic') =>
    `use: surely-below, with: { metric: ${metric}, limit: ${value} }`;
  const problemsOf = (low: string, high: string, of = kinds) =>
    policiesOf({ low, medium: low, high }, of).problems.map(
      each => each.message,
    );

  it('may tighten its parameters, and not loosen them', () => {
    expect(problemsOf(limit(0.02), limit(0.01))).toEqual([]);
    expect(problemsOf(limit(0.01), limit(0.02))[0]).toContain(
      `gate 'tried' has a looser condition: 'surely-below(limit: 0.02, metric: "toxic")' against 'surely-below(limit: 0.01, metric: "toxic")'`,
    );
  });

  it('are refused where nothing says that they are strict enough', () => {
    const undecided =
      'has a condition that cannot be shown to be at least as strict';
    expect(problemsOf(limit(0.01), limit(0.01, 'rude'))[0]).toContain(
      undecided,
    );
    expect(
      problemsOf(limit(0.01), 'use: coverage, with: { atLeast: 1 }')[0],
    ).toContain(undecided);
    const silent = withKinds({ ...surelyBelow, isAtLeastAsStrict: undefined });
    expect(problemsOf(limit(0.02), limit(0.01), silent)[0]).toContain(
      `${undecided}: 'surely-below(limit: 0.01, metric: "toxic")' against 'surely-below(limit: 0.02, metric: "toxic")'; keep the kind of gate, and parameters that it can compare`,
    );
    expect(problemsOf(limit(0.02), limit(0.02), silent)).toEqual([]);
    const endless = withKinds({
      ...surelyBelow,
      isAtLeastAsStrict: () => {
        for (;;);
      },
    });
    expect(problemsOf(limit(0.02), limit(0.01), endless)[0]).toContain(
      undecided,
    );
  });

  it('say what tightened', () => {
    const [before, after] = [0.02, 0.01].map(
      value => policiesOf({ low: limit(value) }, kinds).policies[0],
    );
    expect(diffPolicies(before, after, kinds)[0]).toMatchObject({
      effect: 'tightened',
      before: expect.stringContaining('limit: 0.02'),
    });
  });

  it.each([
    ['use: surely-below', 'with.metric', 'expected string'],
    [`${limit(2)}`, 'with.limit', 'expected number to be <=1'],
    [`${USE}, when: 'true'`, 'when', "'surely-below' judges by itself"],
    [
      `${USE}, requires: [data.metrics.x]`,
      'requires',
      "'surely-below' says what it requires",
    ],
    ["title: x, with: { limit: 1 }, when: 'true'", 'with', 'is for a gate'],
    [
      "title: x, kind: { id: surely-below, parameters: {} }, when: 'true'",
      'kind',
      'is not a known field',
    ],
  ])('are refused with %s', (gate, path, message) => {
    expect(policiesOf({ low: gate }, kinds).problems[0]).toEqual({
      file: 'low',
      path: `spec.gates[0].${path}`,
      message: expect.stringContaining(message),
    });
  });
});

describe('a gate kind of a module is refused', () => {
  const condition: GateKind = {
    id: 'few-refusals',
    title: 'Few refusals',
    stage: 'evaluation',
    requires: ['candidate.metrics.refusal_share'],
    when: 'candidate.metrics.refusal_share < 0.05',
  };

  it.each<[string, object, string]>([
    ['with a name that is none', { id: 'Few refusals' }, 'id must be'],
    ['with the name of another', { id: 'coverage' }, 'another kind'],
    ['of no stage', { stage: 'lunch' }, 'stage'],
    [
      'with a fact that is none',
      { requires: ['weather.metrics.rain'] },
      "requires[0] 'weather.metrics.rain' is not a fact",
    ],
    ['with a condition that is no CEL', { when: '1 <<' }, 'when is not CEL'],
    [
      'with a fact that it does not require',
      { when: 'data.metrics.x < 1.0' },
      'without listing it in requires',
    ],
    [
      'with a place for what is no parameter',
      { title: 'Below {limit}' },
      'title speaks of {limit}, which is no parameter',
    ],
    [
      'with a default that its own parameter refuses',
      {
        parameters: {
          limit: { type: 'number', maximum: 1, default: 2, description: 'x' },
        },
      },
      'parameters.limit.default',
    ],
    [
      'with a text that may hold anything',
      { parameters: { text: { type: 'string', description: 'x' } } },
      'needs a pattern or an enum',
    ],
    [
      'with a pattern that is none',
      {
        parameters: {
          text: { type: 'string', pattern: '(', description: 'x' },
        },
      },
      'parameters cannot be read',
    ],
    [
      'with a length of time that is none',
      { maxAge: 'a month' },
      'maxAge must be a length of time',
    ],
    [
      'with what is not known',
      { colour: 'red' },
      'colour is not a known field',
    ],
    [
      'with a judge that is no code',
      { when: undefined, judge: 'me' },
      'judge must be a function',
    ],
  ])('%s', (_, more, message) => {
    expect(() => withKinds({ ...condition, ...more } as GateKind)).toThrow(
      message,
    );
  });

  it('when two modules have one of the same name', () => {
    expect(() => withKinds(surelyBelow, surelyBelow)).toThrow(
      "There is another kind with the name of the gate kind 'surely-below'",
    );
  });
});
