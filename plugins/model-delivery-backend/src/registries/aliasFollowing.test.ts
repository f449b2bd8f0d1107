import {
  OutsideChange,
  RegistryHealth,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  ModelRegistry,
  RegistryVersion,
} from '@slipway/backstage-plugin-model-delivery-node';
import { registryVersion } from '../__testUtils__/FakeRegistry';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';
import { checkWritten } from './AliasFollowing';

jest.setTimeout(120_000);

/** Two versions and an alias, which nobody has set at first. */
class WrittenRegistry implements ModelRegistry {
  readonly type = 'fake';
  readonly id = 'main';
  readonly url = 'http://registry.example';
  /** Each version that the alias was set to. */
  readonly set: string[] = [];
  failure?: string;

  async *readChanges() {
    yield {
      cursor: 'now',
      versions: ['1', '2'].map(
        (version): RegistryVersion =>
          registryVersion(version, {
            model: 'credit-default',
            aliases: this.set.at(-1) === version ? ['candidate'] : [],
          }),
      ),
    };
  }

  async setAlias(options: { model: string; alias: string; version: string }) {
    if (this.failure) {
      throw new Error(this.failure);
    }
    const { model, alias, version } = options;
    this.set.push(
      model === 'credit-default' && alias === 'candidate'
        ? version
        : `${alias} of ${model}`,
    );
  }
}

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('aliases that follow what serves, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const registry = new WrittenRegistry();
  let engine: TestEngine;
  let delivery: TestDelivery;

  const health = async (): Promise<RegistryHealth> => {
    const { body } = await engine
      .as(people.mlEngineer)
      .get('/registries')
      .expect(answers(200));
    return body.items[0];
  };
  const until = async (fits: () => boolean | Promise<boolean>, pace = 0) => {
    const deadline = Date.now() + 20_000;
    while (!(await fits()) && Date.now() < deadline) {
      engine.clock.advance({ seconds: pace });
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    expect(await fits()).toBe(true);
  };

  it('after promotions and rollbacks, in spite of trouble, and without taking it for a change from outside', async () => {
    const knex = await databases.init(databaseId);
    const entity = modelEntity('credit-default');
    entity.metadata.annotations = {
      ...entity.metadata.annotations,
      'slipway.dev/registry': 'fake://main/credit-default',
    };
    engine = await startTestEngine({
      knex,
      entities: [entity],
      registries: [registry],
      config: {
        modelDelivery: {
          workers: { pollInterval: { milliseconds: 50 } },
          registries: {
            pollInterval: { milliseconds: 100 },
            writeAliases: ['fake://main'],
          },
          outsideChanges: { aliases: { staging: 'candidate' } },
        },
      },
    });
    delivery = new TestDelivery(engine);
    for (const version of ['1', '2']) {
      await delivery.register(`v${version}`);
      await knex('versions')
        .where({ name: `v${version}` })
        .update({ registry_uri: registryVersion(version).uri });
    }
    await delivery.stage('v1');
    await until(() => registry.set.length > 0);
    expect(registry.set).toEqual(['1']);

    registry.failure = 'The registry is being moved';
    await delivery.stage('v2');
    await until(async () => (await health()).aliases.error !== null);
    expect((await health()).aliases).toEqual({
      followed: [{ environment: 'staging', alias: 'candidate' }],
      waiting: 1,
      error: 'The registry is being moved',
    });
    registry.failure = undefined;
    await until(() => registry.set.length > 1, 5);
    await until(async () => (await health()).aliases.waiting === 0);
    expect((await health()).aliases.error).toBeNull();

    // Where none may follow, nothing is kept for the day on which one may
    await knex('followed_aliases').insert({
      model_ref: 'model:default/credit-default',
      environment: 'production',
      revision: 1,
      due_at: new Date(engine.clock.now().getTime() + 86_400_000),
    });
    await until(
      async () => (await knex('followed_aliases').select()).length === 0,
    );

    const { body } = await engine
      .as(people.onCall)
      .post(`${delivery.path}/rollbacks`, {
        environment: 'staging',
        reason: 'Nonsense answers',
      })
      .expect(answers(201));
    await delivery.until(body.id, 'succeeded');
    await until(() => registry.set.length > 2);
    expect(registry.set).toEqual(['1', '2', '1']);

    for (let i = 0; i < 3; i += 1) {
      engine.clock.advance({ seconds: 40 });
      await new Promise(resolve => setTimeout(resolve, 700));
    }
    const { items }: { items: OutsideChange[] } = (
      await engine
        .as(people.dataScientist)
        .get(`${delivery.path}/outside-changes`)
        .expect(answers(200))
    ).body;
    expect(items).toEqual([]);
    expect(registry.set).toHaveLength(3);
    const audit = await knex('audit_entries')
      .where({ action: 'registry.alias-set' })
      .orderBy('index')
      .pluck('summary');
    expect(audit).toEqual(
      ['1', '2', '1'].map(
        version =>
          `Set the alias candidate of credit-default to ${version}, which serves in staging`,
      ),
    );
    await engine.stop();
  });
});

it('names what cannot be written to', () => {
  const check = (writtenRegistries: string[]) =>
    checkWritten({
      config: { writtenRegistries },
      registries: [
        { type: 'sagemaker', id: 'main' },
        { type: 'mlflow', id: 'main', setAlias: async () => {} },
      ],
    } as unknown as Parameters<typeof checkWritten>[0]);
  expect(() => check(['mlflow://main'])).not.toThrow();
  expect(() => check(['sagemaker://main'])).toThrow(
    'writeAliases names sagemaker://main, whose aliases cannot be set from here',
  );
  expect(() => check(['mlflow://mian'])).toThrow(
    'which is no connection; there are sagemaker://main, mlflow://main',
  );
});
