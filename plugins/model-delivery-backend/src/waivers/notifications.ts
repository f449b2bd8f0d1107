import {
  PolicyRole,
  WaiverDecision,
} from '@slipway/backstage-plugin-model-delivery-common';
import { parseEntityRef } from '@backstage/catalog-model';
import { Transaction } from '../database/UnitOfWork';
import { JoinedWaiverRow, verdictOf, WaiverEnd } from './waiverStore';

const nameOf = (row: JoinedWaiverRow) => `${row.version} of ${row.model_title}`;

/** Asks those who may decide. */
export function notifyWaiverAsked(
  tx: Transaction,
  row: JoinedWaiverRow,
  roles: PolicyRole[],
): void {
  tell(tx, row, {
    recipients: roles.map(({ group }) => group),
    title: `Decide on a waiver for ${nameOf(row)} in ${row.environment}`,
    description: `${verdictOf(row).title}: ${row.reason}`,
    event: 'asked',
  });
}

/** Tells who asked how it was decided. */
export function notifyWaiverDecided(
  tx: Transaction,
  row: JoinedWaiverRow,
  { role, body }: { role: PolicyRole; body: WaiverDecision },
): void {
  tell(tx, row, {
    recipients: [row.asked_by],
    title: `The waiver for ${nameOf(row)} was ${
      body.decision === 'grant' ? 'granted' : 'refused'
    }`,
    description: `${role.title}: ${body.reason.trim()}`,
    event: 'decided',
  });
}

/** Tells who asked, who granted and the model's owner that a waiver does not hold any more. */
export function notifyWaiverEnded(
  tx: Transaction,
  row: JoinedWaiverRow,
  end: WaiverEnd,
): void {
  const concerned = [
    row.asked_by,
    ...(row.decided_by ? [row.decided_by, row.owner] : []),
  ];
  tell(tx, row, {
    recipients: [...new Set(concerned)].filter(each => each !== end.by),
    title: `The waiver for ${nameOf(row)} in ${row.environment} has ended`,
    description: `${verdictOf(row).title}: ${end.because}`,
    event: 'ended',
  });
}

function tell(
  tx: Transaction,
  row: JoinedWaiverRow,
  message: {
    recipients: string[];
    title: string;
    description: string;
    event: string;
  },
): void {
  const { recipients, title, description, event } = message;
  if (recipients.length === 0) {
    return;
  }
  tx.publish({
    topic: 'notification',
    payload: {
      recipients,
      title,
      description,
      link: linkOf(row),
      severity: 'normal',
      scope: `waiver:${row.id}:${event}`,
    },
  });
}

/** The verdict that it is about, on the model's page. */
function linkOf(row: JoinedWaiverRow): string {
  const { namespace, name } = parseEntityRef(row.model_ref);
  const query = new URLSearchParams({
    environment: row.environment,
    gate: row.gate,
    version: row.version,
  });
  return `/catalog/${namespace}/model/${name}/gates?${query}`;
}
