import { GateKinds } from '../../gates/kinds/GateKinds';
import { isAtLeastAsStrict } from '../../gates/kinds/judgeByKind';
import { digestOf } from '../digest';
import { Gate } from '../types';
import { compareConditions, Implication } from './implies';
import { Finding, lengthOf } from './findings';

/**
 * What makes a gate looser than one it has to be at least as strict as: its condition, the facts that it requires, how
 * old they may be, whether it blocks, and its tolerance. Of gates that code judges, it is for their kind to say.
 */
export function compareGates(
  stricter: Gate,
  looser: Gate,
  kinds: GateKinds,
): Finding[] {
  const findings: Finding[] = [];
  const add = (what: string) =>
    findings.push({ at: `gate '${looser.id}'`, what });
  const conditions = `'${stricter.when}' against '${looser.when}'`;
  switch (compareRules(stricter, looser, kinds)) {
    case 'looser':
      add(`has a looser condition: ${conditions}`);
      break;
    case 'undecided':
      add(
        `has a condition that cannot be shown to be at least as strict: ${conditions}; ${
          stricter.kind ?? looser.kind
            ? 'keep the kind of gate, and parameters that it can compare'
            : 'write both as comparisons of the same facts with numbers, or keep the text'
        }`,
      );
      break;
    default:
  }
  const missing = looser.requires.filter(
    fact => !stricter.requires.includes(fact),
  );
  if (missing.length > 0) {
    add(`does not require ${missing.join(', ')}`);
  }
  const age = (gate: Gate) => gate.maxAgeSeconds ?? Infinity;
  if (age(stricter) > age(looser)) {
    add(
      `accepts evidence of ${
        stricter.maxAgeSeconds === null
          ? 'any age'
          : lengthOf(stricter.maxAgeSeconds)
      } instead of at most ${lengthOf(looser.maxAgeSeconds!)}`,
    );
  }
  if (!stricter.blocking && looser.blocking) {
    add('only warns instead of blocking');
  }
  if (
    stricter.tolerance &&
    (!looser.tolerance ||
      digestOf(stricter.tolerance) !== digestOf(looser.tolerance))
  ) {
    add(
      `tolerates ${stricter.tolerance.method} of ${stricter.tolerance.metric}`,
    );
  }
  return findings;
}

/** Whether whatever passes the first gate's rule passes the second one's too. */
function compareRules(
  stricter: Gate,
  looser: Gate,
  kinds: GateKinds,
): Implication {
  if (!stricter.kind && !looser.kind) {
    return compareConditions(stricter.when, looser.when);
  }
  if (!stricter.kind || stricter.kind.id !== looser.kind?.id) {
    return 'undecided';
  }
  const [own, asked] = [stricter.kind.parameters, looser.kind.parameters];
  if (digestOf(own) === digestOf(asked)) {
    return 'implied';
  }
  const judge = kinds.findJudge(looser.kind.id);
  switch (judge && isAtLeastAsStrict(judge, own, asked)) {
    case true:
      return 'implied';
    case false:
      return 'looser';
    default:
      return 'undecided';
  }
}
