import { CardFreshness } from '@slipway/backstage-plugin-model-delivery-common';
import {
  ConditionPart,
  factOf,
  parseCondition,
  partsOf,
} from '../gates/conditionSyntax';
import { GateOutcome } from '../gates/evaluateGate';
import { Gate, Policy, PolicyEnvironment } from '../policies/types';
import { FactMeasurement } from '../versions/VersionRecord';

/** The fact by which gates judge how old a card is, in days. */
export const CARD_AGE = 'card.metrics.age_days';

/** Conditions are parsed once for each policy. */
const knownLimits = new WeakMap<Policy, number | null>();

/** The environment whose gates ask for the card's age: production's, or else the last that does. */
export function environmentAskingForAge(
  policy: Policy,
): PolicyEnvironment | undefined {
  const asking = new Set(
    policy.gates
      .filter(gate => gate.requires.includes(CARD_AGE))
      .map(gate => gate.id),
  );
  const environments = policy.environments.filter(({ gates }) =>
    gates.some(id => asking.has(id)),
  );
  return (
    environments.find(({ tier }) => tier === 'production') ??
    environments.at(-1)
  );
}

/** The most days that a policy lets a card be old, where it first serves people; null where it does not ask. */
export function cardLimitOf(policy: Policy): number | null {
  let days = knownLimits.get(policy);
  if (days === undefined) {
    const ids = environmentAskingForAge(policy)?.gates ?? [];
    const limits = policy.gates
      .filter(
        ({ id, requires }) => ids.includes(id) && requires.includes(CARD_AGE),
      )
      .map(mostDays)
      .filter(each => each !== null);
    days = limits.length > 0 ? Math.min(...limits) : null;
    knownLimits.set(policy, days);
  }
  return days;
}

/** How old the card is and what the policy's gate says of it. */
export function toFreshness(options: {
  facts: FactMeasurement[];
  policy: Policy;
  environment: PolicyEnvironment | undefined;
  /** Verdicts of the environment's gates. */
  outcomes: GateOutcome[];
}): CardFreshness {
  const { facts, policy, environment, outcomes } = options;
  const age = facts.find(
    ({ fact, name }) => `${fact}.metrics.${name}` === CARD_AGE,
  );
  const asking = policy.gates.filter(({ requires }) =>
    requires.includes(CARD_AGE),
  );
  const verdict = outcomes
    .map(outcome => outcome.verdict)
    .find(({ gate }) => asking.some(({ id }) => id === gate));
  const gate = asking.find(({ id }) => id === verdict?.gate);
  return {
    ageDays: age?.value ?? null,
    measuredAt: age?.measuredAt.toISOString() ?? null,
    evaluation: age?.evaluation ?? null,
    policy:
      environment && verdict
        ? {
            name: policy.name,
            environment: environment.name,
            gate: verdict.gate,
            maxDays: gate ? mostDays(gate) : null,
            verdict: verdict.verdict,
            explanation: verdict.explanation,
          }
        : null,
  };
}

/** The most days that a gate lets through, where its condition compares the age with a number; null where it says it otherwise. */
function mostDays({ kind, when }: Gate): number | null {
  if (kind) {
    return null;
  }
  const parsed = parseCondition(when).expr;
  return (parsed && boundIn(parsed)) ?? null;
}

function boundIn(part: ConditionPart): number | undefined {
  const { exprKind } = part;
  if (exprKind.case !== 'callExpr') {
    return undefined;
  }
  const { function: name } = exprKind.value;
  const [left, right] = partsOf(part);
  if (name === '_<=_' || name === '_<_') {
    return factOf(left) === CARD_AGE ? numberOf(right) : undefined;
  }
  return name === '_&&_' ? boundIn(left) ?? boundIn(right) : undefined;
}

function numberOf({ exprKind }: ConditionPart): number | undefined {
  const kind =
    exprKind.case === 'constExpr' ? exprKind.value.constantKind : undefined;
  return kind?.case === 'doubleValue' || kind?.case === 'int64Value'
    ? Number(kind.value)
    : undefined;
}
