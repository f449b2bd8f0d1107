import { Formula, toFormula } from './formula';
import { intersect, isContained, NumberSet } from './intervals';

/** How one condition stands to another. */
export type Implication =
  /** Whenever the first holds, the second does. */
  | 'implied'
  /** There are numbers that the first lets through and the second does not. */
  | 'looser'
  /** It cannot be told from how they are written. */
  | 'undecided';

const MAX_STEPS = 1_000;

/**
 * Whether a version that passes `stricter` always passes `looser` too, given the facts of both. Sound: `implied` is
 * never wrong. Complete only for conditions that compare single numbers; others count as implied when the same text is
 * found again.
 * @throws ConditionError when one is no condition
 */
export function compareConditions(
  stricter: string,
  looser: string,
): Implication {
  const premise = toFormula(stricter);
  const goal = toFormula(looser);
  if (implies([premise], goal, { left: MAX_STEPS })) {
    return 'implied';
  }
  return isConjunctionOfFacts(premise) && isConjunctionOfFacts(goal)
    ? 'looser'
    : 'undecided';
}

function implies(
  premises: Formula[],
  goal: Formula,
  steps: { left: number },
): boolean {
  steps.left -= 1;
  if (steps.left < 0) {
    return false;
  }
  const known = premises.flatMap(each =>
    each.kind === 'and' ? each.items : [each],
  );
  if (known.some(each => each.kind === 'and')) {
    return implies(known, goal, steps);
  }
  if (goal.kind === 'and') {
    return goal.items.every(item => implies(known, item, steps));
  }
  const ranges = rangesOf(known);
  if ([...ranges.values()].some(set => set.length === 0)) {
    return true;
  }
  if (holds(known, ranges, goal)) {
    return true;
  }
  if (
    goal.kind === 'or' &&
    goal.items.some(item => implies(known, item, steps))
  ) {
    return true;
  }
  // One of several is so: it has to follow from each of them.
  const choice = known.findIndex(each => each.kind === 'or');
  const chosen = known[choice];
  return (
    chosen?.kind === 'or' &&
    chosen.items.every(item =>
      implies([...known.filter((_, i) => i !== choice), item], goal, steps),
    )
  );
}

/** Whether the goal is there as it is. */
function holds(
  known: Formula[],
  ranges: Map<string, NumberSet>,
  goal: Formula,
): boolean {
  switch (goal.kind) {
    case 'range': {
      const set = ranges.get(goal.of);
      return set !== undefined && isContained(set, goal.set);
    }
    case 'atom':
      return known.some(
        each => each.kind === 'atom' && each.text === goal.text,
      );
    default:
      return false;
  }
}

function rangesOf(known: Formula[]): Map<string, NumberSet> {
  const ranges = new Map<string, NumberSet>();
  known.forEach(each => {
    if (each.kind === 'range') {
      const before = ranges.get(each.of);
      ranges.set(each.of, before ? intersect(before, each.set) : each.set);
    }
  });
  return ranges;
}

/** Whether a formula is made of ranges of single facts, each free of the others, so that what is not implied is looser. */
function isConjunctionOfFacts(formula: Formula): boolean {
  return formula.kind === 'and'
    ? formula.items.every(isConjunctionOfFacts)
    : formula.kind === 'range' && /^[a-z]+\.metrics\.\w+$/.test(formula.of);
}
