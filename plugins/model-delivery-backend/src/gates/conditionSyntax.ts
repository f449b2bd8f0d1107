import { parse } from '@bufbuild/cel';
import { FACT_NAMES, FactName } from './facts';

/** A parsed condition, as the CEL library gives it. */
export type ParsedCondition = ReturnType<typeof parse>;
/** A part of a parsed condition. */
export type ConditionPart = NonNullable<ParsedCondition['expr']>;

/** Thrown for an expression that cannot be a condition; the message says why. */
export class ConditionError extends Error {
  readonly name = 'ConditionError';
}

const MAX_LENGTH = 1_000;
const MAX_NODES = 200;
const MAX_NESTING = 20;
/** Parsed conditions that are kept: policies are compared pair by pair, over and over the same few texts. */
const MAX_KEPT = 500;
const kept = new Map<string, ParsedCondition>();

/** How a condition may combine facts and numbers. None of it loops, so that the cost is that of the length. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  '_&&_': '&&',
  '_||_': '||',
  '!_': '!',
  '_==_': '==',
  '_!=_': '!=',
  '_<_': '<',
  '_<=_': '<=',
  '_>_': '>',
  '_>=_': '>=',
  '_+_': '+',
  '_-_': '-',
  '_*_': '*',
  '_/_': '/',
  '-_': '-',
  '_?_:_': '?:',
  double: 'double()',
};

/**
 * Parses a CEL expression that may be a condition: comparisons of facts and numbers, joined by `&&`, `||`, `!` and `?:`,
 * and `has()` of a fact.
 * @throws ConditionError when it is too long, too deep or too complex, no CEL, or uses anything else
 */
export function parseCondition(source: string): ParsedCondition {
  const known = kept.get(source);
  if (known) {
    return known;
  }
  const parsed = parseAnew(source);
  if (kept.size >= MAX_KEPT) {
    kept.delete(kept.keys().next().value!);
  }
  kept.set(source, parsed);
  return parsed;
}

function parseAnew(source: string): ParsedCondition {
  if (source.length > MAX_LENGTH) {
    throw new ConditionError(
      `is ${source.length} characters long; at most ${MAX_LENGTH} are allowed`,
    );
  }
  const nesting = nestingOf(source);
  if (nesting > MAX_NESTING) {
    throw new ConditionError(
      `is nested ${nesting} deep; at most ${MAX_NESTING} are allowed`,
    );
  }
  const parsed = (() => {
    try {
      return parse(source);
    } catch (error) {
      throw new ConditionError(
        `is not CEL: ${error instanceof Error ? error.message : error}`,
      );
    }
  })();
  const nodes = parsed.expr ? countParts(parsed.expr) : 0;
  if (nodes > MAX_NODES) {
    throw new ConditionError(
      `has ${nodes} parts; at most ${MAX_NODES} are allowed`,
    );
  }
  if (!parsed.expr) {
    throw new ConditionError('is empty');
  }
  refuseUnknown(parsed.expr);
  return parsed;
}

/** The fact that a part reads, such as `candidate.metrics.f1`; undefined when it reads none. */
export function factOf(part: ConditionPart): string | undefined {
  const { exprKind } = part;
  return exprKind.case === 'selectExpr' && !exprKind.value.testOnly
    ? pathOf(part)
    : undefined;
}

/** The facts that a condition reads or asks for with `has()`, such as `candidate.metrics.f1`; each once, in order. */
export function factsOf(part: ConditionPart): string[] {
  const facts = new Set<string>();
  const visit = (each: ConditionPart) => {
    const path = pathOf(each);
    if (path === undefined) {
      partsOf(each).forEach(visit);
    } else if (/\.metrics\./.test(path)) {
      facts.add(path);
    }
  };
  visit(part);
  return [...facts];
}

/** The expressions that a part is made of. */
export function partsOf({ exprKind }: ConditionPart): ConditionPart[] {
  switch (exprKind.case) {
    case 'selectExpr':
      return exprKind.value.operand ? [exprKind.value.operand] : [];
    case 'callExpr':
      return [
        ...(exprKind.value.target ? [exprKind.value.target] : []),
        ...exprKind.value.args,
      ];
    case 'listExpr':
      return exprKind.value.elements;
    case 'structExpr':
      return exprKind.value.entries.flatMap(entry => [
        ...(entry.keyKind.case === 'mapKey' ? [entry.keyKind.value] : []),
        ...(entry.value ? [entry.value] : []),
      ]);
    case 'comprehensionExpr': {
      const { accuInit, iterRange, loopCondition, loopStep, result } =
        exprKind.value;
      return [accuInit, iterRange, loopCondition, loopStep, result].flatMap(
        each => each ?? [],
      );
    }
    default:
      return [];
  }
}

/** The path of names that a select expression spells, such as `production.metrics`. */
function pathOf({ exprKind }: ConditionPart): string | undefined {
  if (exprKind.case === 'identExpr') {
    return exprKind.value.name;
  }
  const { operand, field } =
    exprKind.case === 'selectExpr'
      ? exprKind.value
      : { operand: undefined, field: '' };
  const before = operand && pathOf(operand);
  return before && `${before}.${field}`;
}

/** How deep brackets and unary operators are nested, before anything recursive looks at the text. */
function nestingOf(source: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of source) {
    if ('([{'.includes(character)) {
      depth += 1;
    } else if (')]}'.includes(character)) {
      depth -= 1;
    }
    deepest = Math.max(deepest, depth);
  }
  const unary = Math.max(
    ...(source.match(/[!\-\s]+/g) ?? ['']).map(
      run => run.replace(/\s/g, '').length,
    ),
  );
  const chosen = (source.match(/\?/g) ?? []).length;
  return Math.max(deepest, unary, chosen);
}

function countParts(part: ConditionPart): number {
  return partsOf(part).reduce((sum, each) => sum + countParts(each), 1);
}

function refuseUnknown(part: ConditionPart): void {
  const { exprKind } = part;
  switch (exprKind.case) {
    case 'constExpr': {
      const kind = exprKind.value.constantKind.case;
      if (!['boolValue', 'int64Value', 'doubleValue'].includes(String(kind))) {
        throw new ConditionError(
          'compares something else than numbers: facts are numbers',
        );
      }
      return;
    }
    case 'identExpr':
    case 'selectExpr':
      refuseUnknownFact(part);
      return;
    case 'callExpr': {
      const { function: name, target } = exprKind.value;
      if (target || !Object.hasOwn(FUNCTIONS, name)) {
        throw new ConditionError(
          `uses ${name.replace(/^_\[_\]$/, '[]')}; a condition may use ${[
            ...new Set(Object.values(FUNCTIONS)),
          ].join(' ')} and has()`,
        );
      }
      partsOf(part).forEach(refuseUnknown);
      return;
    }
    case 'comprehensionExpr':
      throw new ConditionError(
        'goes through a list: all, exists, map and filter are not allowed',
      );
    default:
      throw new ConditionError('uses a list or a map: facts are numbers');
  }
}

function refuseUnknownFact(part: ConditionPart): void {
  const path = pathOf(part);
  const [fact, metrics, metric, ...more] = path?.split('.') ?? [];
  const isAsked =
    part.exprKind.case === 'selectExpr' && part.exprKind.value.testOnly;
  const isKnown =
    FACT_NAMES.includes(fact as FactName) &&
    metrics === 'metrics' &&
    more.length === 0 &&
    (metric === undefined ? isAsked : /^[a-z][a-z0-9_]*$/.test(metric));
  if (!isKnown) {
    throw new ConditionError(
      `speaks of ${
        path ?? 'something'
      }, which is not a fact; it would be FACT.metrics.NAME with one of ${FACT_NAMES.join(
        ', ',
      )}`,
    );
  }
}
