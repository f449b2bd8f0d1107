import { randomBytes } from 'node:crypto';
import { TestDatabaseId, TestDatabases } from '@backstage/backend-test-utils';
import knexFactory, { Knex } from 'knex';
import { migrate } from '../database/migrations';
import { prepareStatements } from './prepareStatements';

/** Makes databases that are copies of one which was migrated once. */
interface Template {
  copy(): Promise<Knex>;
  end(): Promise<void>;
}

/**
 * Databases with the schema of the engine, for tests of what goes on in them: as `TestDatabases`, but each one is a copy
 * of one that was migrated. Making one takes a twentieth of the time of the migrations, which an engine that starts on it
 * then finds done. Their own tests run them on empty databases.
 */
export class MigratedDatabases {
  readonly #databases: TestDatabases;
  readonly #templates = new Map<TestDatabaseId, Promise<Template>>();
  readonly #arranged: Promise<Template>[] = [];

  private constructor(databases: TestDatabases) {
    this.#databases = databases;
  }

  /** Called in a `describe` or at the top of a file, after whose tests the databases go away. */
  static create(options: { ids: TestDatabaseId[] }): MigratedDatabases {
    const databases = new MigratedDatabases(TestDatabases.create(options));
    afterAll(() => databases.#end(), 60_000);
    return databases;
  }

  eachSupportedId(): [TestDatabaseId][] {
    return this.#databases.eachSupportedId();
  }

  /** A database of its own, with nothing in it but what the migrations make. */
  async init(id: TestDatabaseId): Promise<Knex> {
    let template = this.#templates.get(id);
    if (!template) {
      template = this.#makeTemplate(id);
      this.#templates.set(id, template);
    }
    return (await template).copy();
  }

  /** Makes copies of a database that has been filled, which is not used any more itself. */
  async keep(id: TestDatabaseId, filled: Knex): Promise<() => Promise<Knex>> {
    const template = toTemplate(id, filled);
    this.#arranged.push(template);
    return (await template).copy;
  }

  async #makeTemplate(id: TestDatabaseId): Promise<Template> {
    const knex = await this.#databases.init(id);
    await migrate(knex);
    return toTemplate(id, knex);
  }

  async #end(): Promise<void> {
    for (const template of [...this.#arranged, ...this.#templates.values()]) {
      await (await template).end();
    }
  }
}

function toTemplate(id: TestDatabaseId, knex: Knex): Promise<Template> {
  return id.startsWith('SQLITE') ? ofSqlite(knex) : ofPostgres(knex);
}

async function ofSqlite(knex: Knex): Promise<Template> {
  const connection = await knex.client.acquireConnection();
  const content: Buffer = connection.serialize();
  await knex.client.releaseConnection(connection);
  const copies: Knex[] = [];
  return {
    async copy() {
      const copy = knexFactory({
        client: 'better-sqlite3',
        // The driver takes a content where a file's name is expected, and keeps it in memory
        connection: { filename: content as unknown as string },
        useNullAsDefault: true,
      });
      copies.push(copy);
      return copy;
    },
    async end() {
      await Promise.all(copies.map(copy => copy.destroy()));
    },
  };
}

async function ofPostgres(knex: Knex): Promise<Template> {
  const settings = knex.client.config.connection as {
    database: string;
    password?: string;
  };
  const connect = (database: string, max: number) =>
    knexFactory({
      client: 'pg',
      // Knex hides the password from being copied with the rest
      connection: { ...settings, password: settings.password, database },
      pool: { min: 0, max, afterCreate: prepareStatements },
    });
  // Nobody may be connected to a database that is copied
  await knex.destroy();
  const admin = connect('postgres', 1);
  const copies = new Map<string, Knex>();
  return {
    async copy() {
      const name = `db${randomBytes(16).toString('hex')}`;
      await admin.raw('CREATE DATABASE ?? TEMPLATE ??', [
        name,
        settings.database,
      ]);
      const copy = connect(name, 50);
      copies.set(name, copy);
      return copy;
    },
    async end() {
      for (const [name, copy] of copies) {
        await copy.destroy();
        await admin.raw('DROP DATABASE ??', [name]);
      }
      await admin.destroy();
    },
  };
}
