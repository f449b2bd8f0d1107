import {
  RegistryStatus,
  registryReadPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { toDateOrNull, toIsoOrNull } from '../database/values';
import {
  ConnectionKey,
  ConnectionRow,
  countModels,
  findConnections,
} from './registryStore';

/** Intervals after which a registry that was not read counts as stale. */
const STALE_AFTER_INTERVALS = 3;

/** Tells how fresh what was read of each model registry is. */
export class RegistriesService {
  readonly #context: EngineContext;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** The connections, in the order of the configuration. */
  async list(principal: Principal): Promise<RegistryStatus[]> {
    await this.#context.authorizer.require(principal, registryReadPermission);
    return this.#statuses();
  }

  /** How fresh one connection is; null when there is none by that name. */
  async statusOf(key: ConnectionKey): Promise<RegistryStatus | null> {
    const statuses = await this.#statuses();
    return (
      statuses.find(each => each.type === key.type && each.id === key.id) ??
      null
    );
  }

  async #statuses(): Promise<RegistryStatus[]> {
    const { registries, work, config } = this.#context;
    const rows = await findConnections(work.knex);
    const models = await countModels(work.knex);
    const staleBefore =
      work.now().getTime() - STALE_AFTER_INTERVALS * config.registryIntervalMs;
    return registries.map(({ type, id, url }) => {
      const row: ConnectionRow | undefined = rows.find(
        each => each.type === type && each.id === id,
      );
      const lastSuccess = toDateOrNull(row?.last_success_at ?? null);
      return {
        id,
        type,
        url,
        models: models.get(`${type}://${id}`) ?? 0,
        lastSuccessAt: toIsoOrNull(lastSuccess),
        lastAttemptAt: toIsoOrNull(row?.last_attempt_at ?? null),
        stale: lastSuccess === null || lastSuccess.getTime() < staleBefore,
        error: row?.error ?? null,
      };
    });
  }
}
