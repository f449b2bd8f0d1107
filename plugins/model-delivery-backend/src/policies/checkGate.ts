import { FieldError } from '@slipway/backstage-plugin-model-delivery-common';
import { compileCondition, Condition, FactTree } from '../gates/condition';
import { ConditionError } from '../gates/conditionSyntax';
import { FACT_NAMES, parseFact } from '../gates/facts';

/** Each condition is tried with these: either side of most thresholds. */
const SAMPLE_VALUES = [0.5, 0, -1, 1e9];

/** The part of a gate that is checked. */
export interface CheckedGate {
  requires: string[];
  when: string;
  tolerance?: { metric: string; against?: 'production' | 'training' };
  /** Set where code judges, and there is no condition to check. */
  kind?: object;
}

/**
 * Checks that a gate requires facts that exist, that its condition compiles, uses nothing that it does not require, and
 * comes to true or false with them, whether or not a version serves in production.
 */
export function checkGate(gate: CheckedGate, at: string): FieldError[] {
  const errors: FieldError[] = [];
  const add = (path: string, message: string) =>
    errors.push({ path: `${at}.${path}`, message });

  gate.requires.forEach((fact, i) => {
    if (!parseFact(fact)) {
      add(
        `requires[${i}]`,
        `'${fact}' is not a fact; it would be FACT.metrics.NAME with one of ${FACT_NAMES.join(
          ', ',
        )}`,
      );
    }
  });
  if (gate.tolerance) {
    const { metric, against } = gate.tolerance;
    [
      `candidate.metrics.${metric}`,
      ...(against === 'training' ? [`training.metrics.${metric}`] : []),
    ]
      .filter(needed => !gate.requires.includes(needed))
      .forEach(needed =>
        add('tolerance.metric', `needs ${needed} in requires`),
      );
  }
  if (gate.kind) {
    return errors;
  }
  const condition = compile(gate.when, message => add('when', message));
  const unlisted = (condition?.facts ?? []).filter(
    fact => !gate.requires.includes(fact) && !fact.startsWith('production.'),
  );
  if (unlisted.length > 0) {
    add('when', `uses ${unlisted.join(', ')} without listing it in requires`);
  }
  const problem =
    condition && errors.length === 0 ? dryRun(condition, gate) : undefined;
  if (problem) {
    add('when', problem);
  }
  return errors;
}

function compile(
  when: string,
  onError: (message: string) => void,
): Condition | undefined {
  try {
    return compileCondition(when);
  } catch (error) {
    if (!(error instanceof ConditionError)) {
      throw error;
    }
    onError(error.message);
    return undefined;
  }
}

function dryRun(condition: Condition, gate: CheckedGate): string | undefined {
  const inProduction = condition.facts.filter(fact =>
    fact.startsWith('production.'),
  );
  for (const value of SAMPLE_VALUES) {
    const complete = condition(
      sample([...gate.requires, ...inProduction], value),
    );
    if (complete.kind === 'error') {
      return `fails with the facts it requires: ${complete.message}`;
    }
    const first = condition(sample(gate.requires, value));
    if (first.kind === 'error') {
      return `fails while nothing serves in production: ${first.message}; add || !has(production.metrics), or require the fact`;
    }
  }
  return undefined;
}

function sample(facts: string[], value: number): Partial<FactTree> {
  const tree: Partial<FactTree> = {};
  for (const text of facts) {
    const parsed = parseFact(text);
    if (parsed) {
      tree[parsed.fact] = {
        metrics: { ...tree[parsed.fact]?.metrics, [parsed.metric]: value },
      };
    }
  }
  return tree;
}
