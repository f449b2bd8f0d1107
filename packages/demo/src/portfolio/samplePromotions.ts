import { SamplePromotion } from './promoteServed';

const forFraud = {
  model: 'fraud-card-present',
  requestedBy: 'a.novak',
  approvers: {
    'model-risk-manager': 'm.okafor',
    'compliance-officer': 't.brandt',
  },
};

const forChurn = {
  model: 'churn-retail',
  requestedBy: 'w.chen',
  approvers: { 'team-lead': 'o.petrov' },
};

/**
 * What is promoted before the newcomer comes: v2 serves in production, and v3 waits in staging. Each list is done in its
 * order.
 */
export const samplePromotions: readonly (readonly SamplePromotion[])[] = [
  forFraud,
  forChurn,
].map(common => [
  { ...common, version: 'v2', environment: 'staging' },
  { ...common, version: 'v2', environment: 'production' },
  { ...common, version: 'v3', environment: 'staging' },
]);
