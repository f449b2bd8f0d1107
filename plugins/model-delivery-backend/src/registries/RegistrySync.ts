import { isError } from '@backstage/errors';
import { ModelRegistry } from '@slipway/backstage-plugin-model-delivery-node';
import { randomUUID } from 'node:crypto';
import { EngineContext } from '../context';
import { ModelsService } from '../models/ModelsService';
import { VersionsService } from '../versions/VersionsService';
import { REGISTRY_ACTOR } from '../people/Directory';
import { toRegistration } from './adoption';
import { checkChanges } from './registryChanges';
import {
  AdoptableRow,
  claimConnection,
  ConnectionKey,
  ensureConnection,
  findAdoptable,
  findMatchedModels,
  markAdopted,
  saveRegistryVersions,
  updateClaimed,
} from './registryStore';

/** How long a replica holds a connection without a sign of life, in milliseconds. */
const LEASE_MS = 60_000;
/** The longest wait after failures, in milliseconds, unless the interval itself is longer. */
const MAX_BACKOFF_MS = 15 * 60_000;
/** How often a replica looks whether a connection is due, in milliseconds. */
const TICK_MS = 5_000;
const ADOPT_BATCH = 100;
const MAX_ERROR_LENGTH = 1_000;
const FINAL_ERRORS = ['ConflictError', 'InputError', 'NotFoundError'];

/**
 * Reads the model registries: of all replicas one at a time, page by page, each page stored in one transaction with the
 * cursor that the next one begins at. What fails is shown and tried again, later each time.
 */
export class RegistrySync {
  readonly #context: EngineContext;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  /** Tells this replica's leases from those of others. */
  readonly #owner = randomUUID();

  constructor(
    context: EngineContext,
    services: { models: ModelsService; versions: VersionsService },
  ) {
    this.#context = context;
    this.#models = services.models;
    this.#versions = services.versions;
  }

  /** Reads each registry now and after each interval. */
  async start(): Promise<void> {
    const { registries, scheduler, config, work } = this.#context;
    for (const registry of registries) {
      await ensureConnection(work.knex, keyOf(registry), work.now());
      await scheduler.scheduleTask({
        id: `registry-${registry.type}-${registry.id}`,
        scope: 'local',
        frequency: {
          milliseconds: Math.min(config.registryIntervalMs, TICK_MS),
        },
        timeout: { minutes: 30 },
        fn: signal => this.run(registry, signal),
      });
    }
  }

  /** Reads a registry if it is due and no other replica does. Failures are noted, not thrown. */
  async run(registry: ModelRegistry, signal: AbortSignal): Promise<void> {
    const { work, logger, config } = this.#context;
    const key = keyOf(registry);
    const now = work.now();
    const connection = await claimConnection(work.knex, key, {
      owner: this.#owner,
      now,
      until: new Date(now.getTime() + LEASE_MS),
    });
    if (!connection) {
      return;
    }
    const lost = new AbortController();
    const renewal = setInterval(() => this.#renew(key, lost), LEASE_MS / 3);
    try {
      await this.#read(
        registry,
        connection.cursor ?? undefined,
        AbortSignal.any([signal, lost.signal]),
      );
      await this.#adopt(registry);
      const at = work.now();
      await updateClaimed(work.knex, key, this.#owner, {
        last_attempt_at: now,
        last_success_at: at,
        error: null,
        failures: 0,
        due_at: new Date(at.getTime() + config.registryIntervalMs),
        lease_owner: null,
        lease_until: null,
      });
    } catch (error) {
      const failures = connection.failures + 1;
      const wait = backOff(config.registryIntervalMs, failures);
      logger.warn(
        `The model registry ${key.type}://${key.id} could not be read, trying again in ${wait} ms: ${error}`,
      );
      await updateClaimed(work.knex, key, this.#owner, {
        last_attempt_at: now,
        error: messageOf(error),
        failures,
        due_at: new Date(work.now().getTime() + wait),
        lease_owner: null,
        lease_until: null,
      });
    } finally {
      clearInterval(renewal);
    }
  }

  async #read(
    registry: ModelRegistry,
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const key = keyOf(registry);
    for await (const page of registry.readChanges({ cursor, signal })) {
      signal.throwIfAborted();
      const changes = checkChanges(page);
      await this.#context.work.run(async tx => {
        const held = await updateClaimed(tx.knex, key, this.#owner, {
          cursor: changes.cursor,
        });
        if (!held) {
          throw new Error('Another replica has taken this registry over');
        }
        await saveRegistryVersions(tx.knex, key, changes.versions, tx.now);
        const names = new Set(changes.versions.map(each => each.model));
        const refs = await findMatchedModels(tx.knex, key, [...names]);
        refs.forEach(model =>
          tx.publish({ topic: 'signal.model', payload: { model } }),
        );
      });
    }
  }

  /** Registers the versions that only the registry knows, one at a time: one that cannot be does not hold the others. */
  async #adopt(registry: ModelRegistry): Promise<void> {
    const { work } = this.#context;
    let rows: AdoptableRow[];
    do {
      rows = await findAdoptable(
        work.knex,
        keyOf(registry),
        work.now(),
        ADOPT_BATCH,
      );
      for (const row of rows) {
        await this.#adoptOne(row);
      }
    } while (rows.length === ADOPT_BATCH);
  }

  async #adoptOne(row: AdoptableRow): Promise<void> {
    const { work, logger } = this.#context;
    const registration = toRegistration(JSON.parse(row.content));
    const known = await work
      .knex('versions')
      .where({ model_ref: row.model_ref })
      .where(same =>
        same.where({ name: row.version }).orWhere({ registry_uri: row.uri }),
      )
      .first('id');
    if (registration && !known) {
      try {
        await this.#versions.registerAs(
          REGISTRY_ACTOR,
          await this.#models.require(row.model_ref),
          registration,
        );
      } catch (error) {
        // Only what would fail again for ever; anything else, such as a lost database, is tried again with the sync.
        if (!isError(error) || !FINAL_ERRORS.includes(error.name)) {
          throw error;
        }
        logger.warn(
          `Version ${row.version} of ${row.model} could not be registered from its registry: ${error}`,
        );
      }
    }
    await markAdopted(work.knex, row);
  }

  async #renew(key: ConnectionKey, lost: AbortController): Promise<void> {
    const { work } = this.#context;
    try {
      const held = await updateClaimed(work.knex, key, this.#owner, {
        lease_until: new Date(work.now().getTime() + LEASE_MS),
      });
      if (!held) {
        lost.abort(new Error('Another replica has taken this registry over'));
      }
    } catch (error) {
      this.#context.logger.warn(
        `The lease of ${key.type}://${key.id} could not be renewed: ${error}`,
      );
    }
  }
}

/** The wait after so many failures in a row, in milliseconds: twice as long each time, within bounds. */
export function backOff(intervalMs: number, failures: number): number {
  return Math.min(
    intervalMs * 2 ** Math.min(failures, 20),
    Math.max(MAX_BACKOFF_MS, intervalMs),
  );
}

function keyOf(registry: ModelRegistry): ConnectionKey {
  return { type: registry.type, id: registry.id };
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(0, MAX_ERROR_LENGTH);
}
