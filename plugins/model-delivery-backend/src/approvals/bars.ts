import { VersionsSince } from '../versions/versionStore';
import { VersionRecord } from '../versions/VersionRecord';
import { Directory, REGISTRY_ACTOR } from '../people/Directory';
import { listing } from '../words';

/** How many unknown names are told. */
const NAMED = 3;

/** Somebody who may not decide, and why, said to them. */
export interface Bar {
  /** Entity ref of a user; what is not one bars nobody. */
  person: string;
  /** Such as `You authored commit 8f2c1e7`. */
  because: string;
}

/** Those who made what a promotion brings. */
export interface Makers {
  version: Pick<VersionRecord, 'trainedBy' | 'parts'>;
  since: VersionsSince;
}

/**
 * Who may not decide on a promotion: whoever requested it, trained it or wrote a commit since the version that serves.
 * The first reason in that order is told.
 * @param resolve - the user behind an e-mail address or entity ref, as the catalog knows them now
 */
export async function findBars(
  options: Makers & {
    /** Nobody, where it is not about a promotion. */
    requestedBy?: string;
    resolve: (given: string) => Promise<string>;
  },
): Promise<Bar[]> {
  const bars = new Map<string, string>();
  const resolved = new Map<string, Promise<string>>();
  for (const [given, because] of [
    ...(options.requestedBy ? [[options.requestedBy, 'You requested it']] : []),
    ...makersOf(options),
  ]) {
    if (!resolved.has(given)) {
      resolved.set(given, options.resolve(given));
    }
    for (const person of [await resolved.get(given)!, given]) {
      if (!bars.has(person)) {
        bars.set(person, because);
      }
    }
  }
  return [...bars]
    .filter(([person]) => person.startsWith('user:'))
    .map(([person, because]) => ({ person, because }));
}

/**
 * What keeps a promotion from being decided because some of those who made the version are nobody that is known: who may
 * not decide on it cannot be told then. Undefined when all are known.
 */
export async function findUnidentified(
  directory: Directory,
  makers: Makers,
): Promise<string | undefined> {
  const names = new Set(makersOf(makers).map(([given]) => given));
  const resolved = new Map<string, string>();
  for (const name of names) {
    resolved.set(name, await directory.resolvePerson(name));
  }
  const strangers = await directory.findUnidentified([
    ...new Set(resolved.values()),
  ]);
  const unknown = [...resolved]
    .filter(([, person]) => strangers.has(person))
    .map(([name]) =>
      name === REGISTRY_ACTOR
        ? `somebody whom the registry does not name ('${name}')`
        : `'${name}'`,
    );
  return unknown.length > 0
    ? `${listing(unknown.slice(0, NAMED))}${
        unknown.length > NAMED ? ` and ${unknown.length - NAMED} more` : ''
      } trained it or wrote commits of it and ${
        unknown.length > 1 ? 'are' : 'is'
      } no user of the catalog, so it cannot be told who may not approve; give the address to a user, or name it in modelDelivery.people`
    : undefined;
}

/** Names as they were given, and what each did, said to them. */
function makersOf({ version, since }: Makers): [string, string][] {
  return [
    ...[version.trainedBy, version.parts.trainedBy].map(
      (trainer): [string, string] => [trainer, 'You trained it'],
    ),
    ...since.commits.map((commit): [string, string] => [
      commit.author,
      `You authored commit ${commit.sha.slice(0, 7)}`,
    ]),
    // Names as they were resolved at registration: they hold even if the address moved since.
    ...since.authors.map((author): [string, string] => [
      author,
      'You authored a commit of it',
    ]),
    ...since.trainers.map((trainer): [string, string] => [
      trainer,
      'You trained a version that it builds on',
    ]),
  ];
}
