import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import {
  IndexableDocument,
  ResultHighlight,
} from '@backstage/plugin-search-common';
import { createSearchResultListItemExtension } from '@backstage/plugin-search-react';
import { createModelDeliveryApi, modelDeliveryApiRef } from './api';
import {
  approvalsRouteRef,
  createPipelineRouteRef,
  metricsRouteRef,
  modelsRouteRef,
  policiesRouteRef,
  promotionRouteRef,
  registriesRouteRef,
} from './routes';
import { MODEL_CARD, MODEL_VERSION } from './search/types';

/**
 * Model delivery for apps on Backstage's old frontend system.
 * @public
 */
export const modelDeliveryPlugin = createPlugin({
  id: 'model-delivery',
  routes: {
    models: modelsRouteRef,
    promotion: promotionRouteRef,
    approvals: approvalsRouteRef,
    metrics: metricsRouteRef,
    policies: policiesRouteRef,
    registries: registriesRouteRef,
  },
  externalRoutes: { create: createPipelineRouteRef },
  apis: [
    createApiFactory({
      api: modelDeliveryApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: createModelDeliveryApi,
    }),
  ],
});

/**
 * The list of models, for the route `/models`.
 * @public
 */
export const ModelsPage = modelDeliveryPlugin.provide(
  createRoutableExtension({
    name: 'ModelsPage',
    component: (): Promise<() => JSX.Element> =>
      import('./models').then(m => m.ModelsPage),
    mountPoint: modelsRouteRef,
  }),
);

/**
 * One promotion, for the route `/model-delivery/promotions/:id`.
 * @public
 */
export const PromotionPage = modelDeliveryPlugin.provide(
  createRoutableExtension({
    name: 'PromotionPage',
    component: (): Promise<() => JSX.Element> =>
      import('./promotions').then(m => m.PromotionPage),
    mountPoint: promotionRouteRef,
  }),
);

/**
 * The approvals inbox, for the route `/model-delivery/approvals`.
 * @public
 */
export const ApprovalsPage = modelDeliveryPlugin.provide(
  createRoutableExtension({
    name: 'ApprovalsPage',
    component: (): Promise<() => JSX.Element> =>
      import('./approvals').then(m => m.ApprovalsPage),
    mountPoint: approvalsRouteRef,
  }),
);

/**
 * Delivery metrics, for the route `/model-delivery/metrics`.
 * @public
 */
export const MetricsPage = modelDeliveryPlugin.provide(
  createRoutableExtension({
    name: 'MetricsPage',
    component: (): Promise<() => JSX.Element> =>
      import('./metrics').then(m => m.MetricsPage),
    mountPoint: metricsRouteRef,
  }),
);

/**
 * The policies in force, for the route `/model-delivery/policies`.
 * @public
 */
export const PoliciesPage = modelDeliveryPlugin.provide(
  createRoutableExtension({
    name: 'PoliciesPage',
    component: (): Promise<() => JSX.Element> =>
      import('./policies').then(m => m.PoliciesPage),
    mountPoint: policiesRouteRef,
  }),
);

/**
 * The connections to model registries, for the route `/model-delivery/registries`.
 * @public
 */
export const RegistriesPage = modelDeliveryPlugin.provide(
  createRoutableExtension({
    name: 'RegistriesPage',
    component: (): Promise<() => JSX.Element> =>
      import('./registries').then(m => m.RegistriesPage),
    mountPoint: registriesRouteRef,
  }),
);

/**
 * What serves where, open promotions and evaluation, for the overview of an entity of kind Model.
 * @public
 */
export const EntityModelOverviewContent = modelDeliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityModelOverviewContent',
    component: {
      lazy: (): Promise<() => JSX.Element> =>
        import('./modelPage').then(m => m.OverviewContent),
    },
  }),
);

/**
 * What an entity of kind Model was made of, and what was made of it.
 * @public
 */
export const EntityModelLineageContent = modelDeliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityModelLineageContent',
    component: {
      lazy: (): Promise<() => JSX.Element> =>
        import('./modelPage').then(m => m.LineageContent),
    },
  }),
);

/**
 * The versions of an entity of kind Model.
 * @public
 */
export const EntityModelVersionsContent = modelDeliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityModelVersionsContent',
    component: {
      lazy: (): Promise<() => JSX.Element> =>
        import('./modelPage').then(m => m.VersionsContent),
    },
  }),
);

/**
 * The deployments of an entity of kind Model.
 * @public
 */
export const EntityModelDeploymentsContent = modelDeliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityModelDeploymentsContent',
    component: {
      lazy: (): Promise<() => JSX.Element> =>
        import('./modelPage').then(m => m.DeploymentsContent),
    },
  }),
);

/**
 * The gates of an entity of kind Model by version.
 * @public
 */
export const EntityModelGatesContent = modelDeliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityModelGatesContent',
    component: {
      lazy: (): Promise<() => JSX.Element> =>
        import('./modelPage').then(m => m.GatesContent),
    },
  }),
);

/**
 * The models that an entity of another kind serves, builds, trains, owns or holds; for pages of components, resources, groups
 * and systems.
 * @public
 */
export const EntityRelatedModelsCard = modelDeliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityRelatedModelsCard',
    component: {
      lazy: (): Promise<() => JSX.Element> =>
        import('./entityCards').then(m => m.RelatedModelsCard),
    },
  }),
);

/**
 * A version of a model among the results of the search page.
 * @public
 */
export const ModelVersionSearchResultListItem = modelDeliveryPlugin.provide(
  createSearchResultListItemExtension({
    name: 'ModelVersionSearchResultListItem',
    component: (): Promise<
      (props: {
        result?: IndexableDocument;
        highlight?: ResultHighlight;
      }) => JSX.Element | null
    > => import('./search').then(m => m.ModelVersionResult),
    predicate: ({ type }) => type === MODEL_VERSION,
  }),
);

/**
 * A model card among the results of the search page.
 * @public
 */
export const ModelCardSearchResultListItem = modelDeliveryPlugin.provide(
  createSearchResultListItemExtension({
    name: 'ModelCardSearchResultListItem',
    component: (): Promise<
      (props: {
        result?: IndexableDocument;
        highlight?: ResultHighlight;
      }) => JSX.Element | null
    > => import('./search').then(m => m.ModelCardResult),
    predicate: ({ type }) => type === MODEL_CARD,
  }),
);

/**
 * The model card of an entity of kind Model.
 * @public
 */
export const EntityModelCardContent = modelDeliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityModelCardContent',
    component: {
      lazy: (): Promise<() => JSX.Element> =>
        import('./modelPage').then(m => m.CardContent),
    },
  }),
);
