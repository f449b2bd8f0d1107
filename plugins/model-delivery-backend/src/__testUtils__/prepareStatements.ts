import { createHash } from 'node:crypto';

type Done = (error: Error | null, result?: unknown) => void;

/** What is used here of a connection of the driver `pg`. */
interface Connection {
  query(
    statement: string | { text: string; values?: unknown[]; name?: string },
    done: Done,
  ): void;
}

/** Whether a plan was made before a migration changed what it answers with. */
const isOutdated = (error: Error | null) =>
  error !== null && 'code' in error && error.code === '0A000';

const nameOf = (text: string) => createHash('sha1').update(text).digest('hex');

/**
 * Lets a new connection plan each statement once, in the order in which its joins are written, instead of each time it is
 * asked: on tables of a few rows, PostgreSQL takes several times as long for the plans as for the answers. Those stay the
 * same. For `pool.afterCreate` of Knex.
 */
export function prepareStatements(connection: Connection, created: Done): void {
  const query = connection.query.bind(connection);
  connection.query = (statement, done) => {
    if (typeof statement === 'string' || !statement.values?.length) {
      query(statement, done);
      return;
    }
    query({ ...statement, name: nameOf(statement.text) }, (error, result) =>
      isOutdated(error) ? query(statement, done) : done(error, result),
    );
  };
  query(
    'SET plan_cache_mode = force_generic_plan; SET join_collapse_limit = 1',
    error => created(error, connection),
  );
}
