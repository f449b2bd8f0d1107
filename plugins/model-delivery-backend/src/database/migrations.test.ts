import { TestDatabases } from '@backstage/backend-test-utils';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
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
});
