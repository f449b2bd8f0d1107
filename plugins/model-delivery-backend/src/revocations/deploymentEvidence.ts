import { Knex } from 'knex';
import { DeploymentFact } from '../deployments/types';
import { Evidence } from '../promotions/types';
import { restsOn } from './restsOn';
import { EvaluationName } from './types';

/** What is known of a deployment to say what it rests on. */
export type RestingDeployment = Pick<
  DeploymentFact,
  | 'id'
  | 'modelRef'
  | 'versionId'
  | 'evidencePromotionId'
  | 'modelHasRevocations'
>;

/**
 * What the gates read of the promotion that let each deployment's version in, by deployment: of a rollback the one that
 * brought there what it restored. One that was recorded has passed none.
 */
export async function findDeploymentEvidence(
  knex: Knex,
  deployments: RestingDeployment[],
): Promise<Map<string, Evidence>> {
  const rows: { id: number; evidence: string }[] = await knex('promotions')
    .whereIn('id', [
      ...new Set(deployments.flatMap(each => each.evidencePromotionId ?? [])),
    ])
    .whereNotNull('evidence')
    .select('id', 'evidence');
  const evidence = new Map(rows.map(row => [row.id, row.evidence]));
  return new Map(
    deployments.flatMap(({ id, evidencePromotionId }) => {
      const own =
        evidencePromotionId === null
          ? undefined
          : evidence.get(evidencePromotionId);
      return own ? [[id, JSON.parse(own) as Evidence]] : [];
    }),
  );
}

/**
 * The facts that a deployment owes to an evaluation; undefined when it does not rest on it. One that passed no gate here
 * rests on whatever was reported of its version, without naming a fact. Pure.
 */
export function deploymentRestsOn(
  { versionId }: RestingDeployment,
  evidence: Evidence | undefined,
  evaluation: EvaluationName,
): string[] | undefined {
  if (!evidence) {
    return versionId === evaluation.versionId ? [] : undefined;
  }
  const facts = restsOn({ versionId, evidence }, evaluation);
  return facts.length > 0 ? facts : undefined;
}
