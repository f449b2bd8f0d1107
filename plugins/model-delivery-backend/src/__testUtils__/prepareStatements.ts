import { createHash } from 'node:crypto';

type Done = (error: Error | null, result?: unknown) => void;

/** What is used here of a connection of the driver `pg`. */
interface Connection {
  query(
    statement: string | { text: string; values?: unknown[]; name?: string },
    done: Done,
  ): void;
}

const nameOf = (text: string) => createHash('sha1').update(text).digest('hex');

/**
 * Lets a new connection plan each statement once, in the order in which its joins are written, instead of each time it is
 * asked: on tables of a few rows, PostgreSQL takes several times as long for the plans as for the answers. Those stay the
 * same. For `pool.afterCreate` of Knex.
 */
export function prepareStatements(connection: Connection, created: Done): void {
  const query = connection.query.bind(connection);
  connection.query = (statement, done) =>
    query(
      typeof statement !== 'string' && statement.values?.length
        ? { ...statement, name: nameOf(statement.text) }
        : statement,
      done,
    );
  query(
    'SET plan_cache_mode = force_generic_plan; SET join_collapse_limit = 1',
    error => created(error, connection),
  );
}
