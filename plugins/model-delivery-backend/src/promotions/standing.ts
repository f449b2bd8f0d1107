import { ConflictError, InputError } from '@backstage/errors';
import { Knex } from 'knex';
import { findDeploymentOf, findServing } from '../deployments/deploymentStore';
import { findPromotion } from './promotionStore';
import { PromotionRecord } from './types';

/** Whether what a promotion brought to its environment takes traffic still, so that it can be rolled back. */
export async function stillServes(
  knex: Knex,
  { id, kind }: Pick<PromotionRecord, 'id' | 'kind'>,
): Promise<boolean> {
  const deployment = await findDeploymentOf(knex, id, kind);
  return deployment !== undefined && deployment.endedAt === null;
}

/**
 * Checks that a rollback which was asked for from a promotion would take back what that promotion brought, and not what
 * others brought after it.
 * @throws ConflictError when it serves no longer, or never did; InputError for a promotion of another place
 */
export async function requireStanding(
  knex: Knex,
  place: { modelRef: string; environment: string },
  promotion: string,
): Promise<void> {
  const id = /^[1-9]\d{0,8}$/.test(promotion) ? Number(promotion) : 0;
  const record = await findPromotion(knex, id);
  if (
    record?.modelRef !== place.modelRef ||
    record.environment !== place.environment
  ) {
    throw new InputError(
      `request/body/promotion '${promotion}' is none of ${place.modelRef} to ${place.environment}`,
    );
  }
  const deployment = await findDeploymentOf(knex, id, record.kind);
  if (!deployment) {
    throw new ConflictError(
      `Promotion ${id} gave ${record.version} no traffic in ${place.environment}, so there is nothing of it to roll back`,
    );
  }
  if (deployment.endedAt) {
    const serving = await findServing(knex, place.modelRef, place.environment);
    const now = serving.map(each => each.version).join(' and ') || 'nothing';
    throw new ConflictError(
      `Promotion ${id} no longer serves in ${place.environment}: ${
        record.version
      } had its traffic until ${deployment.endedAt.toISOString()}, and ${now} ${
        serving.length > 1 ? 'serve' : 'serves'
      } now. Roll back from what serves`,
    );
  }
}
