import { RegistryVersion } from '@slipway/backstage-plugin-model-delivery-node';
import { registryVersion } from '../__testUtils__/FakeRegistry';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { UnitOfWork } from '../database/UnitOfWork';
import { markGone } from './goneVersions';
import { saveRegistryVersions } from './registryStore';

jest.setTimeout(60_000);

const KEY = { type: 'mlflow', id: 'main' };

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('what a registry tells on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });

  it('concerns the models of which it is something else than before', async () => {
    const knex = await databases.init(databaseId);
    const work = new UnitOfWork({ knex });
    const told = (
      changes: Record<string, Partial<RegistryVersion>> = {},
    ): Promise<Set<string>> =>
      work.run(tx =>
        saveRegistryVersions(
          tx.knex,
          KEY,
          // More than one statement takes
          Array.from({ length: 300 }, (_, i) =>
            registryVersion(String(i % 2), {
              model: `m${i >> 1}`,
              ...changes[`m${i >> 1}/${i % 2}`],
            }),
          ),
          tx.now,
        ),
      );
    expect((await told()).size).toBe(150);
    expect(await told()).toEqual(new Set());
    const changes = {
      'm3/1': { aliases: [] },
      'm140/0': {
        evaluations: [
          {
            onTrainingData: false,
            measuredAt: new Date('2026-11-20T10:00:00Z'),
            metrics: { f1: 0.5 },
          },
        ],
      },
    };
    expect(await told(changes)).toEqual(new Set(['m3', 'm140']));
    await markGone(knex, KEY, 'm5', ['0'], work.now());
    expect(await told(changes)).toEqual(new Set(['m5']));
  });
});
