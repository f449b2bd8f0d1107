import { CelInput, celEnv, isCelError, plan } from '@bufbuild/cel';
import { factsOf, parseCondition } from './conditionSyntax';
import { FACT_NAMES, FactName } from './facts';

/** What conditions read: metrics by fact. A fact without metrics has no `metrics`, so that `has()` tells. */
export type FactTree = Record<
  FactName,
  { metrics?: Record<string, number> } | undefined
>;

/** What a condition comes to. Anything but true and false is an error. */
export type ConditionResult =
  | { kind: 'true' }
  | { kind: 'false' }
  | { kind: 'error'; message: string };

/** A compiled condition. */
export interface Condition {
  (facts: Partial<FactTree>): ConditionResult;
  /** The facts that it names, such as `candidate.metrics.f1`; each once, in order. */
  readonly facts: readonly string[];
}

/** Compiled conditions that are kept. Drafts of policies are compiled too, so there has to be an end. */
const MAX_KEPT = 2_000;
const kept = new Map<string, Condition>();
const environment = celEnv();

/**
 * Compiles a CEL condition, once for each text.
 * @throws ConditionError when it is too long, too complex, no CEL, or speaks of anything but facts.
 */
export function compileCondition(source: string): Condition {
  const known = kept.get(source);
  if (known) {
    return known;
  }
  const parsed = parseCondition(source);
  const evaluate = plan(environment, parsed);
  const condition: Condition = Object.assign(
    (facts: Partial<FactTree>) => run(evaluate, facts),
    { facts: factsOf(parsed.expr!) },
  );
  if (kept.size >= MAX_KEPT) {
    kept.delete(kept.keys().next().value!);
  }
  kept.set(source, condition);
  return condition;
}

function run(
  evaluate: ReturnType<typeof plan>,
  facts: Partial<FactTree>,
): ConditionResult {
  try {
    const result = evaluate(bindingsOf(facts));
    // Errors come as objects, and objects are truthy: only true itself is a yes.
    if (result === true) {
      return { kind: 'true' };
    }
    if (result === false) {
      return { kind: 'false' };
    }
    return {
      kind: 'error',
      message: isCelError(result)
        ? result.message
        : `it comes to ${typeof result}, not to true or false`,
    };
  } catch (error) {
    return { kind: 'error', message: messageOf(error) };
  }
}

/** Facts as CEL takes them, made once for all gates that are judged by the same. */
const boundFacts = new WeakMap<Partial<FactTree>, Record<string, CelInput>>();

function bindingsOf(facts: Partial<FactTree>): Record<string, CelInput> {
  let bindings = boundFacts.get(facts);
  if (!bindings) {
    bindings = {};
    for (const name of FACT_NAMES) {
      const metrics = facts[name]?.metrics;
      bindings[name] = toMap(metrics ? { metrics: toMap({ ...metrics }) } : {});
    }
    boundFacts.set(facts, bindings);
  }
  return bindings;
}

function toMap(
  entries: Record<string, CelInput>,
): Map<string, CelInput> & CelInput {
  return new Map(Object.entries(entries)) as Map<string, CelInput> & CelInput;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
