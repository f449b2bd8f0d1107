import { Entity } from '@backstage/catalog-model';
import { EngineContext } from '../context';
import { Transaction } from '../database/UnitOfWork';
import { PROJECTED_FIELDS, toCatalogColumns } from './modelProjection';
import { markRemoved, saveFromCatalog } from './modelStore';

/** Entities read and stored at a time. */
const PAGE_SIZE = 200;

/** Keeps the list of models as the catalog has it. */
export class CatalogSync {
  readonly #context: EngineContext;
  readonly #onRead: (tx: Transaction, entities: Entity[]) => Promise<void>;

  /** @param onRead - takes down what else is wanted of the entities, in the same transaction */
  constructor(
    context: EngineContext,
    onRead: (tx: Transaction, entities: Entity[]) => Promise<void>,
  ) {
    this.#context = context;
    this.#onRead = onRead;
  }

  /** Compares with the catalog now, by one of the replicas, and again after each interval. */
  async start(): Promise<void> {
    const { scheduler, config, logger } = this.#context;
    await scheduler.scheduleTask({
      id: 'models-from-catalog',
      frequency: { milliseconds: config.catalogIntervalMs },
      timeout: { minutes: 10 },
      fn: async signal => {
        try {
          await this.run(signal);
        } catch (error) {
          logger.warn(
            `The models could not be read from the catalog; trying again in ${config.catalogIntervalMs} ms: ${error}`,
          );
        }
      },
    });
  }

  /**
   * Reads every Model entity page by page, each stored in its own transaction, and then takes from the lists what the
   * catalog no longer shows. An interrupted run removes nothing.
   */
  async run(signal?: AbortSignal): Promise<void> {
    const { catalog, auth, work } = this.#context;
    const startedAt = work.now();
    const pages = catalog.streamEntities(
      {
        filter: { kind: 'model' },
        fields: PROJECTED_FIELDS,
        pageSize: PAGE_SIZE,
      },
      { credentials: await auth.getOwnServiceCredentials() },
    );
    for await (const entities of pages) {
      if (signal?.aborted) {
        return;
      }
      if (entities.length > 0) {
        await work.run(async tx => {
          await saveFromCatalog(
            tx,
            entities.map(toCatalogColumns),
            new Date(Math.max(tx.now.getTime(), startedAt.getTime())),
          );
          await this.#onRead(tx, entities);
        });
      }
    }
    await work.run(tx => markRemoved(tx.knex, startedAt, tx.now));
  }
}
