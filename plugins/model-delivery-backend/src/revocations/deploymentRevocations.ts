import { DeploymentRevocation } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { DatabaseTime, toIso } from '../database/values';
import {
  deploymentRestsOn,
  findDeploymentEvidence,
  RestingDeployment,
} from './deploymentEvidence';
import { findRevocationsOf, toMark, toName } from './revocationStore';

/** A row of `revocation_acknowledgements`. */
export interface AcknowledgementRow {
  revocation_id: number;
  deployment_id: string;
  reason: string;
  acknowledged_by: string;
  acknowledged_at: DatabaseTime;
}

/** Revoked evidence that deployments rest on, by the deployment's id; those that rest on none are left out. */
export async function findDeploymentRevocations(
  knex: Knex,
  all: RestingDeployment[],
): Promise<Map<string, DeploymentRevocation[]>> {
  const found = new Map<string, DeploymentRevocation[]>();
  const deployments = all.filter(each => each.modelHasRevocations);
  if (deployments.length === 0) {
    return found;
  }
  const models = [...new Set(deployments.map(each => each.modelRef))];
  const evidence = await findDeploymentEvidence(knex, deployments);
  const production: { id: string }[] = await knex('versions')
    .whereIn('model_ref', models)
    .whereIn('digest', [
      ...new Set([...evidence.values()].flatMap(each => each.production ?? [])),
    ])
    .select('id');
  const revocations = await findRevocationsOf(knex, [
    ...new Set([
      ...deployments.map(each => each.versionId),
      ...production.map(each => each.id),
    ]),
  ]);
  if (revocations.length === 0) {
    return found;
  }
  const acknowledgements: AcknowledgementRow[] = await knex(
    'revocation_acknowledgements',
  ).whereIn(
    'deployment_id',
    deployments.map(each => each.id),
  );
  for (const deployment of deployments) {
    const own = revocations.flatMap((row): DeploymentRevocation[] => {
      const facts = deploymentRestsOn(
        deployment,
        evidence.get(deployment.id),
        toName(row),
      );
      const acknowledged = acknowledgements.find(
        each =>
          each.deployment_id === deployment.id && each.revocation_id === row.id,
      );
      return facts
        ? [
            {
              revocation: toMark(row),
              facts,
              acknowledgement: acknowledged
                ? {
                    by: acknowledged.acknowledged_by,
                    at: toIso(acknowledged.acknowledged_at),
                    reason: acknowledged.reason,
                  }
                : null,
            },
          ]
        : [];
    });
    if (own.length > 0) {
      found.set(deployment.id, own);
    }
  }
  return found;
}

/** Revoked evidence that a deployment rests on and that nobody has acknowledged; the first if there are several. */
export function openRevocation(
  revocations: DeploymentRevocation[] | undefined,
): DeploymentRevocation | undefined {
  return revocations?.find(each => each.acknowledgement === null);
}
