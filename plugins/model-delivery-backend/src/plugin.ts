import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { ScmIntegrations } from '@backstage/integration';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { modelDeliveryPermissions } from '@slipway/backstage-plugin-model-delivery-common';
import {
  Deployer,
  deployersExtensionPoint,
  gateKindsExtensionPoint,
  MetricsSource,
  metricsSourcesExtensionPoint,
  modelRegistriesExtensionPoint,
  ModelRegistry,
} from '@slipway/backstage-plugin-model-delivery-node';
import { Authorizer } from './access/Authorizer';
import { modelResourceRef, modelRules } from './access/modelRules';
import { clockServiceRef } from './clock';
import { readModelDeliveryConfig } from './config';
import { openDatabase } from './database/migrations';
import { Outbox } from './database/Outbox';
import { UnitOfWork } from './database/UnitOfWork';
import { createEngine } from './engine';
import { shippedKinds } from './gates/kinds/shippedKinds';
import { HOOKS_PATH } from './hooks/createHooksRouter';
import { readContract } from './http/operations';
import { Directory } from './people/Directory';
import { DELIVERIES_PATH } from './registries/createDeliveriesRouter';
import { createRouter } from './router';

/**
 * The delivery engine of Slipway.
 * @public
 */
export const modelDeliveryPlugin = createBackendPlugin({
  pluginId: 'model-delivery',
  register(env) {
    const deployers: Deployer[] = [];
    const metricsSources: MetricsSource[] = [];
    const registries: ModelRegistry[] = [];
    const gateKinds = shippedKinds().copy();
    env.registerExtensionPoint(deployersExtensionPoint, {
      addDeployer: deployer =>
        addUnique(deployers, deployer, each => each.id, 'deployer'),
    });
    env.registerExtensionPoint(metricsSourcesExtensionPoint, {
      addMetricsSource: source =>
        addUnique(metricsSources, source, each => each.id, 'metrics source'),
    });
    env.registerExtensionPoint(gateKindsExtensionPoint, {
      addGateKind: kind => gateKinds.add(kind),
    });
    env.registerExtensionPoint(modelRegistriesExtensionPoint, {
      addRegistry: registry =>
        addUnique(
          registries,
          registry,
          each => `${each.type}://${each.id}`,
          'model registry',
        ),
    });

    env.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        clock: clockServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        notifications: notificationService,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
        urlReader: coreServices.urlReader,
      },
      async init(deps) {
        const { auth, catalog, logger, scheduler } = deps;
        const work = new UnitOfWork({
          knex: await openDatabase(deps.database),
          clock: () => deps.clock.now(),
        });
        const outbox = new Outbox({
          work,
          signals: deps.signals,
          notifications: deps.notifications,
          logger,
        });
        const config = readModelDeliveryConfig(deps.config);
        const engine = await createEngine({
          config,
          logger,
          scheduler,
          auth,
          catalog,
          work,
          authorizer: new Authorizer(deps.permissions),
          directory: new Directory({ catalog, auth, names: config.people }),
          deployers,
          metricsSources,
          registries,
          gateKinds,
          urlReader: deps.urlReader,
          integrations: ScmIntegrations.fromConfig(deps.config),
        });
        deps.permissionsRegistry.addResourceType({
          resourceRef: modelResourceRef,
          permissions: modelDeliveryPermissions,
          rules: modelRules,
          getResources: refs => engine.getResources(refs),
        });
        engine.hooks.forEach(router => deps.httpRouter.use(router));
        [HOOKS_PATH, DELIVERIES_PATH].forEach(path =>
          deps.httpRouter.addAuthPolicy({ path, allow: 'unauthenticated' }),
        );
        deps.httpRouter.use(
          createRouter({
            contract: readContract(),
            handlers: engine.handlers,
            auth,
            httpAuth: deps.httpAuth,
            logger,
            validateResponses: process.env.NODE_ENV === 'test',
          }),
        );
        await scheduler.scheduleTask({
          id: 'outbox',
          scope: 'local',
          frequency: { seconds: 5 },
          timeout: { minutes: 1 },
          fn: () => outbox.deliver(),
        });
        deps.lifecycle.addStartupHook(() => engine.start());
        deps.lifecycle.addShutdownHook(async () => {
          await engine.stop();
          await outbox.stop();
        });
      },
    });
  },
});

function addUnique<T>(
  list: T[],
  added: T,
  idOf: (each: T) => string,
  what: string,
): void {
  if (list.some(each => idOf(each) === idOf(added))) {
    throw new Error(`There are two ${what}s with the id '${idOf(added)}'`);
  }
  list.push(added);
}
