import { randomUUID } from 'node:crypto';
import {
  DatabaseService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import { Knex } from 'knex';
import { DeploymentTarget, OperationStatus, TargetState } from '../deployer';
import {
  DeployerOperation,
  DeployerOperations,
  OperationCall,
  OperationMemory,
} from './DeployerOperations';
import { decide } from './rules';
import {
  OperationRow,
  requestText,
  targetColumns,
  toOperation,
  versionOf,
} from './rows';

const TABLE = 'deployer_operations';
const DEFAULT_CLAIM_MS = 60_000;
const LONGEST_MESSAGE = 2_000;

/**
 * Remembers the operations of deployers in a database.
 * @public
 */
export class DatabaseDeployerOperations implements DeployerOperations {
  #knex: Promise<Knex> | undefined;

  private constructor(
    private readonly database: DatabaseService,
    private readonly claimMs: number,
  ) {}

  /** Connects, and makes its table, when it is used for the first time. */
  static create(options: {
    database: DatabaseService;
    /** How long one caller may work on an operation before another one takes it over, in milliseconds; 60,000 unless set. */
    claimMs?: number;
  }): DatabaseDeployerOperations {
    return new DatabaseDeployerOperations(
      options.database,
      options.claimMs ?? DEFAULT_CLAIM_MS,
    );
  }

  async once(
    call: OperationCall,
    work: (
      operation: DeployerOperation,
      memory: OperationMemory,
    ) => Promise<OperationStatus>,
  ): Promise<OperationStatus> {
    const knex = await this.#connect();
    const row = await this.#remember(knex, call);
    if (row.state !== 'pending') {
      return statusOf(row);
    }
    const claim = randomUUID();
    const claimed = await this.#claim(knex, row, claim);
    if (!claimed) {
      const now = await knex<OperationRow>(TABLE).where({ id: row.id }).first();
      return now && now.state !== 'pending'
        ? statusOf(now)
        : { state: 'pending', message: 'Somebody else is at work on it' };
    }
    // Read again: whoever held the claim before may have written something down
    try {
      const status = await work(
        toOperation(claimed),
        this.#memory(knex, claimed, claim),
      );
      return await this.#finish(knex, claimed, claim, status);
    } catch (error) {
      const now = await knex<OperationRow>(TABLE).where({ id: row.id }).first();
      if (error instanceof ConflictError && now && now.state !== 'pending') {
        return statusOf(now);
      }
      throw error;
    } finally {
      await knex(TABLE)
        .where({ id: row.id, claim })
        .update({ claim: null, claimed_until: null });
    }
  }

  async report(
    options: Parameters<DeployerOperations['report']>[0],
  ): Promise<boolean> {
    const { deployer, operationKey: key, status } = options;
    const knex = await this.#connect();
    const count = await knex(TABLE)
      .where({ deployer, key, state: 'pending' })
      .update(columnsOf(status));
    return count === 1;
  }

  async stateOf(
    deployer: string,
    target: DeploymentTarget,
  ): Promise<TargetState> {
    const knex = await this.#connect();
    return (await readTarget(knex, deployer, target)).state;
  }

  /** Writes an operation down before anything is done about it, or finds it again. */
  async #remember(knex: Knex, call: OperationCall): Promise<OperationRow> {
    const { deployer, operationKey: key, target, request } = call;
    const text = requestText(call);
    return knex.transaction(async tx => {
      const known = await tx<OperationRow>(TABLE)
        .where({ deployer, key })
        .first();
      if (known) {
        return assertSame(known, call, text);
      }
      const { state, digestOf } = await readTarget(tx, deployer, target);
      const decided = decide(request, state, digestOf);
      const now = new Date();
      const columns = targetColumns(deployer, target);
      const version = versionOf(call);
      const [added] = await tx<OperationRow>(TABLE)
        .insert({
          ...columns,
          key,
          kind: request.kind,
          version,
          request: text,
          state: decided?.state ?? 'pending',
          message: decided?.state === 'failed' ? decided.message : null,
          notes: '{}',
          unsettled: false,
          started_at: now,
          finished_at: decided ? now : null,
        })
        .onConflict(['deployer', 'key'])
        .ignore()
        .returning('*');
      if (!added) {
        const other = await tx<OperationRow>(TABLE)
          .where({ deployer, key })
          .first();
        return assertSame(other!, call, text);
      }
      if (!decided) {
        await tx(TABLE)
          .where({ ...columns, state: 'pending' })
          .where(version === null ? { kind: 'setTraffic' } : { version })
          .andWhere('id', '<', added.id)
          .update({
            state: 'failed',
            message: 'A later operation took its place',
            unsettled: true,
            finished_at: now,
          });
      }
      return added;
    });
  }

  async #claim(
    knex: Knex,
    row: OperationRow,
    claim: string,
  ): Promise<OperationRow | undefined> {
    const now = Date.now();
    const count = await knex(TABLE)
      .where({ id: row.id, state: 'pending' })
      .andWhere(free =>
        free.whereNull('claim').orWhere('claimed_until', '<', new Date(now)),
      )
      .update({ claim, claimed_until: new Date(now + this.claimMs) });
    return count === 1
      ? knex<OperationRow>(TABLE).where({ id: row.id }).first()
      : undefined;
  }

  #memory(knex: Knex, row: OperationRow, claim: string): OperationMemory {
    const ofTarget = targetColumns(row.deployer, row);
    return {
      async note(notes) {
        const count = await knex(TABLE)
          .where({ id: row.id, claim, state: 'pending' })
          .update({ notes: JSON.stringify(notes) });
        if (count !== 1) {
          throw new ConflictError(
            `Somebody else took over the operation ${row.key}, or it is over; it is left to them`,
          );
        }
      },
      async overtaken() {
        const rows = await knex<OperationRow>(TABLE)
          .where({ ...ofTarget, unsettled: true })
          .orderBy('id');
        return rows.map(toOperation);
      },
      async settle({ key }) {
        await knex(TABLE)
          .where({ deployer: row.deployer, key })
          .update({ unsettled: false });
      },
    };
  }

  async #finish(
    knex: Knex,
    row: OperationRow,
    claim: string,
    status: OperationStatus,
  ): Promise<OperationStatus> {
    if (status.state === 'pending') {
      return status;
    }
    await knex(TABLE)
      .where({ id: row.id, claim, state: 'pending' })
      .update(columnsOf(status));
    const now = await knex<OperationRow>(TABLE).where({ id: row.id }).first();
    return statusOf(now!);
  }

  #connect(): Promise<Knex> {
    this.#knex ??= open(this.database).catch(error => {
      this.#knex = undefined;
      throw error;
    });
    return this.#knex;
  }
}

async function open(database: DatabaseService): Promise<Knex> {
  const knex = await database.getClient();
  if (!database.migrations?.skip) {
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@slipway/backstage-plugin-model-delivery-node',
        'migrations',
      ),
      // The engine keeps the account of its own migrations in the same database
      tableName: 'deployer_operations_migrations',
    });
  }
  return knex;
}

function assertSame(
  known: OperationRow,
  { operationKey }: OperationCall,
  text: string,
): OperationRow {
  if (known.request !== text) {
    throw new ConflictError(
      `The operation key ${operationKey} was already used for another ${known.kind} of ${known.model} in ${known.environment}; use a new key for each operation`,
    );
  }
  return known;
}

/** What is written down of the end of an operation. */
function columnsOf(status: Exclude<OperationStatus, { state: 'pending' }>) {
  return {
    state: status.state,
    message:
      status.state === 'failed'
        ? status.message.slice(0, LONGEST_MESSAGE)
        : null,
    finished_at: new Date(),
  };
}

function statusOf({ state, message }: OperationRow): OperationStatus {
  return state === 'failed'
    ? { state, message: message ?? 'It failed' }
    : { state };
}

/** What the operations so far made of a target. */
async function readTarget(
  knex: Knex,
  deployer: string,
  target: DeploymentTarget,
): Promise<{
  state: TargetState;
  digestOf: (version: string) => string | undefined;
}> {
  const ofTarget = targetColumns(deployer, target);
  const traffic = await knex<OperationRow>(TABLE)
    .where({ ...ofTarget, kind: 'setTraffic', state: 'done' })
    .orderBy('id', 'desc')
    .first();
  // The last word on each version, which is there unless that was a release
  const prepared = await knex<OperationRow>(`${TABLE} as last`)
    .where({ ...ofTarget, kind: 'prepare' })
    .whereIn('state', ['pending', 'done'])
    .whereNotExists(
      knex(`${TABLE} as later`)
        .select(knex.raw('1'))
        .where(ofTarget)
        .whereIn('later.kind', ['prepare', 'release'])
        .where('later.state', 'done')
        .whereRaw('later.version = last.version')
        .whereRaw('later.id > last.id'),
    )
    .orderBy('id');
  const operations = prepared.map(row => ({
    row,
    request: toOperation(row).request,
  }));
  const request = traffic && toOperation(traffic).request;
  const shares = request?.kind === 'setTraffic' ? request.shares : [];
  const digests = new Map(
    operations.flatMap(({ request: each }) =>
      each.kind === 'prepare'
        ? [[each.version.version, each.version.digest] as const]
        : [],
    ),
  );
  const isReady = (version: string) =>
    prepared.some(row => row.version === version && row.state === 'done');
  return {
    state: {
      shares: shares.filter(({ share }) => share > 0),
      versions: [...digests.keys()].map(version => ({
        version,
        ready: isReady(version),
      })),
    },
    digestOf: version => digests.get(version),
  };
}
