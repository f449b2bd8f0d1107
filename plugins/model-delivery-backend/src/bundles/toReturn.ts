import { ConflictError } from '@backstage/errors';
import { Knex } from 'knex';
import { findControl } from '../deployments/deploymentStore';
import { NO_GATES } from '../gates/GatesService';
import { DIRECT_PLAN } from '../policies/toContent';
import { PolicyEnvironment } from '../policies/types';
import { PromotionRecord } from '../promotions/types';
import { NewBundlePromotion } from './insertBundlePromotion';

/**
 * The rollback of one member of a bundle that serves, to what served before it.
 * @throws ConflictError when nothing did
 */
export async function toReturn(
  knex: Knex,
  member: PromotionRecord,
  made: {
    environment: Pick<PolicyEnvironment, 'name' | 'tier'>;
    policyDigest: string;
    requestedBy: string;
    note: string;
  },
): Promise<NewBundlePromotion['members'][number]> {
  const { modelRef, fromVersionId, fromVersion } = member;
  const { name } = made.environment;
  if (!fromVersionId || !fromVersion) {
    throw new ConflictError(
      `Nothing served in ${name} before ${member.version} of ${member.modelTitle}, so there is no way back for the bundle`,
    );
  }
  return {
    ...made,
    kind: 'rollback',
    state: 'scheduled',
    modelRef,
    versionId: fromVersionId,
    versionName: fromVersion,
    reason: 'unplanned-fix',
    idempotencyKey: undefined,
    control: await findControl(knex, modelRef, name),
    plan: DIRECT_PLAN,
    gateCounts: NO_GATES,
  };
}
