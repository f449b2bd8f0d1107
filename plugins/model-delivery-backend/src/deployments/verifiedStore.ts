import { Knex } from 'knex';
import {
  findServing,
  selectDeployments,
  toDeploymentFact,
} from './deploymentStore';
import { DeploymentFact } from './types';

/** How far back versions are looked for that could return, in deployments that had all traffic. */
const LOOKS_BACK = 200;

/**
 * The deployment that verifies a version of that digest in an environment: what the next one asks for, and what can be
 * returned to. It is the last by which it had all of the traffic there, and not one that is still being judged: what was
 * rolled back then is not verified any more, however well it served before. What somebody recorded after Slipway had
 * deployed there proves nothing good; otherwise who may record could verify whatever there is.
 */
export async function findVerified(
  knex: Knex,
  modelRef: string,
  environment: string,
  digest: string,
): Promise<DeploymentFact | undefined> {
  const row = await selectDeployments(knex)
    .where({
      'deployments.model_ref': modelRef,
      'deployments.environment': environment,
      'versions.digest': digest,
    })
    .whereNotNull('deployments.full_traffic_at')
    .whereNot('deployments.outcome', 'rolling-out')
    .where(whatCounts)
    .orderBy([
      { column: 'deployments.full_traffic_at', order: 'desc' },
      { column: 'deployments.started_at', order: 'desc' },
    ])
    .first();
  return row && row.outcome !== 'rolled-back'
    ? toDeploymentFact(row)
    : undefined;
}

/** Leaves out what was only said to have served well. */
function whatCounts(either: Knex.QueryBuilder): void {
  either
    .where('deployments.proves', true)
    .orWhere('deployments.outcome', 'rolled-back');
}

/**
 * The last deployment of each version that could return to an environment: verified there, and serving no traffic now.
 * The one that served last comes first.
 * @param limit - how many at most; versions that served long ago are left out
 */
async function findReturnable(
  knex: Knex,
  options: {
    modelRef: string;
    environment: string;
    /** What serves there now. */
    serving: DeploymentFact[];
    limit: number;
  },
): Promise<DeploymentFact[]> {
  const rows = await selectDeployments(knex)
    .where({
      'deployments.model_ref': options.modelRef,
      'deployments.environment': options.environment,
    })
    .whereNotNull('deployments.full_traffic_at')
    .whereNot('deployments.outcome', 'rolling-out')
    .where(whatCounts)
    .orderBy([
      { column: 'deployments.full_traffic_at', order: 'desc' },
      { column: 'deployments.started_at', order: 'desc' },
    ])
    .limit(LOOKS_BACK);
  const facts = rows.map(toDeploymentFact);
  const lastOf = (name: 'versionId' | 'versionDigest', value: string) =>
    facts.find(each => each[name] === value);
  return facts
    .filter(
      each =>
        each.outcome === 'superseded' &&
        lastOf('versionId', each.versionId) === each &&
        // The same parts under another name are no better
        lastOf('versionDigest', each.versionDigest)?.outcome !==
          'rolled-back' &&
        !options.serving.some(other => other.versionId === each.versionId),
    )
    .slice(0, options.limit);
}

/**
 * The last deployments of the versions that a rollback could restore, the one that it restores unless told otherwise
 * first: the one beside which another one rolls out, or else the verified one that served last before.
 * @param limit - how many at most
 */
export async function findRollbackTargets(
  knex: Knex,
  modelRef: string,
  environment: string,
  limit: number,
): Promise<DeploymentFact[]> {
  const serving = await findServing(knex, modelRef, environment);
  const settled = serving.find(each => each.outcome === 'serving');
  const beside =
    settled && serving.some(each => each.outcome === 'rolling-out')
      ? [settled]
      : [];
  const place = { modelRef, environment };
  return [
    ...beside,
    ...(limit > beside.length
      ? await findReturnable(knex, {
          ...place,
          serving,
          limit: limit - beside.length,
        })
      : []),
  ];
}

/** The first of {@link findRollbackTargets}. */
export async function findRollbackTarget(
  knex: Knex,
  modelRef: string,
  environment: string,
): Promise<DeploymentFact | undefined> {
  const [target] = await findRollbackTargets(knex, modelRef, environment, 1);
  return target;
}
