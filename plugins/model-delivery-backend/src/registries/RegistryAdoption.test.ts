import { mockServices } from '@backstage/backend-test-utils';
import { ConflictError } from '@backstage/errors';
import { registryVersion } from '../__testUtils__/FakeRegistry';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { UnitOfWork } from '../database/UnitOfWork';
import { VersionsService } from '../versions/VersionsService';
import { RegistryAdoption } from './RegistryAdoption';
import { saveRegistryVersions } from './registryStore';

jest.setTimeout(60_000);

const KEY = { type: 'mlflow', id: 'main' };
const TAGS = {
  'slipway.artifact.digest': `sha256:${'2'.repeat(64)}`,
  'mlflow.source.git.commit': 'a'.repeat(40),
};

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('the adoption of versions on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });

  /** Versions to be registered of so many models with so many each, and who notes what it is asked to register. */
  async function arrange(
    models: number,
    versions: number,
    refuse: (names: string[]) => Error | undefined = () => undefined,
  ) {
    const knex = await databases.init(databaseId);
    const work = new UnitOfWork({ knex });
    const names = Array.from({ length: models }, (_, i) => `m${i}`);
    await knex('models').insert(
      names.map(name => ({
        ref: `model:default/${name}`,
        namespace: 'default',
        name,
        title: name,
        owner: 'group:default/risk',
        lifecycle: 'production',
        risk: 'low',
        risk_rank: 0,
        team_size: 'small',
        sample: false,
        registry_type: KEY.type,
        registry_id: KEY.id,
        registry_model: name,
        search_text: name,
        seen_at: work.now(),
      })),
    );
    await work.run(tx =>
      saveRegistryVersions(
        tx.knex,
        KEY,
        names.flatMap(model =>
          Array.from({ length: versions }, (_, i) =>
            registryVersion(String(i), {
              model,
              uri: `models:/${model}/${i}`,
              tags: TAGS,
            }),
          ),
        ),
        tx.now,
      ),
    );
    const asked: string[][] = [];
    const registerAs: VersionsService['registerAs'] = async (
      _actor,
      model,
      registrations,
    ) => {
      const of = registrations.map(each => `${model.name}/${each.version}`);
      asked.push(of);
      const error = refuse(of);
      if (error) {
        throw error;
      }
      return [];
    };
    const adoption = new RegistryAdoption(
      { work, logger: mockServices.logger.mock() },
      {
        models: {
          require: async ref => ({ name: ref.split('/')[1] } as never),
        },
        versions: { registerAs },
      },
    );
    const run = async (signal = new AbortController().signal) => {
      let steps = 0;
      for await (const _ of adoption.run(KEY, signal)) {
        steps++;
      }
      return steps;
    };
    const waiting = () =>
      knex('registry_versions').whereNotNull('adopt_after').select('version');
    return { run, asked, waiting };
  }

  it('registers those of a model together, and each one once', async () => {
    const { run, asked, waiting } = await arrange(3, 70);
    expect(await run()).toBe(3);
    // A hundred are looked at together
    expect(asked.map(each => [each[0].slice(0, 2), each.length])).toEqual([
      ['m0', 70],
      ['m1', 30],
      ['m1', 40],
      ['m2', 60],
      ['m2', 10],
    ]);
    expect(new Set(asked.flat()).size).toBe(210);
    expect(await waiting()).toEqual([]);
    await run();
    expect(asked).toHaveLength(5);
  });

  it('is not held by one that cannot be registered', async () => {
    const { run, asked, waiting } = await arrange(2, 3, names =>
      names.includes('m0/1') ? new ConflictError('taken') : undefined,
    );
    await run();
    expect(asked).toEqual([
      ['m0/0', 'm0/1', 'm0/2'],
      ['m0/0'],
      ['m0/1'],
      ['m0/2'],
      ['m1/0', 'm1/1', 'm1/2'],
    ]);
    expect(await waiting()).toEqual([]);
  });

  it('goes on later with what failed for a while, or was interrupted', async () => {
    let failure: Error | undefined = new Error('the database is away');
    const { run, asked, waiting } = await arrange(2, 2, names =>
      names.includes('m1/0') ? failure : undefined,
    );
    await expect(run()).rejects.toThrow('the database is away');
    expect(await waiting()).toHaveLength(2);
    failure = undefined;
    await expect(
      run(AbortSignal.abort(new Error('shut down'))),
    ).rejects.toThrow('shut down');
    expect(asked).toHaveLength(2);
    await run();
    expect(asked.at(-1)).toEqual(['m1/0', 'm1/1']);
    expect(await waiting()).toEqual([]);
  });
});
