import { shortHash, withHash } from '../entities/entityName';

/** A model that is to have a name. */
export interface Nameless {
  /** Tells it from all others. */
  key: string;
  /** What it is called in its source. */
  externalName: string;
  /** By that name alone. */
  wanted: string;
}

/**
 * Gives each model a name of its own, the same whatever the order they come in: of several that want one name, whoever is
 * called exactly so in its source has it, else the first by its key; the others have a hash of their key behind it. A name
 * that is taken already stays with whoever has it.
 * @returns names by key
 */
export function assignNames<T extends Nameless>(
  models: T[],
  isTaken: (name: string, model: T) => boolean,
): Map<string, string> {
  const given = new Map<string, string>();
  const names = new Set<string>();
  const isExact = (model: T) => model.externalName === model.wanted;
  const ordered = [...models].sort(
    (a, b) =>
      Number(isExact(b)) - Number(isExact(a)) || (a.key < b.key ? -1 : 1),
  );
  for (const model of ordered) {
    const isFree = (name: string) => !names.has(name) && !isTaken(name, model);
    const name = isFree(model.wanted)
      ? model.wanted
      : withHash(model.wanted, shortHash(model.key));
    names.add(name);
    given.set(model.key, name);
  }
  return given;
}
