import { LineageImpact } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { faultyDataOf, isRevokedBy } from '../policies/faultyData';
import { Policies, Policy } from '../policies/types';
import { CatalogView } from './CatalogView';
import { LineageWalk, WalkNode } from './LineageWalk';
import { isModelRef } from './names';
import { findServing } from './serving';

/** How far a fault is followed. */
export const IMPACT_BOUNDS = { depth: 20, limit: 5_000, fanOut: 1_000 };

/** A version that was made of a data set. */
export type Affected = Omit<LineageImpact['versions'][number], 'revoked'>;

/** What was made of a data set, and serves or is owned by somebody. */
export type Impact = Pick<
  LineageImpact,
  'models' | 'owners' | 'hidden' | 'truncated'
> & {
  /** Without what was revoked of them before. */
  versions: Affected[];
  /** The policy in force of each model that has affected versions. */
  goesBy: ReadonlyMap<string, Policy>;
};

/**
 * What a faulty data set affects: what was made of the version in question for certain, and what was made of the data set
 * when nobody said which version was read.
 */
export async function findImpact(
  knex: Knex,
  catalog: CatalogView,
  policies: Pick<Policies, 'forModel'>,
  walks: { certain: LineageWalk; possible: LineageWalk | null },
): Promise<Impact> {
  const found = new Map<string, { node: WalkNode; certain: boolean }>();
  const models = new Set<string>();
  for (const walk of [walks.possible, walks.certain]) {
    for (const node of walk?.nodes.values() ?? []) {
      if (node.ref !== null && isModelRef(node.ref)) {
        if (node.version === '') {
          models.add(node.ref);
        } else {
          found.set(node.id, { node, certain: walk === walks.certain });
        }
      }
    }
  }
  const affected = [...found.values()];
  const withVersions = new Set(affected.map(({ node }) => node.ref!));
  const serving = await findServing(knex, [...withVersions]);
  const goesBy = new Map(
    [...withVersions].map(ref => [ref, policies.forModel(catalog.model(ref)!)]),
  );
  const versions = affected
    .map(({ node, certain }) => {
      const model = catalog.model(node.ref!)!;
      const policy = goesBy.get(model.ref)!;
      return {
        model: model.ref,
        title: model.title,
        owner: model.owner,
        version: node.version,
        certain,
        serving: serving
          .filter(
            each => each.model === model.ref && each.version === node.version,
          )
          .map(({ deployment, environment, tier, share, since }) => ({
            deployment,
            environment,
            tier,
            share,
            since,
          })),
        policy: policy.name,
        faultyData: faultyDataOf(policy),
        revokes: isRevokedBy(faultyDataOf(policy), certain),
        newest: Math.max(0, ...node.stored),
      };
    })
    .sort(
      (a, b) =>
        productionShare(b) - productionShare(a) ||
        b.serving.length - a.serving.length ||
        a.model.localeCompare(b.model) ||
        b.newest - a.newest,
    )
    .map(({ newest: _newest, ...version }) => version);
  const declared = [...models]
    .filter(ref => !withVersions.has(ref))
    .map(ref => catalog.model(ref)!)
    .map(({ ref, title, owner }) => ({ model: ref, title, owner }));
  return {
    versions,
    models: declared,
    owners: [
      ...new Set([...versions, ...declared].map(each => each.owner)),
    ].sort(),
    hidden: [walks.certain, walks.possible]
      .flatMap(walk => [...(walk?.nodes.values() ?? [])])
      .filter(each => each.hidden).length,
    goesBy,
    truncated: walks.certain.truncated || Boolean(walks.possible?.truncated),
  };
}

function productionShare({
  serving,
}: {
  serving: { tier: string; share: number }[];
}): number {
  return serving
    .filter(each => each.tier === 'production')
    .reduce((sum, each) => sum + each.share, 0);
}
