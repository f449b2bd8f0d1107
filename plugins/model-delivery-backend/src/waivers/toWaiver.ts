import {
  PolicyRole,
  Waiver,
} from '@slipway/backstage-plugin-model-delivery-common';
import { toDate, toIso } from '../database/values';
import { duration } from '../words';
import { JoinedWaiverRow, verdictOf } from './waiverStore';

/** What the one who looks at a waiver may do with it. */
export type WaiverViewer = Waiver['viewer'];

/** The waiver as the API shows it. */
export function toWaiver(
  row: JoinedWaiverRow,
  options: {
    roles: PolicyRole[];
    viewer: WaiverViewer;
    notCounted: string | null;
    now: Date;
  },
): Waiver {
  const { roles, viewer, notCounted, now } = options;
  return {
    id: String(row.id),
    model: row.model_ref,
    modelTitle: row.model_title,
    risk: row.risk,
    version: row.version,
    environment: row.environment,
    gate: row.gate,
    state: row.state,
    statement: statementOf(row, roles, now),
    subjectDigest: row.subject_digest,
    verdict: verdictOf(row),
    reason: row.reason,
    askedBy: row.asked_by,
    askedAt: toIso(row.asked_at),
    expiresAt: toIso(row.expires_at),
    roles,
    decision: row.decision && {
      decision: row.decision,
      role: row.decided_role!,
      reason: row.decided_reason!,
      decidedBy: row.decided_by!,
      decidedAt: toIso(row.decided_at!),
    },
    ended:
      row.ended_at === null
        ? null
        : {
            at: toIso(row.ended_at),
            by: row.ended_by!,
            because: row.ended_because!,
          },
    notCounted,
    viewer,
  };
}

function statementOf(
  row: JoinedWaiverRow,
  roles: PolicyRole[],
  now: Date,
): string {
  const left = (toDate(row.expires_at).getTime() - now.getTime()) / 1000;
  switch (row.state) {
    case 'asked':
      return `Waits for ${roles
        .map(role => role.title)
        .join(' or ')} to grant or refuse it`;
    case 'granted':
      return left > 0
        ? `Waived for another ${duration(left)}`
        : 'The waiver has expired';
    case 'refused':
      return 'The waiver was refused';
    case 'expired':
      return row.decision
        ? 'The waiver has expired'
        : 'Nobody decided before the time that was asked for was over';
    case 'withdrawn':
      return `The waiver was taken back: ${row.ended_because}`;
    default:
      return `The waiver is void: ${row.ended_because}`;
  }
}
