import { FieldError } from '@slipway/backstage-plugin-model-delivery-common';
import {
  compileCondition,
  Condition,
  ConditionError,
  FACT_NAMES,
  FactTree,
  parseFact,
  referencedFacts,
} from '../gates/condition';

/** The part of a gate that is checked. */
export interface CheckedGate {
  requires: string[];
  when: string;
  tolerance?: { metric: string };
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
    const needed = `candidate.metrics.${gate.tolerance.metric}`;
    if (!gate.requires.includes(needed)) {
      add('tolerance.metric', `needs ${needed} in requires`);
    }
  }
  const unlisted = referencedFacts(gate.when).filter(
    fact => !gate.requires.includes(fact) && !fact.startsWith('production.'),
  );
  if (unlisted.length > 0) {
    add('when', `uses ${unlisted.join(', ')} without listing it in requires`);
  }
  if (errors.length > 0) {
    return errors;
  }
  try {
    const condition = compileCondition(gate.when);
    const problem = dryRun(condition, gate);
    if (problem) {
      add('when', problem);
    }
  } catch (error) {
    if (!(error instanceof ConditionError)) {
      throw error;
    }
    add('when', error.message);
  }
  return errors;
}

function dryRun(condition: Condition, gate: CheckedGate): string | undefined {
  const inProduction = referencedFacts(gate.when).filter(fact =>
    fact.startsWith('production.'),
  );
  const complete = condition(sample([...gate.requires, ...inProduction]));
  if (complete.kind === 'error') {
    return `fails with the facts it requires: ${complete.message}`;
  }
  const first = condition(sample(gate.requires));
  if (first.kind === 'error') {
    return `fails while nothing serves in production: ${first.message}; add || !has(production.metrics), or require the fact`;
  }
  return undefined;
}

function sample(facts: string[]): Partial<FactTree> {
  const tree: Partial<FactTree> = {};
  for (const text of facts) {
    const parsed = parseFact(text);
    if (parsed) {
      tree[parsed.fact] = {
        metrics: { ...tree[parsed.fact]?.metrics, [parsed.metric]: 0.5 },
      };
    }
  }
  return tree;
}
