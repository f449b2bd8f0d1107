import { refuseAgents } from '../access/agents';
import { ApprovalsService } from '../approvals/ApprovalsService';
import { Inbox } from '../approvals/Inbox';
import { BreakGlassRequests } from '../breakGlass/BreakGlassRequests';
import { BreakGlassReviews } from '../breakGlass/BreakGlassReviews';
import { Handlers } from '../http/operations';
import { modelRefOf } from '../models/ModelRecord';
import { PromotionControl } from './PromotionControl';
import { PromotionsService } from './PromotionsService';
import { PromotionViews } from './PromotionViews';
import { RollbackService } from './RollbackService';

/** Answers the operations on promotions, approvals and rollbacks. */
export function createPromotionHandlers(services: {
  promotions: PromotionsService;
  control: PromotionControl;
  rollbacks: RollbackService;
  approvals: ApprovalsService;
  inbox: Inbox;
  views: PromotionViews;
  emergencies: BreakGlassRequests;
  reviews: BreakGlassReviews;
}): Pick<
  Handlers,
  | 'listPromotions'
  | 'requestPromotion'
  | 'getPromotion'
  | 'transitionPromotion'
  | 'decide'
  | 'getPromotionSeries'
  | 'listApprovals'
  | 'rollBack'
  | 'previewBreakGlass'
  | 'reviewBreakGlass'
> {
  const { promotions, control, rollbacks, approvals, inbox, views } = services;
  const { emergencies, reviews } = services;
  return {
    listPromotions: async ({ query, principal }) => ({
      status: 200,
      body: await views.list(principal, query, {
        limit: query.limit ?? 50,
        cursor: query.cursor,
      }),
    }),
    requestPromotion: async ({ body, principal }) => {
      const { breakGlass } = body;
      if (breakGlass) {
        refuseAgents(principal, body, 'break the glass');
      }
      const { record, isNew } = breakGlass
        ? await emergencies.request(principal, { ...body, breakGlass })
        : await promotions.request(principal, body);
      return {
        status: isNew ? 201 : 200,
        body: await views.describe(principal, record),
      };
    },
    getPromotion: async ({ path, principal }) => ({
      status: 200,
      body: await views.get(principal, path.id),
    }),
    transitionPromotion: async ({ path, body, principal }) => ({
      status: 200,
      body: await views.describe(
        principal,
        await control.transition(principal, path.id, body),
      ),
    }),
    decide: async ({ path, body, principal }) => ({
      status: 201,
      body: await views.describe(
        principal,
        await approvals.decide(principal, path.id, body),
      ),
    }),
    previewBreakGlass: async ({ path, query, principal }) => ({
      status: 200,
      body: await emergencies.preview(principal, {
        model: modelRefOf(path),
        ...query,
      }),
    }),
    reviewBreakGlass: async ({ path, body, principal }) => ({
      status: 201,
      body: await views.describe(
        principal,
        await reviews.review(principal, path.id, body),
      ),
    }),
    getPromotionSeries: async ({ path, principal }) => ({
      status: 200,
      body: await views.series(principal, path.id),
    }),
    listApprovals: async ({ query, principal }) => ({
      status: 200,
      body: await inbox.list(principal, query.section, {
        limit: query.limit ?? 50,
        cursor: query.cursor,
      }),
    }),
    rollBack: async ({ path, body, principal }) => ({
      status: 201,
      body: await views.describe(
        principal,
        await rollbacks.rollBack(principal, modelRefOf(path), body),
      ),
    }),
  };
}
