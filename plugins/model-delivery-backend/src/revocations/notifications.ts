import { parseEntityRef } from '@backstage/catalog-model';
import { Transaction } from '../database/UnitOfWork';
import { ModelRecord } from '../models/ModelRecord';
import { JoinedRevocationRow } from './revocationStore';

/** The verdict that revoked evidence was read for, on the model's page. */
export interface RevokedVerdict {
  environment: string;
  gate: string | undefined;
}

/**
 * Whom a revocation concerns: the model's owner, and whoever asked for or approved what rested on the evidence but for the
 * person who revoked it. Pure.
 */
export function recipientsOf(revoked: {
  model: Pick<ModelRecord, 'owner'>;
  by: string;
  people: string[];
}): string[] {
  const { model, by, people } = revoked;
  return [...new Set([model.owner, ...people.filter(each => each !== by)])];
}

/** Tells whom a revocation concerns. */
export function notifyRevoked(
  tx: Transaction,
  revoked: {
    model: ModelRecord;
    row: JoinedRevocationRow;
    /** Entity refs. */
    recipients: string[];
    verdict: RevokedVerdict;
    /** Follows the reason, such as `1 promotion pauses`. */
    effects: string;
  },
): void {
  const { model, row, recipients, effects } = revoked;
  tx.publish({
    topic: 'notification',
    payload: {
      recipients,
      title: `Evidence of ${row.version} of ${model.title} was revoked`,
      description: `${row.evaluation}: ${row.reason}. ${effects}.`,
      link: linkOf(model.ref, row.version, revoked.verdict),
      severity: 'high',
      scope: `revocation:${row.id}`,
    },
  });
}

/** Tells the owner and whoever revoked the evidence that a deployment serves on. */
export function notifyAcknowledged(
  tx: Transaction,
  told: {
    model: ModelRecord;
    row: JoinedRevocationRow;
    environment: string;
    by: string;
    reason: string;
  },
): void {
  const { model, row, environment } = told;
  tx.publish({
    topic: 'notification',
    payload: {
      recipients: [...new Set([model.owner, row.revoked_by])],
      title: `${row.version} of ${model.title} serves on in ${environment}`,
      description: `Although ${row.evaluation} was revoked: ${told.reason}`,
      link: linkOf(model.ref, row.version, { environment, gate: undefined }),
      severity: 'normal',
      scope: `revocation:${row.id}:acknowledged:${environment}`,
    },
  });
}

function linkOf(
  modelRef: string,
  version: string,
  { environment, gate }: RevokedVerdict,
): string {
  const { namespace, name } = parseEntityRef(modelRef);
  const query = new URLSearchParams({
    environment,
    ...(gate && { gate, version }),
  });
  return `/catalog/${namespace}/model/${name}/gates?${query}`;
}
