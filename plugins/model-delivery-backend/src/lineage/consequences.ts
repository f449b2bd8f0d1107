import { FaultConsequence } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { faultyDataOf } from '../policies/faultyData';
import { Policy } from '../policies/types';
import { Affected } from './findImpact';
import { findFollowed } from './followPolicies';

/**
 * What the policies do with what a data set affects, or did, what revokes most first.
 * @param options.goesBy - the policy in force of each model
 * @param options.fault - what was done for this fault, instead of what would be done now
 */
export async function findConsequences(
  knex: Knex,
  options: {
    versions: Affected[];
    goesBy: ReadonlyMap<string, Policy>;
    fault?: number;
  },
): Promise<FaultConsequence[]> {
  const { versions, goesBy, fault } = options;
  const evaluations = new Map<string, number>();
  for (const { model, version } of await findFollowed(knex, {
    versions: versions.filter(each => each.revokes),
    fault,
  })) {
    const name = nameOf(model, version);
    evaluations.set(name, (evaluations.get(name) ?? 0) + 1);
  }
  return sumUp(versions, goesBy, each =>
    each.revokes ? evaluations.get(nameOf(each.model, each.version)) ?? 0 : 0,
  );
}

/** Sums up by policy. Pure. */
export function sumUp(
  versions: Affected[],
  goesBy: ReadonlyMap<string, Policy>,
  evaluationsOf: (version: Affected) => number,
): FaultConsequence[] {
  const sums = new Map<string, FaultConsequence>();
  for (const version of versions) {
    const policy = goesBy.get(version.model)!;
    const sum = sums.get(policy.digest) ?? {
      policy: { name: policy.name, digest: policy.digest },
      title: policy.title,
      faultyData: faultyDataOf(policy),
      versions: 0,
      revoked: 0,
      evaluations: 0,
    };
    sum.versions += 1;
    sum.revoked += version.revokes ? 1 : 0;
    sum.evaluations += evaluationsOf(version);
    sums.set(policy.digest, sum);
  }
  return [...sums.values()].sort(
    (a, b) =>
      b.evaluations - a.evaluations ||
      b.revoked - a.revoked ||
      b.versions - a.versions ||
      a.policy.name.localeCompare(b.policy.name),
  );
}

function nameOf(model: string, version: string): string {
  return JSON.stringify([model, version]);
}
