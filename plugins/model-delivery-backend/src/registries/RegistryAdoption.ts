import { isError } from '@backstage/errors';
import { EngineContext } from '../context';
import { ModelsService } from '../models/ModelsService';
import { REGISTRY_ACTOR } from '../people/Directory';
import { VersionsService } from '../versions/VersionsService';
import { toRegistration } from './adoption';
import {
  AdoptableRow,
  ConnectionKey,
  findAdoptable,
  findRegistered,
  markAdopted,
} from './registryStore';

/** Versions that are looked at together. */
const BATCH = 100;
/** What would fail again for ever; anything else, such as a lost database, is tried again with the sync. */
const FINAL_ERRORS = ['ConflictError', 'InputError', 'NotFoundError'];

/** Registers the versions that only a registry knows, those of one model together. */
export class RegistryAdoption {
  readonly #context: Pick<EngineContext, 'work' | 'logger'>;
  readonly #models: Pick<ModelsService, 'require'>;
  readonly #versions: Pick<VersionsService, 'registerAs'>;

  constructor(
    context: Pick<EngineContext, 'work' | 'logger'>,
    services: {
      models: Pick<ModelsService, 'require'>;
      versions: Pick<VersionsService, 'registerAs'>;
    },
  ) {
    this.#context = context;
    this.#models = services.models;
    this.#versions = services.versions;
  }

  /** Registers what is due, some of it with each step. */
  async *run(key: ConnectionKey, signal: AbortSignal): AsyncGenerator<void> {
    const { work } = this.#context;
    let rows: AdoptableRow[] = [];
    do {
      rows = await findAdoptable(work.knex, key, work.now(), {
        from: rows.at(-1)?.model ?? '',
        limit: BATCH,
      });
      for (const [model, all] of groupBy(rows, row => row.model)) {
        signal.throwIfAborted();
        for (const [ref, some] of groupBy(all, row => row.model_ref)) {
          await this.#register(ref, some);
        }
        await markAdopted(
          work.knex,
          key,
          model,
          all.map(row => row.version),
        );
      }
      yield;
    } while (rows.length === BATCH);
  }

  /** Registers those versions of a model that are not; what cannot be registered does not hold the others. */
  async #register(modelRef: string, rows: AdoptableRow[]): Promise<void> {
    const { work, logger } = this.#context;
    const isRegistered = await findRegistered(work.knex, modelRef, rows);
    const registrations = rows
      .filter(row => !isRegistered(row))
      .flatMap(row => toRegistration(JSON.parse(row.content)) ?? []);
    if (registrations.length === 0) {
      return;
    }
    try {
      await this.#versions.registerAs(
        REGISTRY_ACTOR,
        await this.#models.require(modelRef),
        registrations,
      );
    } catch (error) {
      if (!isError(error) || !FINAL_ERRORS.includes(error.name)) {
        throw error;
      }
      if (rows.length > 1) {
        for (const row of rows) {
          await this.#register(modelRef, [row]);
        }
        return;
      }
      logger.warn(
        `Version ${rows[0].version} of ${rows[0].model} could not be registered from its registry: ${error}`,
      );
    }
  }
}

function groupBy<T>(items: T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) {
      group.push(item);
    } else {
      groups.set(keyOf(item), [item]);
    }
  }
  return groups;
}
