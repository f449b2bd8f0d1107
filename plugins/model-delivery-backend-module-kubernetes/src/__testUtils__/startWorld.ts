import { ConfigReader } from '@backstage/config';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  DatabaseDeployerOperations,
  DeployableVersion,
  Deployer,
} from '@slipway/backstage-plugin-model-delivery-node';
import { readKubernetesConnections } from '../config';
import { connect } from '../connect';
import { createKubernetesDeployer } from '../createKubernetesDeployer';
import { FakeApiServer } from './FakeApiServer';
import { TOKEN, World, WORLDS } from './worlds';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

/** Version of the model that the tests deploy. */
export const versionOf = (version: string): DeployableVersion => ({
  version,
  digest: `sha256:${version.padEnd(64, '0')}`,
  artifactUri: `models:/churn/${version}`,
  artifactDigest: `sha256:${'a'.repeat(64)}`,
  parameters: {},
});

/** A cluster with one kind of controller, and a deployer that knows it. */
export async function startWorld(
  kind: keyof typeof WORLDS,
  more: object = {},
  moreOfTarget: object = {},
) {
  const { create, fill, target } = WORLDS[kind];
  const world: World = create();
  const server = await FakeApiServer.start(TOKEN, s => world.controller(s));
  fill(server);
  const knex = await databases.init('SQLITE_3');
  const clock = { now: Date.now() };
  const [connection] = readKubernetesConnections(
    new ConfigReader({
      modelDelivery: {
        kubernetes: {
          main: {
            access: { url: server.url, token: TOKEN },
            targets: [{ ...target, ...moreOfTarget }],
            timeout: { milliseconds: 500 },
            ...more,
          },
        },
      },
    }),
  );
  const cluster = connect(connection);
  const deploy = (): Deployer =>
    createKubernetesDeployer({
      connection,
      cluster,
      now: () => new Date(clock.now),
      operations: DatabaseDeployerOperations.create({
        database: mockServices.database({ knex }),
      }),
    });
  return {
    server,
    world,
    clock,
    deploy,
    deployer: deploy(),
    target: { model: 'model:default/churn', environment: 'production' },
    versions: [versionOf('1'), versionOf('2')] as [
      DeployableVersion,
      DeployableVersion,
    ],
  };
}
