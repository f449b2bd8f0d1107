import { Gate } from '../types';
import { compareConditions } from './implies';
import { Finding, lengthOf } from './findings';

/**
 * What makes a gate looser than one it has to be at least as strict as: its condition, the facts that it requires, how
 * old they may be, whether it blocks, and its tolerance.
 */
export function compareGates(stricter: Gate, looser: Gate): Finding[] {
  const findings: Finding[] = [];
  const add = (what: string) =>
    findings.push({ at: `gate '${looser.id}'`, what });
  const conditions = `'${stricter.when}' against '${looser.when}'`;
  switch (compareConditions(stricter.when, looser.when)) {
    case 'looser':
      add(`has a looser condition: ${conditions}`);
      break;
    case 'undecided':
      add(
        `has a condition that cannot be shown to be at least as strict: ${conditions}; write both as comparisons of the same facts with numbers, or keep the text`,
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
    (stricter.tolerance.metric !== looser.tolerance?.metric ||
      stricter.tolerance.method !== looser.tolerance.method)
  ) {
    add(
      `tolerates ${stricter.tolerance.method} of ${stricter.tolerance.metric}`,
    );
  }
  return findings;
}
