import { CelInput, celEnv, isCelError, parse, plan } from '@bufbuild/cel';

/** Facts that a condition may speak of. */
export const FACT_NAMES = [
  'candidate',
  'production',
  'training',
  'data',
  'tests',
  'card',
  'scan',
  'serving',
  'cost',
  'drift',
] as const;

export type FactName = (typeof FACT_NAMES)[number];

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
export type Condition = (facts: Partial<FactTree>) => ConditionResult;

const MAX_LENGTH = 1_000;
const MAX_NODES = 200;
const REFERENCE = new RegExp(
  `\\b(${FACT_NAMES.join('|')})\\.metrics\\.([a-z][a-z0-9_]*)`,
  'g',
);
const environment = celEnv();

/** Thrown for an expression that cannot be a condition; the message says why. */
export class ConditionError extends Error {
  readonly name = 'ConditionError';
}

/**
 * Compiles a CEL condition.
 * @throws ConditionError when it is too long, too complex or no CEL.
 */
export function compileCondition(source: string): Condition {
  if (source.length > MAX_LENGTH) {
    throw new ConditionError(
      `is ${source.length} characters long; at most ${MAX_LENGTH} are allowed`,
    );
  }
  const parsed = (() => {
    try {
      return parse(source);
    } catch (error) {
      throw new ConditionError(`is not CEL: ${messageOf(error)}`);
    }
  })();
  const nodes = countNodes(parsed.expr);
  if (nodes > MAX_NODES) {
    throw new ConditionError(
      `has ${nodes} parts; at most ${MAX_NODES} are allowed`,
    );
  }
  const evaluate = plan(environment, parsed);
  return facts => {
    try {
      const bindings: Record<string, CelInput> = {};
      for (const name of FACT_NAMES) {
        const metrics = facts[name]?.metrics;
        bindings[name] = toMap(
          metrics ? { metrics: toMap({ ...metrics }) } : {},
        );
      }
      const result = evaluate(bindings);
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
  };
}

/** The facts that an expression names, such as `candidate.metrics.f1`; each once, in order. */
export function referencedFacts(source: string): string[] {
  return [...new Set(source.match(REFERENCE) ?? [])];
}

/** Splits `candidate.metrics.f1`; undefined when it is not of that form. */
export function parseFact(
  fact: string,
): { fact: FactName; metric: string } | undefined {
  const match = /^([a-z]+)\.metrics\.([a-z][a-z0-9_]*)$/.exec(fact);
  const name = FACT_NAMES.find(each => each === match?.[1]);
  return match && name ? { fact: name, metric: match[2] } : undefined;
}

function toMap(
  entries: Record<string, CelInput>,
): Map<string, CelInput> & CelInput {
  return new Map(Object.entries(entries)) as Map<string, CelInput> & CelInput;
}

function countNodes(value: unknown): number {
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, each) => sum + countNodes(each), 0);
  }
  if (typeof value !== 'object' || value === null) {
    return 0;
  }
  const children = Object.values(value).reduce<number>(
    (sum, each) => sum + countNodes(each),
    0,
  );
  return children + ('exprKind' in value ? 1 : 0);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
