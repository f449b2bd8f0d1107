import { Handlers } from '../http/operations';
import { BundleRollbacks } from './BundleRollbacks';
import { BundlesService } from './BundlesService';
import { BundleViews } from './BundleViews';

/** Answers the operations on bundles. */
export function createBundleHandlers(services: {
  bundles: BundlesService;
  rollbacks: BundleRollbacks;
  views: BundleViews;
}): Pick<
  Handlers,
  | 'listBundles'
  | 'registerBundle'
  | 'getBundle'
  | 'listBundlePromotions'
  | 'requestBundlePromotion'
  | 'getBundlePromotion'
  | 'rollBackBundle'
> {
  const { bundles, rollbacks, views } = services;
  return {
    listBundles: async ({ query, principal }) => {
      const { cursor, limit = 50, ...filter } = query;
      return {
        status: 200,
        body: await views.list(principal, filter, { cursor, limit }),
      };
    },
    registerBundle: async ({ body, principal }) => {
      const { bundle, isNew } = await bundles.register(principal, body);
      return {
        status: isNew ? 201 : 200,
        body: await views.get(principal, bundle.id),
      };
    },
    getBundle: async ({ path, principal }) => ({
      status: 200,
      body: await views.get(principal, path.id),
    }),
    listBundlePromotions: async ({ query, principal }) => {
      const { cursor, limit = 50, ...filter } = query;
      return {
        status: 200,
        body: await views.listPromotions(principal, filter, { cursor, limit }),
      };
    },
    requestBundlePromotion: async ({ body, principal }) => {
      const { id, isNew } = await bundles.request(principal, body);
      return {
        status: isNew ? 201 : 200,
        body: await views.getPromotion(principal, id),
      };
    },
    getBundlePromotion: async ({ path, principal }) => ({
      status: 200,
      body: await views.getPromotion(principal, path.id),
    }),
    rollBackBundle: async ({ path, body, principal }) => ({
      status: 201,
      body: await views.getPromotion(
        principal,
        await rollbacks.rollBack(principal, path.id, body.reason),
      ),
    }),
  };
}
