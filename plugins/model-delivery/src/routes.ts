import {
  createRouteRef,
  createExternalRouteRef,
} from '@backstage/core-plugin-api';

/** The list of models. */
export const modelsRouteRef = createRouteRef({ id: 'model-delivery.models' });

/** One promotion. */
export const promotionRouteRef = createRouteRef({
  id: 'model-delivery.promotion',
  params: ['id'],
});

/** The approvals inbox. */
export const approvalsRouteRef = createRouteRef({
  id: 'model-delivery.approvals',
});

/** Delivery metrics. */
export const metricsRouteRef = createRouteRef({ id: 'model-delivery.metrics' });

/** The policies in force. */
export const policiesRouteRef = createRouteRef({
  id: 'model-delivery.policies',
});

/** The connections to model registries. */
export const registriesRouteRef = createRouteRef({
  id: 'model-delivery.registries',
});

/** Where a new model pipeline is created: the scaffolder. */
export const createPipelineRouteRef = createExternalRouteRef({
  id: 'create',
  optional: true,
  defaultTarget: 'scaffolder.root',
});
