import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { DatabaseDeployerOperations } from '@slipway/backstage-plugin-model-delivery-node';
import { describeDeployerContract } from '@slipway/backstage-plugin-model-delivery-node/testUtils';
import { createSplitterDeployer } from './createSplitterDeployer';
import { FakeSplitter } from './FakeSplitter';
import { Splitter } from './Splitter';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

const versionOf = (version: string) => ({
  version,
  digest: `sha256:${version.padEnd(64, '0')}`,
  artifactUri: `models:/churn/${version}`,
  artifactDigest: `sha256:${'a'.repeat(64)}`,
  parameters: {},
});

describeDeployerContract('The splitter', {
  async start() {
    const fake = new FakeSplitter();
    const url = await fake.start();
    const knex = await databases.init('SQLITE_3');
    const deploy = () =>
      createSplitterDeployer({
        splitter: new Splitter(url, 'secret'),
        operations: DatabaseDeployerOperations.create({
          database: mockServices.database({ knex }),
        }),
      });
    return {
      deployer: deploy(),
      target: { model: 'model:default/churn', environment: 'production' },
      versions: [versionOf('1'), versionOf('2')],
      readShares: async () => fake.shares,
      countTrafficMoves: async () => fake.moves,
      beLate: async () => {
        fake.isLate = true;
        return async () => {
          fake.isLate = false;
        };
      },
      restart: async () => deploy(),
      end: () => fake.stop(),
    };
  },
});
