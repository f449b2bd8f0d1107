import { FindScoreless } from '../rollouts/targets';
import { GateKinds, KnownKind } from '../gates/kinds/GateKinds';
import { digestOf } from './digest';
import { PolicySet, readPolicySet } from './policySet';
import { PolicyText } from './Resolver';

interface Known {
  kinds: readonly KnownKind[];
  /** What was said of the environments that were asked for. */
  scoreless: ReadonlyMap<string, string | undefined>;
  texts: string;
  set: PolicySet;
}

/** Drafts are read too, so there has to be an end. */
const MAX_KEPT = 20;
const kept: Known[] = [];

/**
 * Reads policy files as one set, once for the same texts, kinds of gates and sources of scores: to prove a set takes a fifth of a second, in
 * which a process does nothing else, and people try the same draft again and again. What comes of it is shared, and must
 * not be changed.
 */
export function readKnownPolicySet(options: {
  builtIn: PolicyText[];
  own: PolicyText[];
  kinds: GateKinds;
  findScoreless?: FindScoreless;
}): PolicySet {
  const { builtIn, own, findScoreless = () => undefined } = options;
  const texts = digestOf({ builtIn, own });
  const kinds = options.kinds.list();
  const known = kept.find(
    each =>
      each.texts === texts &&
      each.kinds.length === kinds.length &&
      each.kinds.every((kind, i) => kind === kinds[i]) &&
      [...each.scoreless].every(
        ([environment, why]) => findScoreless(environment) === why,
      ),
  );
  if (known) {
    return known.set;
  }
  const scoreless = new Map<string, string | undefined>();
  const set = readPolicySet({
    ...options,
    findScoreless: environment => {
      const why = findScoreless(environment);
      scoreless.set(environment, why);
      return why;
    },
  });
  kept.push({ kinds, scoreless, texts, set });
  if (kept.length > MAX_KEPT) {
    kept.shift();
  }
  return set;
}
