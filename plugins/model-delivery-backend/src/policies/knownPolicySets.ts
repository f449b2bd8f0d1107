import { FindScoreless } from '../rollouts/targets';
import { GateKinds, KnownKind } from '../gates/kinds/GateKinds';
import { digestOf } from './digest';
import { PolicySet, readPolicySet } from './policySet';
import { PolicyText } from './Resolver';

interface Known {
  kinds: readonly KnownKind[];
  findScoreless?: FindScoreless;
  texts: string;
  set: PolicySet;
}

/** Drafts are read too, so there has to be an end. */
const MAX_KEPT = 20;
const kept: Known[] = [];

/**
 * Reads policy files as one set, once for the same texts, kinds of gates and sources: to prove a set takes a fifth of a second, in
 * which a process does nothing else, and people try the same draft again and again. What comes of it is shared, and must
 * not be changed.
 */
export function readKnownPolicySet(options: {
  builtIn: PolicyText[];
  own: PolicyText[];
  kinds: GateKinds;
  findScoreless?: FindScoreless;
}): PolicySet {
  const { builtIn, own, findScoreless } = options;
  const texts = digestOf({ builtIn, own });
  const kinds = options.kinds.list();
  const known = kept.find(
    each =>
      each.texts === texts &&
      each.findScoreless === findScoreless &&
      each.kinds.length === kinds.length &&
      each.kinds.every((kind, i) => kind === kinds[i]),
  );
  if (known) {
    return known.set;
  }
  const set = readPolicySet(options);
  kept.push({ kinds, findScoreless, texts, set });
  if (kept.length > MAX_KEPT) {
    kept.shift();
  }
  return set;
}
