import { Gate } from '../policies/types';
import { FactMeasurement } from '../versions/VersionRecord';
import { shippedKinds } from './kinds/shippedKinds';
import { blocks, evaluateGate, GateFacts } from './evaluateGate';

const now = new Date('2026-11-21T09:00:00Z');

const gate = (more: Partial<Gate> = {}): Gate => ({
  id: 'beats-production',
  title: 'F1 is above production',
  description: null,
  stage: 'evaluation',
  requires: ['candidate.metrics.f1'],
  when: 'candidate.metrics.f1 > production.metrics.f1 || !has(production.metrics)',
  maxAgeSeconds: 86_400,
  blocking: true,
  ...more,
});
const measured = (
  name: string,
  value: number,
  more: Partial<FactMeasurement> = {},
): FactMeasurement => ({
  fact: 'candidate',
  name,
  value,
  measuredAt: new Date('2026-11-21T08:00:00Z'),
  evaluation: 'eval-1',
  source: null,
  ...more,
});
const judge = (facts: Partial<GateFacts>, more: Partial<Gate> = {}) =>
  evaluateGate(
    gate(more),
    { candidate: [], production: undefined, ...facts },
    now,
    shippedKinds(),
  );

describe('a gate', () => {
  it('passes with its inputs, their ages and a sentence with numbers', () => {
    const { verdict, evidence } = judge({
      candidate: [measured('f1', 0.861)],
      production: [measured('f1', 0.838, { evaluation: 'eval-0' })],
    });
    expect(verdict).toMatchObject({
      verdict: 'passed',
      explanation:
        'F1 is 0.861 and F1 in production is 0.838. As the gate asks: F1 is above production.',
      inputs: [
        {
          fact: 'candidate.metrics.f1',
          value: 0.861,
          ageSeconds: 3600,
          maxAgeSeconds: 86_400,
          source: 'eval-1',
        },
        { fact: 'production.metrics.f1', value: 0.838, maxAgeSeconds: null },
      ],
    });
    expect(evidence.map(each => each.fact)).toEqual([
      'candidate.metrics.f1',
      'production.metrics.f1',
    ]);
    expect(blocks(verdict)).toBe(false);
  });

  it('passes when nothing serves in production yet', () => {
    expect(judge({ candidate: [measured('f1', 0.5)] }).verdict.verdict).toBe(
      'passed',
    );
  });

  it('fails, or only warns when it does not block', () => {
    const facts = {
      candidate: [measured('fairness_gap', 0.061)],
    };
    const fairness = {
      title: 'The fairness gap is below 5 %',
      requires: ['candidate.metrics.fairness_gap'],
      when: 'candidate.metrics.fairness_gap < 0.05',
    };
    const { verdict } = judge(facts, fairness);
    expect(verdict).toMatchObject({
      verdict: 'failed',
      explanation:
        'Fairness gap is 6.1 %. The gate asks: the fairness gap is below 5 %.',
    });
    expect(blocks(verdict)).toBe(true);
    const warning = judge(facts, { ...fairness, blocking: false }).verdict;
    expect(warning.verdict).toBe('warned');
    expect(blocks(warning)).toBe(false);
  });

  it('lets a difference within chance through with a warning, and never without both intervals', () => {
    const tolerance = { metric: 'f1', method: 'bootstrap-overlap' as const };
    const at = (value: number, low: number, high: number) =>
      measured('f1', value, { interval: { low, high, level: 0.95 } });
    const verdictOf = (
      candidate: FactMeasurement,
      production: FactMeasurement,
    ) =>
      judge({ candidate: [candidate], production: [production] }, { tolerance })
        .verdict.verdict;
    expect(verdictOf(at(0.83, 0.81, 0.85), at(0.84, 0.82, 0.86))).toBe(
      'warned',
    );
    expect(verdictOf(at(0.79, 0.77, 0.81), at(0.84, 0.82, 0.86))).toBe(
      'failed',
    );
    expect(verdictOf(measured('f1', 0.83), at(0.84, 0.82, 0.86))).toBe(
      'failed',
    );
  });

  it('has no evidence when a fact is missing or too old, whatever the condition says', () => {
    expect(
      judge({}, { when: 'true || candidate.metrics.f1 > 0.0' }).verdict,
    ).toMatchObject({
      verdict: 'no-evidence',
      explanation:
        'Nobody has reported F1 for this version. The gate asks: F1 is above production.',
    });
    // One that only warns says what it saw; it saw nothing
    expect(blocks(judge({}, { blocking: false }).verdict)).toBe(true);
    const old = measured('f1', 0.9, {
      measuredAt: new Date('2026-11-19T08:00:00Z'),
    });
    expect(judge({ candidate: [old] }).verdict).toMatchObject({
      verdict: 'no-evidence',
      explanation: 'F1 was measured 2 d 1 h ago; the gate accepts at most 1 d.',
    });
  });

  it('is an error, and blocks, when its condition cannot be worked out', () => {
    const facts = {
      candidate: [measured('f1', 0.9)],
      production: [measured('auc', 0.9)],
    };
    const { verdict } = judge(facts);
    expect(verdict.verdict).toBe('error');
    expect(blocks(verdict)).toBe(true);
    // A number is no yes, though it is truthy.
    expect(judge(facts, { when: 'candidate.metrics.f1' }).verdict.verdict).toBe(
      'error',
    );
  });

  it('uses the facts of what serves only as production', () => {
    const { verdict } = judge(
      { candidate: [], production: [measured('f1', 0.9)] },
      { when: 'candidate.metrics.f1 > 0.0' },
    );
    expect(verdict.verdict).toBe('no-evidence');
  });
});
