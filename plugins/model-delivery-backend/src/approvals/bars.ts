import { VersionsSince } from '../versions/versionStore';
import { VersionRecord } from '../versions/VersionRecord';

/** Somebody who may not decide, and why, said to them. */
export interface Bar {
  /** Entity ref of a user; what is not one bars nobody. */
  person: string;
  /** Such as `You authored commit 8f2c1e7`. */
  because: string;
}

/**
 * Who may not decide on a promotion: whoever requested it, trained it or wrote a commit since the version that serves.
 * The first reason in that order is told.
 * @param resolve - the user behind an e-mail address or entity ref, as the catalog knows them now
 */
export async function findBars(options: {
  requestedBy: string;
  version: Pick<VersionRecord, 'trainedBy' | 'parts'>;
  since: VersionsSince;
  resolve: (given: string) => Promise<string>;
}): Promise<Bar[]> {
  const { requestedBy, version, since } = options;
  const bars = new Map<string, string>();
  const resolved = new Map<string, Promise<string>>();
  const bar = async (given: string, because: string) => {
    if (!resolved.has(given)) {
      resolved.set(given, options.resolve(given));
    }
    for (const person of [await resolved.get(given)!, given]) {
      if (!bars.has(person)) {
        bars.set(person, because);
      }
    }
  };

  await bar(requestedBy, 'You requested it');
  for (const trainer of [version.trainedBy, version.parts.trainedBy]) {
    await bar(trainer, 'You trained it');
  }
  for (const commit of since.commits) {
    await bar(commit.author, `You authored commit ${commit.sha.slice(0, 7)}`);
  }
  // Names as they were resolved at registration: they hold even if the address moved since.
  for (const author of since.authors) {
    await bar(author, 'You authored a commit of it');
  }
  for (const trainer of since.trainers) {
    await bar(trainer, 'You trained a version that it builds on');
  }
  return [...bars]
    .filter(([person]) => person.startsWith('user:'))
    .map(([person, because]) => ({ person, because }));
}
