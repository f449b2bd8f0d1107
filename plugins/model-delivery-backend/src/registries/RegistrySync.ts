import {
  ModelRegistry,
  RegistryVersion,
} from '@slipway/backstage-plugin-model-delivery-node';
import { randomUUID } from 'node:crypto';
import { EngineContext } from '../context';
import { toDate } from '../database/values';
import { ModelsService } from '../models/ModelsService';
import { VersionsService } from '../versions/VersionsService';
import {
  AliasFollowing,
  checkWritten,
  followedAliases,
} from './AliasFollowing';
import { DeliveredReading } from './DeliveredReading';
import {
  findWholeReadings,
  forgetDeliveries,
  noteAttempt,
} from './deliveryStore';
import { findMissing, markGone } from './goneVersions';
import { ImportProgress } from './ImportProgress';
import { RegistryAdoption } from './RegistryAdoption';
import { RegistryEvaluations } from './RegistryEvaluations';
import { checkChanges } from './registryChanges';
import {
  claimConnection,
  ConnectionKey,
  ConnectionRow,
  ensureConnection,
  findShownModels,
  saveRegistryVersions,
  updateClaimed,
} from './registryStore';

/** How long a replica holds a connection without a sign of life, in milliseconds. */
const LEASE_MS = 30_000;
/** The longest wait after failures, in milliseconds, unless the interval itself is longer. */
const MAX_BACKOFF_MS = 15 * 60_000;
/** How often a replica looks whether a connection is due, in milliseconds. */
const TICK_MS = 5_000;
/** How long deliveries are remembered, in milliseconds: replays are accepted for minutes, and people look for longer. */
const DELIVERIES_KEPT_MS = 24 * 3_600_000;
const MAX_ERROR_LENGTH = 1_000;

/**
 * Reads the model registries: of all replicas one at a time, page by page, each page stored in one transaction with the
 * cursor that the next one begins at. Has their aliases follow what serves, where that is configured. What fails is shown and
 * tried again, later each time.
 */
export class RegistrySync {
  readonly #context: EngineContext;
  readonly #adoption: RegistryAdoption;
  readonly #evaluations: RegistryEvaluations;
  readonly #delivered: DeliveredReading;
  readonly #aliases: AliasFollowing;
  readonly #stopping = new AbortController();
  readonly #woken = new Set<Promise<void>>();
  /** Tells this replica's leases from those of others. */
  readonly #owner = randomUUID();

  constructor(
    context: EngineContext,
    services: {
      models: ModelsService;
      versions: VersionsService;
      evaluations: RegistryEvaluations;
    },
  ) {
    this.#context = context;
    this.#adoption = new RegistryAdoption(context, services);
    this.#evaluations = services.evaluations;
    this.#delivered = new DeliveredReading(context);
    this.#aliases = new AliasFollowing(context);
  }

  /** Reads each registry now and after each interval. */
  async start(): Promise<void> {
    const { registries, scheduler, config, work } = this.#context;
    checkWritten(this.#context);
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

  /** Reads at once what is due of a registry, without waiting for it. */
  wake(registry: ModelRegistry): void {
    const run: Promise<void> = this.run(registry, this.#stopping.signal)
      .catch(error =>
        this.#context.logger.warn(
          `${registry.type}://${registry.id} could not be read at once: ${error}`,
        ),
      )
      .finally(() => this.#woken.delete(run));
    this.#woken.add(run);
  }

  /** Ends what was woken, and waits until it has: for the shutdown. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('The backend shuts down'));
    await Promise.all(this.#woken);
  }

  /**
   * Reads what is due of a registry, unless another replica does. Failures are noted, not thrown. What comes to be due
   * meanwhile is read too: whoever brought it found the registry taken.
   */
  async run(registry: ModelRegistry, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.#takeTurn(registry, signal)));
  }

  /** @returns whether there was anything to read and nobody else reading it. */
  async #takeTurn(
    registry: ModelRegistry,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { work, logger, config } = this.#context;
    const key = keyOf(registry);
    const now = work.now();
    const connection = await claimConnection(work.knex, key, {
      owner: this.#owner,
      now,
      until: new Date(now.getTime() + LEASE_MS),
      environments: Object.keys(followedAliases(this.#context, registry)),
    });
    if (!connection) {
      return false;
    }
    const asked = await findWholeReadings(
      work.knex,
      key,
      now,
      registry.readModel !== undefined,
    );
    const isDue = asked.length > 0 || toDate(connection.due_at) <= now;
    const released = { lease_owner: null, lease_until: null };
    const lost = new AbortController();
    const renewal = setInterval(() => this.#renew(key, lost), LEASE_MS / 3);
    const either = AbortSignal.any([signal, lost.signal]);
    try {
      await this.#readDelivered(registry, either);
      await this.#aliases.run(registry, either);
      if (!isDue) {
        await updateClaimed(work.knex, key, this.#owner, released);
        return true;
      }
      await this.#read(registry, connection, either);
      for await (const _ of this.#adoption.run(key, either)) {
        await this.#readDelivered(registry, either);
      }
      const at = work.now();
      await noteAttempt(work.knex, key, asked, { error: null, dueAt: null });
      await forgetDeliveries(
        work.knex,
        key,
        new Date(at.getTime() - DELIVERIES_KEPT_MS),
      );
      await updateClaimed(work.knex, key, this.#owner, {
        last_attempt_at: now,
        last_success_at: at,
        error: null,
        failures: 0,
        due_at: new Date(at.getTime() + config.registryIntervalMs),
        ...released,
      });
    } catch (error) {
      if (signal.aborted) {
        await updateClaimed(work.knex, key, this.#owner, released);
        return false;
      }
      const failures = connection.failures + 1;
      const wait = backOff(config.registryIntervalMs, failures);
      const again = new Date(work.now().getTime() + wait);
      logger.warn(
        `The model registry ${key.type}://${key.id} could not be read, trying again in ${wait} ms: ${error}`,
      );
      await noteAttempt(work.knex, key, asked, {
        error: messageOf(error),
        dueAt: again,
      });
      await updateClaimed(work.knex, key, this.#owner, {
        last_attempt_at: now,
        error: messageOf(error),
        failures,
        due_at: again,
        ...released,
      });
    } finally {
      clearInterval(renewal);
    }
    return true;
  }

  async #read(
    registry: ModelRegistry,
    connection: ConnectionRow,
    signal: AbortSignal,
  ): Promise<void> {
    const progress = new ImportProgress(connection);
    const cursor = connection.cursor ?? undefined;
    for await (const page of registry.readChanges({ cursor, signal })) {
      signal.throwIfAborted();
      const changes = checkChanges(page);
      const startedAt = progress.startedAt(this.#context.work.now());
      await this.#save(registry, changes.versions, {
        cursor: changes.cursor,
        ...progress.after(changes, this.#context.work.now()),
      });
      if (changes.complete) {
        await this.#noteGone(registry, startedAt, signal);
      }
      // A long import does not keep what just changed waiting
      await this.#readDelivered(registry, signal);
    }
  }

  async #noteGone(
    registry: ModelRegistry,
    startedAt: Date,
    signal: AbortSignal,
  ): Promise<void> {
    const { work, logger } = this.#context;
    const { gone, there } = await findMissing(
      work.knex,
      registry,
      startedAt,
      signal,
    );
    await this.#save(registry, there, this.#renewed());
    const key = keyOf(registry);
    for (const [model, versions] of gone) {
      if (versions.length > 0) {
        logger.warn(
          `${key.type}://${key.id} no longer has ${model} ${versions
            .slice(0, 10)
            .join(', ')}${versions.length > 10 ? ' and others' : ''}`,
        );
        await markGone(work.knex, key, model, versions, work.now());
      }
    }
  }

  /** The lease from now on, as a change of the connection's row. */
  #renewed() {
    return {
      lease_until: new Date(this.#context.work.now().getTime() + LEASE_MS),
    };
  }

  async #readDelivered(
    registry: ModelRegistry,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#delivered.run(
      registry,
      versions => this.#save(registry, versions, this.#renewed()),
      signal,
    );
  }

  /**
   * Stores versions, and what was measured of them, together with a change of the connection's row.
   * @throws Error when another replica has the connection by now.
   */
  async #save(
    registry: ModelRegistry,
    versions: RegistryVersion[],
    change: Parameters<typeof updateClaimed>[3],
  ): Promise<void> {
    const key = keyOf(registry);
    await this.#context.work.run(async tx => {
      const held = await updateClaimed(tx.knex, key, this.#owner, change);
      if (!held) {
        throw new Error('Another replica has taken this registry over');
      }
      const changed = await saveRegistryVersions(
        tx.knex,
        key,
        versions,
        tx.now,
      );
      await this.#evaluations.versionsRead(tx, key, versions);
      const refs = await findShownModels(tx.knex, key, [...changed]);
      refs.forEach(model =>
        tx.publish({ topic: 'signal.model', payload: { model } }),
      );
    });
  }

  async #renew(key: ConnectionKey, lost: AbortController): Promise<void> {
    const { work } = this.#context;
    try {
      const held = await updateClaimed(
        work.knex,
        key,
        this.#owner,
        this.#renewed(),
      );
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
