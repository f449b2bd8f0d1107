import { Knex } from 'knex';
import { DeploymentFact } from '../deployments/types';
import { Evidence } from '../promotions/types';
import { restsOn } from './restsOn';
import { EvaluationName } from './types';

/** What is known of a deployment to say what it rests on. */
export type RestingDeployment = Pick<
  DeploymentFact,
  'id' | 'modelRef' | 'versionId' | 'kind' | 'promotionId'
>;

/**
 * What the gates of each deployment's promotion read, by deployment. One that was recorded has passed none, nor has
 * traffic that went back to the version before, although it names the promotion that it came from.
 */
export async function findDeploymentEvidence(
  knex: Knex,
  deployments: RestingDeployment[],
): Promise<Map<string, Evidence>> {
  const judged = deployments.filter(each => each.kind === 'promotion');
  const rows: { id: number; evidence: string }[] = await knex('promotions')
    .whereIn('id', [...new Set(judged.flatMap(each => each.promotionId ?? []))])
    .whereNotNull('evidence')
    .select('id', 'evidence');
  const evidence = new Map(rows.map(row => [row.id, row.evidence]));
  return new Map(
    judged.flatMap(({ id, promotionId }) => {
      const own = promotionId === null ? undefined : evidence.get(promotionId);
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
