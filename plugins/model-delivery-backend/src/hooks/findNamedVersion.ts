import { Knex } from 'knex';
import { VersionRecord } from '../versions/VersionRecord';
import { findLatestVersions, findVersion } from '../versions/versionStore';
import { listing } from '../words';
import { Answer, Named } from './questions';

/** How many of a model's versions are looked through for a digest or commit, the last registered first. */
const LOOKED_THROUGH = 500;

/**
 * The version that a question is about. Without one, the answer instead: `waiting` for what may be registered yet,
 * `refused` for what contradicts itself or could be several.
 */
export async function findNamedVersion(
  knex: Knex,
  modelRef: string,
  named: Named,
): Promise<VersionRecord | Answer> {
  const { version: name, digest, commit, hint } = named;
  const refused = (statement: string): Answer => ({
    verdict: 'refused',
    statement,
  });
  const waiting = (what: string): Answer => ({
    verdict: 'waiting',
    statement: `${modelRef} has no version ${what} yet; a pipeline has to register it`,
  });

  if (name) {
    const version = await findVersion(knex, modelRef, name);
    if (!version) {
      return waiting(name);
    }
    if (digest && version.digest !== digest) {
      return refused(
        `Version ${name} of ${modelRef} has the digest ${version.digest}, and ${digest} is what is being released`,
      );
    }
    if (commit && version.parts.code.commit !== commit) {
      return refused(
        `Version ${name} of ${modelRef} was built from commit ${version.parts.code.commit}, and ${commit} is what is being released`,
      );
    }
    return version;
  }

  const versions = await findLatestVersions(knex, modelRef, LOOKED_THROUGH);
  const fitting = versions.filter(
    each =>
      (!digest || each.digest === digest) &&
      (!commit || each.parts.code.commit === commit),
  );
  const hinted = fitting.find(each => each.name === hint);
  if (hinted) {
    return hinted;
  }
  if (fitting.length === 0) {
    return waiting(
      digest ? `with the digest ${digest}` : `built from commit ${commit}`,
    );
  }
  if (new Set(fitting.map(each => each.digest)).size > 1) {
    return refused(
      `${
        fitting.length
      } versions of ${modelRef} were built from commit ${commit}: ${listing(
        fitting.map(each => each.name).slice(0, 10),
      )}. Say which one is released: by a tag of its name, or by slipway.version in the deployment's payload`,
    );
  }
  return fitting[0];
}
