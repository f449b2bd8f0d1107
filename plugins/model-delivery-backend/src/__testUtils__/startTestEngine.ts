import {
  BackendFeature,
  createBackendModule,
  createServiceFactory,
  coreServices,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import {
  CatalogService,
  catalogServiceRef,
} from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  NotificationSendOptions,
  notificationService,
} from '@backstage/plugin-notifications-node';
import {
  deployersExtensionPoint,
  metricsSourcesExtensionPoint,
  modelRegistriesExtensionPoint,
  ModelRegistry,
} from '@slipway/backstage-plugin-model-delivery-node';
import { JsonObject } from '@backstage/types';
import { Knex } from 'knex';
import request from 'supertest';
import { clockServiceRef } from '../clock';
import { modelDeliveryPlugin } from '../plugin';
import { FakeDeployer } from './FakeDeployer';
import { peopleEntities } from './people';
import { TestScheduler } from './TestScheduler';

/** A clock that stands still unless told otherwise. */
export class TestClock {
  #now: number;

  constructor(start = '2026-11-21T09:00:00.000Z') {
    this.#now = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#now);
  }

  /** Lets time pass. */
  advance(by: { seconds?: number; minutes?: number; hours?: number }): void {
    this.#now +=
      1000 *
      ((by.seconds ?? 0) + 60 * (by.minutes ?? 0) + 3600 * (by.hours ?? 0));
  }
}

/** A running engine, spoken to through HTTP. */
export interface TestEngine {
  /**
   * A request as a user (entity ref); as the pipeline's service token without one.
   * @param through - the plugin that calls on behalf of the user
   */
  as(
    user?: string,
    through?: string,
  ): {
    get(path: string): request.Test;
    post(path: string, body?: object): request.Test;
    put(path: string, body: object): request.Test;
  };
  /** A request without credentials. */
  anonymous: ReturnType<typeof request.agent>;
  /** Address of the plugin, for programs outside the test. */
  url: string;
  deployer: FakeDeployer;
  clock: TestClock;
  /** What people were told, oldest first. */
  notifications: NotificationSendOptions[];
  /** Entities can be added to and taken from it while the engine runs. */
  setEntities(entities: Entity[]): void;
  stop(): Promise<void>;
}

/** Decides on a permission, as the permission framework would. */
export type Decide = (
  permission: string,
  user: string | undefined,
) => PolicyDecision | Promise<PolicyDecision>;

/**
 * Starts the plugin in a real backend on the given database, with a catalog, a deployer and a clock that tests control.
 */
export async function startTestEngine(options: {
  knex: Knex;
  /** Besides the people of `people.ts`. */
  entities: Entity[];
  deployer?: FakeDeployer;
  clock?: TestClock;
  registries?: ModelRegistry[];
  /** Modules that are installed beside the fakes. */
  modules?: BackendFeature[];
  config?: JsonObject;
  /** Decides on permissions; everything is allowed without it. */
  decide?: Decide;
}): Promise<TestEngine> {
  const deployer = options.deployer ?? new FakeDeployer();
  const clock = options.clock ?? new TestClock();
  const scheduler = new TestScheduler();
  const notifications: NotificationSendOptions[] = [];
  const decide: Decide =
    options.decide ?? (() => ({ result: AuthorizeResult.ALLOW }));

  let catalog: CatalogService = catalogServiceMock({
    entities: [...peopleEntities(), ...options.entities],
  });
  const permissions: PermissionsService = {
    async authorize(requests, callOptions) {
      return Promise.all(
        requests.map(async each => {
          const decision = await decide(
            each.permission.name,
            userOf(callOptions?.credentials),
          );
          return {
            result:
              decision.result === AuthorizeResult.ALLOW
                ? AuthorizeResult.ALLOW
                : AuthorizeResult.DENY,
          };
        }),
      );
    },
    async authorizeConditional(requests, callOptions) {
      return Promise.all(
        requests.map(each =>
          decide(each.permission.name, userOf(callOptions?.credentials)),
        ),
      );
    },
  };

  const backend = await startTestBackend({
    features: [
      modelDeliveryPlugin,
      createBackendModule({
        pluginId: 'model-delivery',
        moduleId: 'fakes',
        register(env) {
          env.registerInit({
            deps: {
              deployers: deployersExtensionPoint,
              metricsSources: metricsSourcesExtensionPoint,
              registries: modelRegistriesExtensionPoint,
            },
            async init({ deployers, metricsSources, registries }) {
              deployers.addDeployer(deployer);
              metricsSources.addMetricsSource(deployer);
              options.registries?.forEach(registry =>
                registries.addRegistry(registry),
              );
            },
          });
        },
      }),
      ...(options.modules ?? []),
      mockServices.database.factory({ knex: options.knex }),
      mockServices.rootConfig.factory({
        data: {
          modelDelivery: {
            workers: { pollInterval: { milliseconds: 100 } },
          },
          ...options.config,
        },
      }),
      createServiceFactory({
        service: coreServices.permissions,
        deps: {},
        factory: () => permissions,
      }),
      createServiceFactory({
        service: coreServices.scheduler,
        deps: {},
        factory: () => scheduler,
      }),
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({
          send: async sent => {
            notifications.push(sent);
          },
        }),
      }),
      createServiceFactory({
        service: clockServiceRef,
        deps: {},
        factory: () => clock,
      }),
      createServiceFactory({
        service: catalogServiceRef,
        deps: {},
        // Always the present catalog, so that `setEntities` is seen.
        factory: () =>
          new Proxy(catalog, {
            get: (_target, name) => {
              const member: unknown = Reflect.get(catalog, name);
              return typeof member === 'function'
                ? member.bind(catalog)
                : member;
            },
          }),
      }),
    ],
  });

  const agent = request
    .agent(backend.server)
    .set('authorization', mockCredentials.none.header());
  const prefix = '/api/model-delivery';
  return {
    as(user, through) {
      const header = user
        ? `Bearer ${mockCredentials.user.token(
            user,
            through ? { actor: { subject: `plugin:${through}` } } : undefined,
          )}`
        : mockCredentials.service.header({
            onBehalfOf: mockCredentials.service('external:pipeline'),
            targetPluginId: 'model-delivery',
          });
      return {
        get: path =>
          request(backend.server)
            .get(prefix + path)
            .set('authorization', header),
        post: (path, body) =>
          request(backend.server)
            .post(prefix + path)
            .set('authorization', header)
            .send(body),
        put: (path, body) =>
          request(backend.server)
            .put(prefix + path)
            .set('authorization', header)
            .send(body),
      };
    },
    anonymous: agent,
    url: `http://127.0.0.1:${backend.server.port()}${prefix}`,
    deployer,
    clock,
    notifications,
    setEntities(entities) {
      catalog = catalogServiceMock({
        entities: [...peopleEntities(), ...entities],
      });
    },
    stop: async () => {
      scheduler.stop();
      await backend.stop();
    },
  };
}

function userOf(credentials: unknown): string | undefined {
  const { principal } = (credentials ?? {}) as {
    principal?: { userEntityRef?: string };
  };
  return principal?.userEntityRef;
}
