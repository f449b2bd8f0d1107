import { ApprovalSlot } from '@slipway/backstage-plugin-model-delivery-common';
import { Transaction } from '../database/UnitOfWork';
import { findStandInsOf } from '../delegations/delegationStore';
import { listing } from '../words';
import { PromotionRecord } from './types';

const promotionLink = (record: PromotionRecord) =>
  `/model-delivery/promotions/${record.id}`;
const inboxLink = (record: PromotionRecord) =>
  `/model-delivery/approvals?selected=${record.id}`;
const nameOf = (record: PromotionRecord) =>
  `${record.version} of ${record.modelTitle}`;
/** What replaces one another: those that go together tell each person one thing, not one for each of them. */
const scopeOf = (record: PromotionRecord, about: string) =>
  record.bundle
    ? `bundle-promotion:${record.bundle.id}:${about}`
    : `promotion:${record.id}:${about}`;

/** What a promotion is about: its version, or the bundle that it is part of. */
export function whatOf(record: PromotionRecord): string {
  return record.bundle ? `The bundle '${record.bundle.name}'` : nameOf(record);
}

/** Whether what happens to all that go together is told of this one. */
export function isSpokesman(record: PromotionRecord): boolean {
  return !record.bundle || record.bundle.leadId === record.id;
}

/** Groups that hold the slots, and those who stand in for somebody of them now. */
async function whoDecides(
  tx: Transaction,
  open: ApprovalSlot[],
): Promise<string[]> {
  const groups = [...new Set(open.map(slot => slot.group))];
  return [...groups, ...(await findStandInsOf(tx.knex, groups, tx.now))];
}

/** Asks those who hold the open slots, or stand in for them, to decide. */
export async function notifyAsked(
  tx: Transaction,
  record: PromotionRecord,
  open: ApprovalSlot[],
): Promise<void> {
  const recipients = await whoDecides(tx, open);
  if (recipients.length > 0) {
    tx.publish({
      topic: 'notification',
      payload: {
        recipients,
        title: `Decide on ${
          record.bundle ? `the bundle '${record.bundle.name}'` : nameOf(record)
        } for ${record.environment}`,
        description: `Asked for: ${listing(
          open.map(slot => slot.title),
        )}. Requested by ${record.requestedBy}.`,
        link: inboxLink(record),
        severity: 'normal',
        scope: scopeOf(record, 'asked'),
      },
    });
  }
}

/** Reminds those who hold the open slots, or stand in for them, that they are waited for. */
export async function notifyReminded(
  tx: Transaction,
  record: PromotionRecord,
  open: ApprovalSlot[],
  waited: string,
): Promise<void> {
  const recipients = await whoDecides(tx, open);
  if (recipients.length > 0) {
    tx.publish({
      topic: 'notification',
      payload: {
        recipients,
        title: `Still to decide: ${nameOf(record)} for ${record.environment}`,
        description: `It has waited for ${waited} for ${listing(
          open.map(slot => slot.title),
        )}. Requested by ${record.requestedBy}.`,
        link: inboxLink(record),
        severity: 'normal',
        scope: `promotion:${record.id}:asked`,
      },
    });
  }
}

/** Tells those whom the policy names that nobody decides; it gives them no say in it. */
export function notifyEscalated(
  tx: Transaction,
  record: PromotionRecord,
  escalation: {
    group: string;
    title: string;
    open: ApprovalSlot[];
    waited: string;
  },
): void {
  tx.publish({
    topic: 'notification',
    payload: {
      recipients: [escalation.group],
      title: `Nobody has decided on ${nameOf(record)} for ${
        record.environment
      }`,
      description: `It has waited for ${escalation.waited} for ${listing(
        escalation.open.map(slot => slot.title),
      )}. You are told as ${escalation.title}.`,
      link: promotionLink(record),
      severity: 'high',
      scope: `promotion:${record.id}:escalated`,
    },
  });
}

/** Tells those who had decided that their decisions do not hold any more. */
export function notifyVoided(
  tx: Transaction,
  record: PromotionRecord,
  people: string[],
  because: string,
): void {
  tx.publish({
    topic: 'notification',
    payload: {
      recipients: people,
      title: `Your decision on ${nameOf(record)} was voided`,
      description: `Since you decided, ${because}.`,
      link: inboxLink(record),
      severity: 'normal',
      scope: scopeOf(record, 'voided'),
    },
  });
}

/** Tells the requester that gates or something else hold the promotion. */
export function notifyBlocked(
  tx: Transaction,
  record: PromotionRecord,
  why: string,
): void {
  notifyRequester(
    tx,
    record,
    `${nameOf(record)} is held before ${record.environment}`,
    why,
    'normal',
  );
}

/** Tells the requester, if it is a person, how it went. */
export function notifyRequester(
  tx: Transaction,
  record: PromotionRecord,
  title: string,
  description: string,
  severity: 'critical' | 'high' | 'normal' | 'low',
): void {
  if (record.requestedBy.startsWith('user:')) {
    tx.publish({
      topic: 'notification',
      payload: {
        recipients: [record.requestedBy],
        title,
        description,
        link: promotionLink(record),
        severity,
        scope: scopeOf(record, 'outcome'),
      },
    });
  }
}

/** Tells the requester and the model's owner of trouble while traffic moves. */
export function notifyTrouble(
  tx: Transaction,
  record: PromotionRecord,
  title: string,
  description: string,
): void {
  const recipients = [
    ...(record.requestedBy.startsWith('user:') ? [record.requestedBy] : []),
    record.owner,
  ];
  tx.publish({
    topic: 'notification',
    payload: {
      recipients: [...new Set(recipients)],
      title,
      description,
      link: promotionLink(record),
      severity: 'high',
      scope: scopeOf(record, 'outcome'),
    },
  });
}
