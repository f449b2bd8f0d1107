import { NotFoundError } from '@backstage/errors';
import {
  RegistryHealth,
  RegistryHealthList,
  registryReadPermission,
  registryRefreshPermission,
  RegistryStatus,
} from '@slipway/backstage-plugin-model-delivery-common';
import { ModelRegistry } from '@slipway/backstage-plugin-model-delivery-node';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { toDateOrNull, toIso, toIsoOrNull } from '../database/values';
import { followedAliases } from './AliasFollowing';
import { summariseDeliveries } from './deliveryStore';
import { summariseAliases } from './followedAliasStore';
import { isStale } from './freshness';
import {
  ConnectionKey,
  ConnectionRow,
  countAdoptable,
  countModels,
  countRead,
  findConnections,
  makeDue,
} from './registryStore';
import { RegistrySync } from './RegistrySync';

/** Tells how fresh what was read of each model registry is, and has one read when somebody asks. */
export class RegistriesService {
  readonly #context: EngineContext;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** The connections, in the order of the configuration. */
  async list(principal: Principal): Promise<RegistryHealthList> {
    const { authorizer, config, registries, work } = this.#context;
    await authorizer.require(principal, registryReadPermission);
    const statuses = await this.#statuses();
    const rows = await findConnections(work.knex);
    const read = await countRead(work.knex);
    const toRegister = await countAdoptable(work.knex, work.now());
    const items: RegistryHealth[] = [];
    for (const [index, registry] of registries.entries()) {
      const status = statuses[index];
      const webhooks = await summariseDeliveries(work.knex, registry);
      const followed = followedAliases(this.#context, registry);
      items.push({
        ...status,
        ...this.#workOf(rows.find(isOf(registry))),
        registeredModels: read.get(nameOf(registry))?.models ?? 0,
        versions: read.get(nameOf(registry))?.versions ?? 0,
        toRegister: toRegister.get(nameOf(registry)) ?? 0,
        webhooks: {
          accepted: registry.readDelivery !== undefined,
          lastAt: webhooks.last ? toIso(webhooks.last.received_at) : null,
          lastEvent: webhooks.last?.event ?? null,
          waiting: webhooks.waiting,
          error: webhooks.error,
        },
        aliases: {
          followed: Object.entries(followed).map(([environment, alias]) => ({
            environment,
            alias,
          })),
          ...(await summariseAliases(
            work.knex,
            registry,
            Object.keys(followed),
          )),
        },
      });
    }
    return {
      items,
      intervalSeconds: config.registryIntervalMs / 1_000,
      viewer: {
        mayRefresh: await authorizer.may(principal, registryRefreshPermission),
      },
    };
  }

  /**
   * Has a connection read at once, even if it failed and would wait.
   * @throws NotFoundError when there is none by that name.
   */
  async refresh(
    principal: Principal,
    key: ConnectionKey,
    sync: RegistrySync,
  ): Promise<void> {
    const { authorizer, registries, work } = this.#context;
    await authorizer.require(principal, registryRefreshPermission);
    const registry = registries.find(isOf(key));
    if (!registry) {
      throw new NotFoundError(`There is no registry ${nameOf(key)}`);
    }
    await makeDue(work.knex, key, work.now());
    sync.wake(registry);
  }

  /** How fresh one connection is; null when there is none by that name. */
  async statusOf(key: ConnectionKey): Promise<RegistryStatus | null> {
    const statuses = await this.#statuses();
    return statuses.find(isOf(key)) ?? null;
  }

  async #statuses(): Promise<RegistryStatus[]> {
    const { registries, work, config } = this.#context;
    const rows = await findConnections(work.knex);
    const models = await countModels(work.knex);
    return registries.map(({ type, id, url }: ModelRegistry) => {
      const row = rows.find(isOf({ type, id }));
      const lastSuccess = toDateOrNull(row?.last_success_at ?? null);
      return {
        id,
        type,
        url,
        models: models.get(nameOf({ type, id })) ?? 0,
        lastSuccessAt: toIsoOrNull(lastSuccess),
        lastAttemptAt: toIsoOrNull(row?.last_attempt_at ?? null),
        stale: isStale(lastSuccess, work.now(), config.registryIntervalMs),
        error: row?.error ?? null,
      };
    });
  }

  #workOf(
    row: ConnectionRow | undefined,
  ): Pick<RegistryHealth, 'reading' | 'failures' | 'nextAttemptAt' | 'import'> {
    const leased = toDateOrNull(row?.lease_until ?? null);
    return {
      reading: leased !== null && leased > this.#context.work.now(),
      failures: row?.failures ?? 0,
      nextAttemptAt: toIsoOrNull(row?.due_at ?? null),
      import:
        row && row.import_started_at !== null
          ? {
              startedAt: toIso(row.import_started_at),
              versions: row.import_versions,
              reachedAt: toIsoOrNull(row.import_reached_at),
            }
          : null,
    };
  }
}

function isOf(key: ConnectionKey) {
  return (each: ConnectionKey) => each.type === key.type && each.id === key.id;
}

function nameOf({ type, id }: ConnectionKey): string {
  return `${type}://${id}`;
}
