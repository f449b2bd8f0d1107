/**
 * Pages, entity tabs and cards of Slipway model delivery, for Backstage's old frontend system. The new frontend system
 * takes them from `@slipway/backstage-plugin-model-delivery/alpha`.
 *
 * @packageDocumentation
 */
export { createModelDeliveryApi, modelDeliveryApiRef } from './api';
export {
  ApprovalsPage,
  EntityModelDeploymentsContent,
  EntityModelCardContent,
  EntityModelGatesContent,
  EntityModelLineageContent,
  EntityModelOverviewContent,
  EntityModelVersionsContent,
  EntityRelatedModelsCard,
  MetricsPage,
  modelDeliveryPlugin,
  ModelsPage,
  ModelCardSearchResultListItem,
  ModelVersionSearchResultListItem,
  PoliciesPage,
  PromotionPage,
  RegistriesPage,
} from './plugin';
