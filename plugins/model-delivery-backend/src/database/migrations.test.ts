import { TestDatabases } from '@backstage/backend-test-utils';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine } from '../__testUtils__/startTestEngine';
import { migrate } from './migrations';

jest.setTimeout(60_000);

const directory = resolvePackagePath(
  '@slipway/backstage-plugin-model-delivery-backend',
  'migrations',
);

describe.each(
  TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] }).eachSupportedId(),
)('migrations on %s', databaseId => {
  const databases = TestDatabases.create({ ids: [databaseId] });

  it('can be taken back and made again', async () => {
    const knex = await databases.init(databaseId);
    await migrate(knex);
    expect(await knex('audit_head').first()).toMatchObject({ id: 1 });
    await knex.migrate.rollback({ directory }, true);
    expect(await knex.schema.hasTable('audit_entries')).toBe(false);
    await migrate(knex);
    expect(await knex.schema.hasTable('audit_entries')).toBe(true);
  });

  it('are made by the engine that starts on an empty database', async () => {
    const knex = await databases.init(databaseId);
    const engine = await startTestEngine({
      knex,
      entities: [modelEntity('credit-default')],
    });
    await engine
      .as(people.outsider)
      .get('/models/default/credit-default')
      .expect(200);
    await engine.stop();
    expect(await knex.migrate.currentVersion({ directory })).not.toBe('none');
  });
});
