import { Knex } from 'knex';
import {
  selectDeployments,
  toDeploymentFact,
} from '../deployments/deploymentStore';
import { parseFact } from '../gates/facts';
import { Policy, PolicyEnvironment } from '../policies/types';
import { findDeploymentRevocations } from './deploymentRevocations';

/**
 * Why the deployment in the environment before does not prove a version any more; undefined while it does. It rests on
 * evidence that was revoked, nobody has acknowledged that, and what was withdrawn has not been measured anew since.
 */
export async function findShaken(options: {
  knex: Knex;
  policy: Policy;
  environment: PolicyEnvironment;
  modelRef: string;
  version: { name: string; digest: string };
}): Promise<string | undefined> {
  const { knex, policy, environment, modelRef, version } = options;
  const position = policy.environments.findIndex(
    each => each.name === environment.name,
  );
  if (position < 1) {
    return undefined;
  }
  const before = policy.environments[position - 1].name;
  const row = await selectDeployments(knex)
    .where({
      'deployments.model_ref': modelRef,
      'deployments.environment': before,
      'versions.digest': version.digest,
    })
    .whereNotNull('deployments.full_traffic_at')
    .where('deployments.proves', true)
    .whereIn('deployments.outcome', ['serving', 'superseded'])
    .orderBy('deployments.started_at', 'desc')
    .first();
  if (!row) {
    return undefined;
  }
  const proof = toDeploymentFact(row);
  const revoked = (await findDeploymentRevocations(knex, [proof])).get(
    proof.id,
  );
  for (const { revocation, facts, acknowledgement } of revoked ?? []) {
    // What was read of the version in production is compared anew where it matters: at the next environment's gates
    const own = facts.flatMap(each => {
      const parsed = parseFact(each);
      return parsed && parsed.fact !== 'production' ? [parsed] : [];
    });
    if (!acknowledgement && !(await areMeasured(knex, proof.versionId, own))) {
      return `${version.name} went to ${before} on the evaluation ${revocation.evaluation}, which was revoked: ${revocation.reason}. It needs new evidence first`;
    }
  }
  return undefined;
}

/** Whether each fact of a version has a measurement that counts. */
async function areMeasured(
  knex: Knex,
  versionId: string,
  facts: { fact: string; metric: string }[],
): Promise<boolean> {
  const rows: { fact: string; name: string }[] = await knex('measurements')
    .where({ version_id: versionId })
    .whereIn(
      'name',
      facts.map(each => each.metric),
    )
    .select('fact', 'name');
  return facts.every(({ fact, metric }) =>
    rows.some(row => row.fact === fact && row.name === metric),
  );
}
