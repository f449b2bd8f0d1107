import {
  ConditionPart,
  factOf,
  parseCondition,
} from '../../gates/conditionSyntax';
import { intersect, NumberSet, numbersThat, unite } from './intervals';

/**
 * A condition as far as strictness is decided by it: `and` and `or` over ranges of one number, and over atoms of which
 * only the text is known.
 */
export type Formula =
  | { kind: 'and' | 'or'; items: Formula[] }
  /** The number that `of` spells lies in `set`. */
  | { kind: 'range'; of: string; set: NumberSet }
  | { kind: 'atom'; text: string };

type Operator = '<' | '<=' | '>' | '>=' | '==' | '!=';

const OPERATORS: Readonly<Record<string, Operator>> = {
  '_<_': '<',
  '_<=_': '<=',
  '_>_': '>',
  '_>=_': '>=',
  '_==_': '==',
  '_!=_': '!=',
};
const MIRRORED: Readonly<Record<Operator, Operator>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
};
/**
 * Reads a condition as a formula.
 * @throws ConditionError when it is none
 */
export function toFormula(source: string): Formula {
  return formulaOf(parseCondition(source).expr!);
}

/** What is always so: the conjunction of nothing. */
export const ALWAYS: Formula = { kind: 'and', items: [] };
/** What is never so: the disjunction of nothing. */
export const NEVER: Formula = { kind: 'or', items: [] };

function formulaOf(part: ConditionPart): Formula {
  const { exprKind } = part;
  if (
    exprKind.case === 'constExpr' &&
    exprKind.value.constantKind.case === 'boolValue'
  ) {
    return exprKind.value.constantKind.value ? ALWAYS : NEVER;
  }
  if (exprKind.case === 'callExpr') {
    const { function: name, args } = exprKind.value;
    if (name === '_&&_' || name === '_||_') {
      return join(name === '_&&_' ? 'and' : 'or', args.map(formulaOf));
    }
    if (name in OPERATORS) {
      return (
        rangeOf(OPERATORS[name], args[0], args[1]) ??
        rangeOf(MIRRORED[OPERATORS[name]], args[1], args[0]) ?? {
          kind: 'atom',
          text: textOf(part),
        }
      );
    }
  }
  return { kind: 'atom', text: textOf(part) };
}

/** Joins formulas, and ranges of the same number to one range. */
function join(kind: 'and' | 'or', given: Formula[]): Formula {
  const ranges = new Map<string, NumberSet>();
  const rest: Formula[] = [];
  given
    .flatMap(each => (each.kind === kind ? each.items : [each]))
    .forEach(each => {
      if (each.kind !== 'range') {
        rest.push(each);
        return;
      }
      const known = ranges.get(each.of);
      const both = kind === 'and' ? intersect : unite;
      ranges.set(each.of, known ? both(known, each.set) : each.set);
    });
  const items: Formula[] = [
    ...[...ranges].map(([of, set]): Formula => ({ kind: 'range', of, set })),
    ...rest,
  ];
  return items.length === 1 ? items[0] : { kind, items };
}

/**
 * Reads a comparison as a range. Of the forms that decide: `E op number`, where E is compared as it is written, and
 * `E op F + number` or `E op F - number`, since adding a larger number to the same F never gives less, rounding included.
 */
function rangeOf(
  operator: Operator,
  left: ConditionPart,
  right: ConditionPart,
): Formula | undefined {
  if (numberOf(left) !== undefined) {
    return undefined;
  }
  // What is computed may come to no number at all (0 / 0), which is unequal to everything and in no range.
  if (operator === '!=' && factOf(left) === undefined) {
    return undefined;
  }
  const number = numberOf(right);
  if (number !== undefined) {
    return {
      kind: 'range',
      of: textOf(left),
      set: numbersThat(operator, number),
    };
  }
  if (operator === '==' || operator === '!=') {
    return undefined;
  }
  const { base, offset } = offsetOf(right);
  return {
    kind: 'range',
    of: `${textOf(left)} against ${textOf(base)}`,
    set: numbersThat(operator, offset),
  };
}

function offsetOf(part: ConditionPart): {
  base: ConditionPart;
  offset: number;
} {
  const { exprKind } = part;
  if (exprKind.case === 'callExpr') {
    const { function: name, args } = exprKind.value;
    const [first, second] = args.map(numberOf);
    if (name === '_+_' && second !== undefined) {
      return { base: args[0], offset: second };
    }
    if (name === '_+_' && first !== undefined) {
      return { base: args[1], offset: first };
    }
    if (name === '_-_' && second !== undefined) {
      return { base: args[0], offset: -second };
    }
  }
  return { base: part, offset: 0 };
}

function numberOf({ exprKind }: ConditionPart): number | undefined {
  if (exprKind.case === 'constExpr') {
    const { constantKind } = exprKind.value;
    return constantKind.case === 'doubleValue' ||
      constantKind.case === 'int64Value'
      ? Number(constantKind.value)
      : undefined;
  }
  if (exprKind.case === 'callExpr' && exprKind.value.function === '-_') {
    const negated = numberOf(exprKind.value.args[0]);
    return negated === undefined ? undefined : -negated;
  }
  return undefined;
}

/** A part in one spelling, whatever blanks and brackets it was written with. */
function textOf(part: ConditionPart): string {
  const { exprKind } = part;
  switch (exprKind.case) {
    case 'constExpr':
      return String(numberOf(part) ?? exprKind.value.constantKind.value);
    case 'identExpr':
      return exprKind.value.name;
    case 'selectExpr': {
      const { operand, field, testOnly } = exprKind.value;
      const path = `${operand ? textOf(operand) : ''}.${field}`;
      return testOnly ? `has(${path})` : path;
    }
    case 'callExpr':
      return `${exprKind.value.function}(${exprKind.value.args
        .map(textOf)
        .join(', ')})`;
    default:
      return '?';
  }
}
