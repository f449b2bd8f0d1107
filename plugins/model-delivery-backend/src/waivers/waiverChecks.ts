import { ConflictError, InputError } from '@backstage/errors';
import { WaiverDecision } from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { Bar } from '../approvals/bars';
import { Transaction } from '../database/UnitOfWork';
import { StaleStateError } from '../database/values';
import { ModelRecord } from '../models/ModelRecord';
import { findOpenPromotions } from '../promotions/promotionStore';
import { VersionRecord } from '../versions/VersionRecord';
import { duration } from '../words';
import { JudgedGate } from './GateNow';
import { findGranted, WaiverRow } from './waiverStore';
import { whyNotCounted } from './whyNotCounted';

/**
 * One waiver is enough, if it counts: another one is asked for only beside those that let nothing through, be it for one
 * of the promotions that are open, or for the one that whoever asks may request.
 * @throws ConflictError when one that counts is granted already
 */
export async function requireNeed(
  tx: Transaction,
  principal: Principal,
  about: {
    present: JudgedGate;
    model: ModelRecord;
    version: VersionRecord;
    makers: Bar[];
  },
): Promise<void> {
  const { present, model, version, makers } = about;
  const environment = present.environment.name;
  const granted = (
    await findGranted(tx.knex, {
      versionId: version.id,
      environment,
      now: tx.now,
    })
  ).filter(
    each =>
      each.gate === present.gate.id && each.subjectDigest === present.subject,
  );
  const open = (
    await findOpenPromotions(tx.knex, model.ref, environment)
  ).filter(each => each.versionId === version.id);
  const requesters =
    open.length > 0 ? open.map(each => each.requestedBy) : [principal.ref];
  const isNeeded = requesters.some(requestedBy =>
    granted.every(({ grantedBy }) =>
      whyNotCounted(grantedBy, { requestedBy, makers }),
    ),
  );
  if (!isNeeded) {
    throw new ConflictError(
      `A waiver of '${present.gate.title}' for ${version.name} in ${environment} is granted already`,
    );
  }
}

/**
 * When the waiver ends, as it was asked for.
 * @throws InputError when that is over, or later than the policy allows
 */
export function requireTime(
  given: string,
  { now, longestSeconds }: { now: Date; longestSeconds: number },
): Date {
  const at = new Date(given);
  const seconds = (at.getTime() - now.getTime()) / 1000;
  if (seconds <= 0) {
    throw new InputError('request/body/expiresAt is over; give a later time');
  }
  if (seconds > longestSeconds) {
    throw new InputError(
      `request/body/expiresAt is in ${duration(
        seconds,
      )}; the policy allows at most ${duration(longestSeconds)}`,
    );
  }
  return at;
}

/** Whether a waiver was decided by that person in just that way. */
export function isSame(
  row: WaiverRow,
  principal: Principal,
  body: WaiverDecision,
): boolean {
  return (
    row.decided_by === principal.ref &&
    row.decision === body.decision &&
    row.decided_role === body.role &&
    row.subject_digest === body.subjectDigest
  );
}

/** The refusal of what was meant for an earlier state of the waiver. */
export function stale(row: WaiverRow, why: string): StaleStateError {
  return new StaleStateError(`Waiver ${row.id} is ${row.state} now: ${why}`, {
    state: row.state,
    subjectDigest: row.subject_digest,
  });
}
