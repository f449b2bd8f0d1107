import {
  ApiBlueprint,
  createFrontendPlugin,
  discoveryApiRef,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
  EntityContentLayoutBlueprint,
  EntityHeaderLayoutBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import {
  SearchFilterBlueprint,
  SearchFilterResultTypeBlueprint,
  SearchResultListItemBlueprint,
} from '@backstage/plugin-search-react/alpha';
import { createModelDeliveryApi, modelDeliveryApiRef } from './api';
import { hasRelatedModels } from './entityCards/relatedModels';
import {
  MetricsIcon,
  ModelIcon,
  PolicyIcon,
  RegistryIcon,
} from './components/icons';
import { ApprovalsNavIcon } from './nav/ApprovalsNavIcon';
import {
  approvalsRouteRef,
  createPipelineRouteRef,
  metricsRouteRef,
  modelsRouteRef,
  policiesRouteRef,
  promotionRouteRef,
  registriesRouteRef,
} from './routes';
import { OwnerFilter } from './search/OwnerFilter';
import { MODEL_CARD, MODEL_VERSION } from './search/types';

const isModel = { kind: 'model' };

const api = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: modelDeliveryApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: createModelDeliveryApi,
    }),
});

const modelsPage = PageBlueprint.make({
  name: 'models',
  params: {
    path: '/models',
    title: 'Models',
    icon: <ModelIcon />,
    routeRef: modelsRouteRef,
    loader: () => import('./models').then(m => <m.ModelsPage />),
  },
});

const promotionPage = PageBlueprint.make({
  name: 'promotion',
  params: {
    path: '/model-delivery/promotions/:id',
    title: 'Promotions',
    routeRef: promotionRouteRef,
    loader: () => import('./promotions').then(m => <m.PromotionPage />),
  },
});

const approvalsPage = PageBlueprint.make({
  name: 'approvals',
  params: {
    path: '/model-delivery/approvals',
    title: 'Approvals',
    icon: <ApprovalsNavIcon />,
    routeRef: approvalsRouteRef,
    loader: () => import('./approvals').then(m => <m.ApprovalsPage />),
  },
});

const metricsPage = PageBlueprint.make({
  name: 'metrics',
  params: {
    path: '/model-delivery/metrics',
    title: 'Delivery metrics',
    icon: <MetricsIcon />,
    routeRef: metricsRouteRef,
    loader: () => import('./metrics').then(m => <m.MetricsPage />),
  },
});

const policiesPage = PageBlueprint.make({
  name: 'policies',
  params: {
    path: '/model-delivery/policies',
    title: 'Policies',
    icon: <PolicyIcon />,
    routeRef: policiesRouteRef,
    loader: () => import('./policies').then(m => <m.PoliciesPage />),
  },
});

const registriesPage = PageBlueprint.make({
  name: 'registries',
  params: {
    path: '/model-delivery/registries',
    title: 'Registries',
    icon: <RegistryIcon />,
    routeRef: registriesRouteRef,
    loader: () => import('./registries').then(m => <m.RegistriesPage />),
  },
});

const entityHeader = EntityHeaderLayoutBlueprint.make({
  name: 'model',
  params: {
    filter: isModel,
    loader: () => import('./modelPage').then(m => m.ModelHeader),
  },
});

/** Takes the place of the catalog's overview for models, and shows its cards below what serves where. */
const overview = EntityContentLayoutBlueprint.make({
  name: 'model-overview',
  params: {
    filter: isModel,
    loader: () => import('./modelPage').then(m => m.OverviewContent),
  },
});

const lineage = EntityContentBlueprint.make({
  name: 'lineage',
  params: {
    path: '/lineage',
    title: 'Lineage',
    filter: isModel,
    loader: () => import('./modelPage').then(m => <m.LineageContent />),
  },
});

const versions = EntityContentBlueprint.make({
  name: 'versions',
  params: {
    path: '/versions',
    title: 'Versions',
    filter: isModel,
    loader: () => import('./modelPage').then(m => <m.VersionsContent />),
  },
});

const card = EntityContentBlueprint.make({
  name: 'card',
  params: {
    path: '/card',
    title: 'Model card',
    filter: isModel,
    loader: () => import('./modelPage').then(m => <m.CardContent />),
  },
});

const deployments = EntityContentBlueprint.make({
  name: 'deployments',
  params: {
    path: '/deployments',
    title: 'Deployments',
    filter: isModel,
    loader: () => import('./modelPage').then(m => <m.DeploymentsContent />),
  },
});

const gates = EntityContentBlueprint.make({
  name: 'gates',
  params: {
    path: '/gates',
    title: 'Gates',
    filter: isModel,
    loader: () => import('./modelPage').then(m => <m.GatesContent />),
  },
});

/** On the pages of components, data sets, teams and systems: the models that they have to do with. */
const relatedModelsCard = EntityCardBlueprint.make({
  name: 'related-models',
  params: {
    filter: hasRelatedModels,
    loader: () => import('./entityCards').then(m => <m.RelatedModelsCard />),
  },
});

/** Versions among the kinds of results that one may choose in the search. */
const versionResults = SearchFilterResultTypeBlueprint.make({
  name: 'model-versions',
  params: {
    value: MODEL_VERSION,
    name: 'Model versions',
    icon: <ModelIcon />,
  },
});

const versionResult = SearchResultListItemBlueprint.make({
  name: 'model-version',
  params: {
    predicate: ({ type }) => type === MODEL_VERSION,
    component: () => import('./search').then(m => m.ModelVersionResult),
  },
});

/** Cards among the kinds of results that one may choose in the search. */
const cardResults = SearchFilterResultTypeBlueprint.make({
  name: 'model-cards',
  params: {
    value: MODEL_CARD,
    name: 'Model cards',
    icon: <ModelIcon />,
  },
});

const cardResult = SearchResultListItemBlueprint.make({
  name: 'model-card',
  params: {
    predicate: ({ type }) => type === MODEL_CARD,
    component: () => import('./search').then(m => m.ModelCardResult),
  },
});

const ownerFilter = SearchFilterBlueprint.make({
  name: 'model-owner',
  params: { component: OwnerFilter },
});

/**
 * Model delivery for Backstage's new frontend system: pages, and the tabs of entities of kind Model.
 * @alpha
 */
export default createFrontendPlugin({
  pluginId: 'model-delivery',
  title: 'Model delivery',
  info: { packageJson: () => import('../package.json') },
  routes: {
    models: modelsRouteRef,
    promotion: promotionRouteRef,
    approvals: approvalsRouteRef,
    metrics: metricsRouteRef,
    policies: policiesRouteRef,
    registries: registriesRouteRef,
  },
  externalRoutes: { create: createPipelineRouteRef },
  extensions: [
    api,
    modelsPage,
    promotionPage,
    approvalsPage,
    metricsPage,
    policiesPage,
    registriesPage,
    entityHeader,
    overview,
    lineage,
    versions,
    deployments,
    gates,
    card,
    relatedModelsCard,
    versionResults,
    versionResult,
    cardResults,
    cardResult,
    ownerFilter,
  ],
});
