import { Handlers } from '../http/operations';
import { modelRefOf } from '../models/ModelRecord';
import { RevocationAcknowledgements } from './RevocationAcknowledgements';
import { RevocationsService } from './RevocationsService';

/** Answers the operations on revocations. */
export function createRevocationHandlers(
  revocations: RevocationsService,
  acknowledgements: RevocationAcknowledgements,
): Pick<
  Handlers,
  | 'listRevocations'
  | 'revokeEvidence'
  | 'previewRevocation'
  | 'acknowledgeRevocation'
> {
  return {
    listRevocations: async ({ path, query, principal }) => ({
      status: 200,
      body: await revocations.list(principal, modelRefOf(path), {
        limit: query.limit ?? 50,
        cursor: query.cursor,
      }),
    }),
    revokeEvidence: async ({ path, body, principal }) => {
      const { revocation, isNew } = await revocations.revoke(
        principal,
        modelRefOf(path),
        body,
      );
      return { status: isNew ? 201 : 200, body: revocation };
    },
    previewRevocation: async ({ path, query, principal }) => ({
      status: 200,
      body: await revocations.preview(principal, modelRefOf(path), query),
    }),
    acknowledgeRevocation: async ({ path, body, principal }) => ({
      status: 200,
      body: await acknowledgements.acknowledge(
        principal,
        modelRefOf(path),
        path.revocationId,
        body,
      ),
    }),
  };
}
