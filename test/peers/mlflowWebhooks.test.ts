import knexFactory from 'knex';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import modelDeliveryModuleMlflow from '../../plugins/model-delivery-backend-module-mlflow/src';
import {
  modelEntity,
  people,
} from '../../plugins/model-delivery-backend/src/__testUtils__/people';
import {
  startTestEngine,
  TestClock,
  TestEngine,
} from '../../plugins/model-delivery-backend/src/__testUtils__/startTestEngine';
import {
  answers,
  TestDelivery,
} from '../../plugins/model-delivery-backend/src/__testUtils__/TestDelivery';
import { until } from '../../plugins/model-delivery-backend/src/__testUtils__/until';
import {
  describeWithMlflow,
  MlflowServer,
  mlflowVenv,
  startMlflow,
} from './mlflowPeer';

const run = promisify(execFile);
const SECRET = 'a secret of more than twenty characters';

/** Webhooks are signed by the time on MLflow's wall. */
class WallClock extends TestClock {
  now(): Date {
    return new Date();
  }
}

describeWithMlflow('the webhooks of a real MLflow server', () => {
  const knex = knexFactory({
    client: 'better-sqlite3',
    connection: ':memory:',
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  });
  let mlflow: MlflowServer;
  let engine: TestEngine;

  beforeAll(async () => {
    mlflow = await startMlflow({
      // Both sides are on this machine, without TLS
      MLFLOW_WEBHOOK_ALLOWED_SCHEMES: 'http,https',
      MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS: 'true',
    });
    engine = await startTestEngine({
      knex,
      clock: new WallClock(),
      entities: [
        modelEntity(
          'churn',
          {},
          { 'slipway.dev/registry': 'mlflow://main/churn%20eu%20%F0%9F%9A%80' },
        ),
      ],
      modules: [modelDeliveryModuleMlflow],
      config: {
        modelDelivery: {
          // Whatever is read after the start is read because of a webhook
          registries: {
            pollInterval: { hours: 24 },
            writeAliases: ['mlflow://main'],
          },
          outsideChanges: { aliases: { staging: 'candidate' } },
          mlflow: { main: { baseUrl: mlflow.url, webhookSecret: SECRET } },
        },
      },
    });
    await until(async () => {
      const connection = await knex('registry_connections').first();
      return connection.last_success_at !== null;
    });
  }, 240_000);
  afterAll(async () => {
    await engine?.stop();
    await mlflow?.stop();
    await knex.destroy();
  });

  const python = async (script: string): Promise<string> => {
    const { stdout } = await run(
      path.join(mlflowVenv!, 'bin/python'),
      [
        '-c',
        `from mlflow import MlflowClient\nclient = MlflowClient()\n${script}`,
      ],
      { env: mlflow.env },
    );
    return stdout.trim();
  };
  const versions = async () =>
    Object.fromEntries(
      (await knex('registry_versions').where({ model: 'churn eu 🚀' })).map(
        ({ version, content }) => [version, JSON.parse(content)],
      ),
    );

  it('are taken when they are signed with the secret only', async () => {
    const test = (secret: string) =>
      python(`
hook = client.create_webhook("t", "${engine.url}/registry-hooks/mlflow/main", ["model_version.created"], secret="${secret}")
result = client.test_webhook(hook.webhook_id)
client.delete_webhook(hook.webhook_id)
print(result.response_status)
`);
    await expect(test(SECRET)).resolves.toBe('202');
    await expect(test(`${SECRET}!`)).resolves.toBe('401');
  });

  it('have new versions, tags and moved aliases read within seconds', async () => {
    await python(`
client.create_webhook("slipway", "${engine.url}/registry-hooks/mlflow/main",
    ["model_version.created", "model_version_tag.set", "model_version_alias.created"], secret="${SECRET}")
client.create_registered_model("churn eu 🚀")
client.create_model_version("churn eu 🚀", "s3://nowhere/1")
client.set_registered_model_alias("churn eu 🚀", "champion", "1")
`);
    await until(async () => (await versions())[1]?.aliases[0] === 'champion');

    await python(`
client.create_model_version("churn eu 🚀", "s3://nowhere/2")
client.set_registered_model_alias("churn eu 🚀", "champion", "2")
client.set_model_version_tag("churn eu 🚀", "2", "reviewed", "yes")
`);
    await until(async () => (await versions())[2]?.tags.reviewed === 'yes');
    await until(async () => (await versions())[1]?.aliases.length === 0);
    expect((await versions())[2].aliases).toEqual(['champion']);

    const deliveries = await knex('registry_deliveries').where({
      model: 'churn eu 🚀',
    });
    expect(new Set(deliveries.map(({ event }) => event))).toEqual(
      new Set([
        'model_version.created',
        'model_version_alias.created',
        'model_version_tag.set',
      ]),
    );
    expect(deliveries.filter(({ error }) => error !== null)).toEqual([]);
    const connection = await knex('registry_connections').first();
    expect(connection.error).toBeNull();
  });

  it('hear of no change from outside when an alias follows what serves', async () => {
    const delivery = new TestDelivery(engine, 'churn');
    const candidate = () =>
      python(
        'print(client.get_model_version_by_alias("churn eu 🚀", "candidate").version)',
      );
    for (const version of ['1', '2']) {
      await delivery.register(`v${version}`);
      await knex('versions')
        .where({ name: `v${version}` })
        .update({ registry_uri: `models:/churn eu 🚀/${version}` });
      await delivery.stage(`v${version}`);
    }
    // The tick of the scheduler that looks for it, which does not run here
    const isDone = async () => {
      await engine
        .as(people.platformEngineer)
        .post('/registries/mlflow/main/refreshes')
        .expect(answers(202));
      return (await knex('followed_aliases').first()) === undefined;
    };
    await until(isDone);
    await expect(candidate()).resolves.toBe('2');
    const { body } = await engine
      .as(people.onCall)
      .post(`${delivery.path}/rollbacks`, {
        environment: 'staging',
        reason: 'Nonsense answers',
      })
      .expect(answers(201));
    await delivery.until(body.id, 'succeeded');
    await until(isDone);
    await expect(candidate()).resolves.toBe('1');
    await until(async () => (await versions())[1].aliases[0] === 'candidate');
    expect(await knex('outside_changes')).toEqual([]);
  });
});
