import { ConflictError, NotAllowedError } from '@backstage/errors';
import { LineageImpact } from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { RevocationsService } from '../revocations/RevocationsService';

/** Longest reason that a revocation takes. */
const LONGEST_REASON = 2_000;

/**
 * Revokes the evaluations of versions that were made of faulty data, through the same service as a person's own revocation,
 * one by one: of the models on which the person may, and those that nobody revoked before.
 * @returns how many evaluations are revoked for this reason by this person now
 */
export async function revokeAffected(options: {
  context: EngineContext;
  revocations: RevocationsService;
  principal: Principal;
  versions: LineageImpact['versions'];
  reason: string;
}): Promise<number> {
  const { context, revocations, principal, versions } = options;
  const reason = options.reason.slice(0, LONGEST_REASON);
  let revoked = 0;
  for (const { model, version } of versions) {
    const evaluations: string[] = await context.work
      .knex('evaluations')
      .join('versions', 'versions.id', 'evaluations.version_id')
      .where({ 'versions.model_ref': model, 'versions.name': version })
      .orderBy('evaluations.id')
      .pluck('evaluations.external_id');
    for (const evaluation of evaluations) {
      try {
        await revocations.revoke(principal, model, {
          version,
          evaluation,
          reason,
        });
        revoked++;
      } catch (error) {
        if (error instanceof NotAllowedError) {
          // The owner is told in any case, and may do it
          break;
        }
        if (!(error instanceof ConflictError)) {
          throw error;
        }
        // Somebody revoked it before
      }
    }
  }
  return revoked;
}
