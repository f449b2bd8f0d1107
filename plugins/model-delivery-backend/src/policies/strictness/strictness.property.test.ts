import fc from 'fast-check';
import { compileCondition } from '../../gates/condition';
import { stringify } from 'yaml';
import { FAULTY_DATA_RULES } from '../policySchema';
import { readPolicySet } from '../policySet';
import { compareConditions } from './implies';

/** A policy as written, as far as it is generated. */
interface Draft {
  gates: {
    id: string;
    metric: string;
    below: boolean;
    threshold: number;
    maxAgeDays: number;
    blocking: boolean;
  }[];
  slots: { role: string; minimum: number; reasonRequired: boolean }[];
  soakHours: number;
  /** Hours of the weekend that are frozen, from Friday 12:00 on. */
  frozenHours: number;
  steps: { share: number; minutes: number; samples: number }[];
  margin: number;
  waiverDays: number | null;
  skippers: string[];
  reviewHours: number | null;
  delegationDays: number | null;
  watchHours: number;
  keepHours: number;
  shadow: {
    minutes: number;
    samples: number;
    disagreement: number;
    tolerance: number;
  } | null;
  expiresHours: number;
  /** Of {@link FAULTY_DATA_RULES}; the last one cannot be tightened. */
  faultyData: number;
}

const SHARES = [5, 10, 20, 35, 50, 75, 100];
const ROLES = ['lead', 'manager', 'officer'];

const draft: fc.Arbitrary<Draft> = fc.record({
  gates: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('one', 'two', 'three'),
      metric: fc.constantFrom('f1', 'gap', 'loss'),
      below: fc.boolean(),
      threshold: fc.integer({ min: 10, max: 90 }),
      maxAgeDays: fc.integer({ min: 2, max: 60 }),
      blocking: fc.boolean(),
    }),
    { selector: each => each.id, minLength: 1 },
  ),
  slots: fc.uniqueArray(
    fc.record({
      role: fc.constantFrom(...ROLES),
      minimum: fc.integer({ min: 1, max: 3 }),
      reasonRequired: fc.boolean(),
    }),
    { selector: each => each.role, minLength: 1 },
  ),
  soakHours: fc.integer({ min: 2, max: 48 }),
  frozenHours: fc.integer({ min: 2, max: 60 }),
  steps: fc.subarray(SHARES.slice(0, -1), { minLength: 1 }).chain(shares =>
    fc.tuple(
      ...[...shares, 100].map(share =>
        fc.record({
          share: fc.constant(share),
          minutes: fc.integer({ min: 5, max: 60 }),
          samples: fc.integer({ min: 2_000, max: 5_000 }),
        }),
      ),
    ),
  ),
  margin: fc.integer({ min: 10, max: 40 }),
  waiverDays: fc.option(fc.integer({ min: 2, max: 30 })),
  skippers: fc.subarray(ROLES),
  reviewHours: fc.option(fc.integer({ min: 2, max: 72 })),
  delegationDays: fc.option(fc.integer({ min: 2, max: 30 })),
  watchHours: fc.integer({ min: 2, max: 48 }),
  keepHours: fc.integer({ min: 2, max: 48 }),
  shadow: fc.option(
    fc.record({
      minutes: fc.integer({ min: 2, max: 60 }),
      // As many as the strictest margin that is generated asks for
      samples: fc.integer({ min: 220, max: 900 }),
      disagreement: fc.integer({ min: 5, max: 40 }),
      tolerance: fc.integer({ min: 0, max: 40 }),
    }),
  ),
  expiresHours: fc.integer({ min: 10, max: 100 }),
  faultyData: fc.integer({ min: 0, max: 1 }),
});

/** Every way to loosen one thing by a little; none when the policy has no such thing. */
const LOOSEN: Record<string, (one: Draft, pick: number) => Draft | undefined> =
  {
    'a threshold': (one, pick) =>
      changeAt(one, 'gates', pick, gate => ({
        ...gate,
        threshold: gate.threshold + (gate.below ? 1 : -1),
      })),
    'the direction of a gate': (one, pick) =>
      changeAt(one, 'gates', pick, gate => ({ ...gate, below: !gate.below })),
    'what a gate measures': (one, pick) =>
      changeAt(one, 'gates', pick, gate => ({ ...gate, metric: 'other' })),
    'a gate that is dropped': (one, pick) => dropAt(one, 'gates', pick),
    'the age of evidence': (one, pick) =>
      changeAt(one, 'gates', pick, gate => ({
        ...gate,
        maxAgeDays: gate.maxAgeDays + 1,
      })),
    'a gate that only warns': (one, pick) => {
      const gate = one.gates[pick % one.gates.length];
      return gate.blocking
        ? changeAt(one, 'gates', pick, each => ({ ...each, blocking: false }))
        : undefined;
    },
    'a slot that is dropped': (one, pick) =>
      one.slots.length > 1 ? dropAt(one, 'slots', pick) : undefined,
    'a minimum': (one, pick) =>
      one.slots[pick % one.slots.length].minimum > 1
        ? changeAt(one, 'slots', pick, slot => ({
            ...slot,
            minimum: slot.minimum - 1,
          }))
        : undefined,
    'a role': (one, pick) =>
      changeAt(one, 'slots', pick, slot => ({ ...slot, role: 'anybody' })),
    'a reason': (one, pick) =>
      one.slots[pick % one.slots.length].reasonRequired
        ? changeAt(one, 'slots', pick, slot => ({
            ...slot,
            reasonRequired: false,
          }))
        : undefined,
    soak: one => ({ ...one, soakHours: one.soakHours - 1 }),
    'a freeze window': one => ({ ...one, frozenHours: one.frozenHours - 1 }),
    'a share': (one, pick) => {
      const at = pick % (one.steps.length - 1);
      return changeAt(one, 'steps', at, step => ({
        ...step,
        share: step.share + 1,
      }));
    },
    'a step that is dropped': (one, pick) =>
      one.steps.length > 2
        ? dropAt(one, 'steps', pick % (one.steps.length - 1))
        : undefined,
    'a window': (one, pick) =>
      changeAt(one, 'steps', pick, step => ({
        ...step,
        minutes: step.minutes - 1,
      })),
    samples: (one, pick) =>
      changeAt(one, 'steps', pick, step => ({
        ...step,
        samples: step.samples - 1,
      })),
    'a margin': one => ({ ...one, margin: one.margin + 1 }),
    waivers: one => ({ ...one, waiverDays: (one.waiverDays ?? 0) + 1 }),
    'who may skip steps': one => ({
      ...one,
      skippers: [...one.skippers, 'anybody'],
    }),
    'the review of an emergency': one => ({
      ...one,
      reviewHours: (one.reviewHours ?? 0) + 1,
    }),
    delegation: one => ({
      ...one,
      delegationDays: (one.delegationDays ?? 0) + 1,
    }),
    watching: one => ({ ...one, watchHours: one.watchHours - 1 }),
    'the version before': one => ({ ...one, keepHours: one.keepHours - 1 }),
    'a shadow that is dropped': one =>
      one.shadow ? { ...one, shadow: null } : undefined,
    "a shadow's answers": one =>
      one.shadow
        ? {
            ...one,
            shadow: {
              ...one.shadow,
              disagreement: one.shadow.disagreement + 1,
            },
          }
        : undefined,
    "a shadow's tolerance": one =>
      one.shadow
        ? {
            ...one,
            shadow: { ...one.shadow, tolerance: one.shadow.tolerance + 1 },
          }
        : undefined,
    "a shadow's window": one =>
      one.shadow
        ? { ...one, shadow: { ...one.shadow, minutes: one.shadow.minutes - 1 } }
        : undefined,
    expiry: one => ({ ...one, expiresHours: one.expiresHours + 1 }),
    'what faulty data do': one =>
      one.faultyData > 0
        ? { ...one, faultyData: one.faultyData - 1 }
        : undefined,
  };

type Lists = 'gates' | 'slots' | 'steps';

function changeAt<L extends Lists>(
  one: Draft,
  list: L,
  pick: number,
  change: (each: Draft[L][number]) => Draft[L][number],
): Draft {
  const index = pick % one[list].length;
  const changed = (one[list] as Draft[L][number][]).map((each, i) =>
    i === index ? change(each) : each,
  );
  return { ...one, [list]: changed };
}

function dropAt(one: Draft, list: Lists, pick: number): Draft {
  const index = pick % one[list].length;
  return {
    ...one,
    [list]: (one[list] as unknown[]).filter((_, i) => i !== index),
  };
}

/** A policy that is stricter in everything that it can be. */
function tighten(one: Draft): Draft {
  return {
    gates: one.gates.map(gate => ({
      ...gate,
      threshold: gate.threshold + (gate.below ? -2 : 2),
      maxAgeDays: gate.maxAgeDays - 1,
      blocking: true,
    })),
    slots: one.slots.map(slot => ({
      ...slot,
      minimum: slot.minimum + 1,
      reasonRequired: true,
    })),
    soakHours: one.soakHours + 1,
    frozenHours: one.frozenHours + 1,
    steps: one.steps.map(step => ({
      ...step,
      minutes: step.minutes + 1,
      samples: step.samples + 1,
    })),
    margin: one.margin - 1,
    waiverDays: null,
    skippers: one.skippers.slice(1),
    reviewHours: one.reviewHours && one.reviewHours - 1,
    delegationDays: null,
    watchHours: one.watchHours + 1,
    keepHours: one.keepHours + 1,
    shadow: one.shadow && {
      minutes: one.shadow.minutes + 1,
      samples: one.shadow.samples + 1,
      disagreement: one.shadow.disagreement - 1,
      tolerance: Math.max(0, one.shadow.tolerance - 1),
    },
    expiresHours: one.expiresHours - 1,
    faultyData: one.faultyData + 1,
  };
}

function toYaml(name: string, risk: string, one: Draft): string {
  const weekdays = ['fri', 'sat', 'sun'];
  const end = 12 + one.frozenHours;
  const gates = one.gates.map(({ id }) => id);
  const approvals = one.slots;
  return stringify({
    apiVersion: 'slipway.dev/v1alpha1',
    kind: 'DeliveryPolicy',
    metadata: { name, title: name },
    spec: {
      risk,
      faultyData: FAULTY_DATA_RULES[one.faultyData],
      roles: Object.fromEntries(
        [...ROLES, 'anybody', 'on-call'].map(role => [
          role,
          { title: role, group: `group:default/${role}` },
        ]),
      ),
      gates: one.gates.map(gate => ({
        id: gate.id,
        title: gate.id,
        stage: 'evaluation',
        requires: [`candidate.metrics.${gate.metric}`],
        when: `candidate.metrics.${gate.metric} ${gate.below ? '<' : '>'} ${(
          gate.threshold / 100
        ).toFixed(2)}`,
        maxAge: `${gate.maxAgeDays}d`,
        blocking: gate.blocking,
      })),
      environments: [
        {
          name: 'staging',
          tier: 'staging',
          gates: [],
          rollout: { strategy: 'direct' },
          waivers: { roles: ['lead'], longest: '60d' },
        },
        {
          name: 'production',
          tier: 'production',
          gates,
          approvals,
          firstDeploymentApprovals: approvals,
          soak: `${one.soakHours}h`,
          freezeWindows: [
            {
              name: 'Weekend',
              timeZone: 'Europe/Zurich',
              weekly: {
                from: 'fri 12:00',
                to: `${weekdays[Math.floor(end / 24)] ?? 'mon'} ${String(
                  end % 24,
                ).padStart(2, '0')}:00`,
              },
            },
          ],
          ...(one.waiverDays && {
            waivers: { roles: ['lead'], longest: `${one.waiverDays}d` },
          }),
          ...(one.skippers.length > 0 && {
            skipSteps: { roles: one.skippers },
          }),
          ...(one.reviewHours && {
            breakGlass: {
              role: 'on-call',
              reviewRole: 'manager',
              reviewWithin: `${one.reviewHours}h`,
            },
          }),
          ...(one.delegationDays && {
            delegation: { longest: `${one.delegationDays}d` },
          }),
          rollout: {
            strategy: 'canary',
            ...(one.shadow && {
              shadow: {
                window: `${one.shadow.minutes}m`,
                minimumSamples: one.shadow.samples,
                maxDisagreement: one.shadow.disagreement / 100,
                tolerance: one.shadow.tolerance / 100,
              },
            }),
            keepPrevious: `${one.keepHours}h`,
            watch: `${one.watchHours}h`,
            steps: one.steps.map(step => ({
              share: step.share,
              window: `${step.minutes}m`,
              minimumSamples: step.samples,
            })),
            metrics: [{ name: 'error-rate', margin: one.margin / 1000 }],
          },
          expiresAfter: `${one.expiresHours}h`,
        },
      ],
    },
  });
}

const problemsOf = (low: Draft, medium: Draft, high: Draft) =>
  readPolicySet({
    builtIn: [],
    own: [
      { file: 'low', text: toYaml('low', 'low', low) },
      { file: 'medium', text: toYaml('medium', 'medium', medium) },
      { file: 'high', text: toYaml('high', 'high', high) },
    ],
  }).problems;

describe('no looser policy gets in', () => {
  it('though the same and stricter ones do', () => {
    fc.assert(
      fc.property(draft, one => {
        expect(problemsOf(one, one, tighten(one))).toEqual([]);
        expect(problemsOf(one, tighten(one), tighten(one))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it.each(Object.entries(LOOSEN))('by %s', (_, loosen) => {
    fc.assert(
      fc.property(draft, fc.nat(100), (one, pick) => {
        const looser = loosen(one, pick);
        fc.pre(looser !== undefined);
        const problems = problemsOf(one, one, looser!);
        expect(problems).not.toEqual([]);
        expect(problems.every(each => each.file === 'high')).toBe(true);
        expect(problems[0].message).toContain('looser');
      }),
      { numRuns: 12 },
    );
  });

  it('even when it is stricter in everything else', () => {
    fc.assert(
      fc.property(
        draft,
        fc.constantFrom(...Object.keys(LOOSEN)),
        fc.nat(100),
        (one, what, pick) => {
          const looser = LOOSEN[what](one, pick);
          fc.pre(looser !== undefined);
          const strict = tighten(one);
          const mixed = Object.fromEntries(
            Object.keys(one).map(key => {
              const field = key as keyof Draft;
              const isLoosened = one[field] !== looser![field];
              return [key, isLoosened ? looser![field] : strict[field]];
            }),
          ) as unknown as Draft;
          expect(problemsOf(one, one, mixed)).not.toEqual([]);
        },
      ),
      { numRuns: 80 },
    );
  });
});

describe('a condition that is said to imply another', () => {
  const number = fc
    .integer({ min: -3, max: 3 })
    .map(value => `${value.toFixed(1)}`);
  const fact = fc.constantFrom(
    'candidate.metrics.a',
    'candidate.metrics.b',
    'production.metrics.a',
  );
  const operator = fc.constantFrom('<', '<=', '>', '>=', '==', '!=');
  const side = fc.oneof(
    number,
    fact,
    fc
      .tuple(fact, fc.constantFrom('+', '-', '*', '/'), number)
      .map(parts => parts.join(' ')),
    fc.tuple(number, fact).map(([a, b]) => `${a} + ${b}`),
  );
  const { condition } = fc.letrec<{ condition: string; atom: string }>(tie => ({
    condition: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      tie('atom'),
      fc
        .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
        .map(([a, by, b]) => `(${a}) ${by} (${b})`),
      tie('condition').map(each => `!(${each})`),
    ),
    atom: fc.oneof(
      {
        weight: 6,
        arbitrary: fc.tuple(side, operator, side).map(parts => parts.join(' ')),
      },
      { weight: 1, arbitrary: fc.constant('!has(production.metrics)') },
      { weight: 1, arbitrary: fc.constantFrom('true', 'false') },
    ),
  }));
  const value = fc.oneof(
    fc.integer({ min: -4, max: 4 }),
    fc.double({ min: -4, max: 4, noNaN: true }),
  );

  it('does, whatever the numbers', () => {
    let implied = 0;
    fc.assert(
      fc.property(
        condition,
        condition,
        fc.array(fc.tuple(value, value, fc.option(value)), { minLength: 30 }),
        (premise, goal, samples) => {
          const pairs = [
            [premise, goal],
            [`(${premise}) && (${goal})`, goal],
            [premise, `(${premise}) || (${goal})`],
          ];
          for (const [one, other] of pairs) {
            const verdict = compareConditions(one, other);
            implied += verdict === 'implied' ? 1 : 0;
            const counterexample = samples.find(([a, b, production]) => {
              const facts = {
                candidate: { metrics: { a, b } },
                ...(production !== null && {
                  production: { metrics: { a: production } },
                }),
              };
              return (
                compileCondition(one)(facts).kind === 'true' &&
                compileCondition(other)(facts).kind !== 'true'
              );
            });
            expect(verdict === 'implied' && counterexample).toBeFalsy();
          }
        },
      ),
      { numRuns: 250 },
    );
    expect(implied).toBeGreaterThan(100);
  });
});
