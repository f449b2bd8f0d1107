import { ConfigReader } from '@backstage/config';
import { AuthService } from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { ScmIntegrations } from '@backstage/integration';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { Knex } from 'knex';
import { Authorizer } from '../access/Authorizer';
import { principalOf, Principal } from '../access/principal';
import { shippedKinds } from '../gates/kinds/shippedKinds';
import { UnitOfWork } from '../database/UnitOfWork';
import { createEngine, Engine } from '../engine';
import { readHookConfig } from '../hooks/hookConfig';
import { Directory } from '../people/Directory';
import { readNameConfig } from '../people/nameConfig';
import { FakeDeployer } from './FakeDeployer';
import { peopleEntities } from './people';
import { TestClock } from './startTestEngine';
import { TestScheduler } from './TestScheduler';

/** A replica of the engine without HTTP: quick to start, and to be killed. */
export interface Replica {
  engine: Engine;
  /** Somebody who calls its handlers. */
  as(user: string): Principal;
  stop(): Promise<void>;
}

/** Starts another replica on a database whose schema is there. */
export async function startReplica(options: {
  knex: Knex;
  entities: Entity[];
  deployer: FakeDeployer;
  clock: TestClock;
  /** Folder of its policies; those that come with Slipway unless set. */
  policies?: string;
}): Promise<Replica> {
  const { knex, clock, deployer } = options;
  const auth: AuthService = mockServices.auth();
  const catalog = catalogServiceMock({
    entities: [...peopleEntities(), ...options.entities],
  });
  const scheduler = new TestScheduler();
  const work = new UnitOfWork({ knex, clock: () => clock.now() });
  const engine = await createEngine({
    config: {
      pollIntervalMs: 50,
      leaseMs: 20_000,
      answerLimitMs: 15_000,
      concurrency: 8,
      registryIntervalMs: 60_000,
      writtenRegistries: [],
      catalogIntervalMs: 60_000,
      targets: [],
      policies: { reloadIntervalMs: 60_000, directory: options.policies },
      outsideChanges: { debounceMs: 30_000, aliases: {} },
      samples: { retentionMs: 7 * 86_400_000, silenceMs: 900_000 },
      cards: {
        maxBytes: 1_000_000,
        refreshIntervalMs: 60_000,
        indexIntervalMs: 6 * 3_600_000,
      },
      people: readNameConfig(undefined),
      hooks: readHookConfig(new ConfigReader({})),
    },
    logger: mockServices.logger.mock(),
    scheduler,
    auth,
    catalog,
    work,
    authorizer: new Authorizer(
      mockServices.permissions({ result: AuthorizeResult.ALLOW }),
    ),
    directory: new Directory({
      catalog,
      auth,
      names: readNameConfig(undefined),
    }),
    deployers: [deployer],
    metricsSources: [deployer],
    registries: [],
    gateKinds: shippedKinds(),
    urlReader: mockServices.urlReader.mock(),
    integrations: ScmIntegrations.fromConfig(new ConfigReader({})),
  });
  await engine.start();
  return {
    engine,
    as: user => principalOf(auth, mockCredentials.user(user)),
    stop: async () => {
      scheduler.stop();
      await engine.stop();
    },
  };
}
