import { createMockDirectory } from '@backstage/backend-test-utils';
import { FakeDeployer } from '../__testUtils__/FakeDeployer';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { policiesWith } from '../__testUtils__/rolloutPolicies';
import { startTestEngine } from '../__testUtils__/startTestEngine';
import { answers } from '../__testUtils__/TestDelivery';

jest.setTimeout(60_000);

const rollout = (metrics: string) =>
  `{ strategy: canary, steps: [{ share: 20, window: 10m, minimumSamples: 250 }, { share: 100, window: 10m, minimumSamples: 250 }], metrics: [{ name: error-rate, margin: 0.05 }${metrics}] }`;
const PLAIN = policiesWith({ rollout: rollout('') });
const SCORED = policiesWith({
  rollout: rollout(', { name: score-ks, margin: 0.1 }'),
});

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('policies that ask for scores, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const directory = createMockDirectory();

  const startWhere = async (environment: string) => {
    directory.setContent(PLAIN);
    const deployer = new FakeDeployer();
    deployer.signals = { kinds: ['errors', 'latencies'] };
    const engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [modelEntity('credit-default')],
      deployer,
      config: {
        modelDelivery: {
          policies: { directory: directory.path },
          targets: [{ environment, metricsSource: 'fake' }],
        },
      },
    });
    const validate = async () =>
      (
        await engine
          .as(people.platformEngineer)
          .post('/policies/validate', { yaml: SCORED['high.yaml'] })
          .expect(answers(200))
      ).body.errors;
    return { engine, validate };
  };

  it('are refused where the source of every model there gives none', async () => {
    const { engine, validate } = await startWhere('production');
    expect(await validate()).toEqual([
      {
        path: 'spec.environments[1].rollout.metrics[1].name',
        message:
          "'score-ks' could never be judged: nothing gives scores in production, which modelDelivery.targets has watched by 'fake'; name another source there",
      },
    ]);
    await engine.stop();
  });

  it('are taken where some source may', async () => {
    const { engine, validate } = await startWhere('staging');
    expect(await validate()).toEqual([]);
    await engine.stop();
  });
});
