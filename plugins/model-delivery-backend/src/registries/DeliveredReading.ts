import {
  ModelRegistry,
  RegistryVersion,
} from '@slipway/backstage-plugin-model-delivery-node';
import { EngineContext } from '../context';
import {
  DueDelivery,
  findAliased,
  findDueDeliveries,
  noteAttempt,
} from './deliveryStore';
import { markGone } from './goneVersions';
import { checkVersions } from './registryChanges';
import { ConnectionKey } from './registryStore';

const BATCH = 100;
const MAX_ATTEMPTS = 6;
/** Wait after the first failure, in milliseconds; twice as long each time. */
const RETRY_MS = 5_000;
const MAX_ERROR_LENGTH = 1_000;

/** Stores versions if one still has the registry to oneself. */
export type SaveVersions = (versions: RegistryVersion[]) => Promise<void>;

/**
 * Reads the models that deliveries name: only what changed of them, however large the registry is. What fails is tried
 * again for a few minutes; after that the regular reading has to find it.
 */
export class DeliveredReading {
  readonly #context: EngineContext;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Reads what is due. Failures of the registry are noted, not thrown. */
  async run(
    registry: ModelRegistry,
    save: SaveVersions,
    signal: AbortSignal,
  ): Promise<void> {
    if (!registry.readModel) {
      return;
    }
    const { work } = this.#context;
    const key = { type: registry.type, id: registry.id };
    let due: DueDelivery[];
    do {
      due = await findDueDeliveries(work.knex, key, work.now(), BATCH);
      for (const [model, deliveries] of byModel(due)) {
        signal.throwIfAborted();
        await this.#readOne(registry, { key, model, deliveries }, save, signal);
      }
    } while (due.length === BATCH);
  }

  async #readOne(
    registry: ModelRegistry,
    of: { key: ConnectionKey; model: string; deliveries: DueDelivery[] },
    save: SaveVersions,
    signal: AbortSignal,
  ): Promise<void> {
    const { work, logger } = this.#context;
    const { key, model, deliveries } = of;
    const ids = deliveries.map(each => each.delivery_id);
    // An alias that moved also changes the version that it named before
    const asked = [
      ...new Set([
        ...deliveries.flatMap(each => each.versions),
        ...(await findAliased(work.knex, key, model)),
      ]),
    ];
    let versions: RegistryVersion[];
    try {
      versions = checkVersions(
        await registry.readModel!({ model, versions: asked, signal }),
      );
    } catch (error) {
      signal.throwIfAborted();
      const attempts = Math.max(...deliveries.map(each => each.attempts)) + 1;
      const gaveUp = attempts >= MAX_ATTEMPTS;
      logger.warn(
        `${model} of ${key.type}://${
          key.id
        } could not be read as a webhook asked for, ${
          gaveUp ? 'leaving it to the regular reading' : 'trying again'
        }: ${error}`,
      );
      await noteAttempt(work.knex, key, ids, {
        error: String(error).slice(0, MAX_ERROR_LENGTH),
        dueAt: gaveUp
          ? null
          : new Date(work.now().getTime() + RETRY_MS * 2 ** (attempts - 1)),
      });
      return;
    }
    await save(versions);
    const told = new Set(versions.map(({ version }) => version));
    await markGone(
      work.knex,
      key,
      model,
      asked.filter(version => !told.has(version)),
      work.now(),
    );
    await noteAttempt(work.knex, key, ids, { error: null, dueAt: null });
  }
}

function byModel(due: DueDelivery[]): Map<string, DueDelivery[]> {
  const models = new Map<string, DueDelivery[]>();
  due.forEach(each =>
    models.set(each.model, [...(models.get(each.model) ?? []), each]),
  );
  return models;
}
