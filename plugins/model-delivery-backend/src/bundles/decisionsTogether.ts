import { Decision } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { findDecisions } from '../approvals/decisionStore';
import { PromotionRecord } from '../promotions/types';

/**
 * Decisions on promotions that go together, the voided ones too, oldest first. What was decided on several of them at once
 * is one decision, which is void once it is void on any of them.
 */
export async function findDecisionsTogether(
  knex: Knex,
  together: Pick<PromotionRecord, 'id'>[],
): Promise<Decision[]> {
  if (together.length === 1) {
    return findDecisions(knex, together[0].id);
  }
  const made = new Map<string, Decision>();
  for (const { id } of together) {
    for (const decision of await findDecisions(knex, id)) {
      const key = `${decision.decidedBy} ${decision.decidedAt}`;
      const known = made.get(key);
      if (!known || decision.voided) {
        made.set(key, decision);
      }
    }
  }
  return [...made.values()].sort((a, b) =>
    a.decidedAt.localeCompare(b.decidedAt),
  );
}
