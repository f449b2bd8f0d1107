import { Handlers } from '../http/operations';
import { AuditService } from './AuditService';

/** Answers the operations on the audit log. */
export function createAuditHandlers(
  audit: AuditService,
): Pick<Handlers, 'listAudit' | 'listPromotionTimeline'> {
  return {
    listAudit: async ({ query, principal }) => ({
      status: 200,
      body: await audit.list(
        principal,
        { model: query.model, action: query.action },
        { limit: query.limit ?? 50, cursor: query.cursor },
      ),
    }),
    listPromotionTimeline: async ({ path, query, principal }) => ({
      status: 200,
      body: await audit.promotionTimeline(principal, path.id, {
        limit: query.limit ?? 50,
        cursor: query.cursor,
      }),
    }),
  };
}
