import { Transaction } from '../database/UnitOfWork';
import { findControl } from '../deployments/deploymentStore';
import { NO_GATES } from '../gates/GatesService';
import { PolicyEnvironment } from '../policies/types';
import { DIRECT_PLAN } from '../policies/toContent';
import { insertPromotion } from './insertPromotion';
import { PromotionRecord } from './types';

/** Writes a rollback, which begins at once: no gate and no approval stands in the way of safety. */
export async function insertRollback(
  tx: Transaction,
  made: {
    modelRef: string;
    environment: Pick<PolicyEnvironment, 'name' | 'tier'>;
    /** What is to serve again. */
    version: { id: string; name: string };
    policyDigest: string;
    requestedBy: string;
    note: string;
    idempotencyKey: string | undefined;
  },
): Promise<PromotionRecord> {
  const { version, ...rest } = made;
  return insertPromotion(tx, {
    ...rest,
    kind: 'rollback',
    state: 'scheduled',
    versionId: version.id,
    versionName: version.name,
    reason: 'unplanned-fix',
    control: await findControl(tx.knex, made.modelRef, made.environment.name),
    plan: DIRECT_PLAN,
    gateCounts: NO_GATES,
  });
}
