import {
  ModelRegistry,
  RegistryVersion,
} from '@slipway/backstage-plugin-model-delivery-node';
import { InputError } from '@backstage/errors';
import { EngineContext } from '../context';
import { Transaction } from '../database/UnitOfWork';
import {
  acceptAlias,
  findAliasHolder,
  findRegistryVersion,
} from '../outsideChanges/aliases';
import { findSettledTarget } from '../outsideChanges/places';
import { ENGINE_ACTOR } from '../promotions/changePromotion';
import {
  DueAlias,
  endAlias,
  findDueAliases,
  forgetOthers,
  retryAlias,
} from './followedAliasStore';
import { ConnectionKey } from './registryStore';

const BATCH = 20;
/** Wait after the first failure, in milliseconds; twice as long each time, up to the longest. */
const RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 3_600_000;
const MAX_ERROR_LENGTH = 1_000;

/** Environments whose aliases are set in a registry, and the aliases; none where it is only read. */
export function followedAliases(
  { config }: Pick<EngineContext, 'config'>,
  registry: ModelRegistry,
): Record<string, string> {
  return registry.setAlias &&
    config.writtenRegistries.includes(nameOf(registry))
    ? config.outsideChanges.aliases
    : {};
}

/** Forgets what serves where no alias may follow it: it is not kept for a day on which one may. */
export async function forgetUnfollowed(
  context: Pick<EngineContext, 'config' | 'registries' | 'work'>,
): Promise<void> {
  await forgetOthers(
    context.work.knex,
    context.registries.flatMap(registry => {
      const environments = Object.keys(followedAliases(context, registry));
      return environments.length > 0 ? [{ key: registry, environments }] : [];
    }),
  );
}

/**
 * Checks that what is to be written to can be.
 * @throws InputError when there is no such connection, or it has no aliases
 */
export function checkWritten({
  config,
  registries,
}: Pick<EngineContext, 'config' | 'registries'>): void {
  for (const name of config.writtenRegistries) {
    const registry = registries.find(each => nameOf(each) === name);
    if (!registry?.setAlias) {
      throw new InputError(
        `modelDelivery.registries.writeAliases names ${name}, ${
          registry
            ? 'whose aliases cannot be set from here'
            : `which is no connection; there are ${
                registries.map(nameOf).join(', ') || 'none'
              }`
        }`,
      );
    }
  }
}

/**
 * Has the aliases of a registry follow what serves: after a promotion or a rollback the alias of the environment is set to the
 * version that has all traffic there. What fails is shown with the connection and tried again, hourly in the end; no
 * promotion depends on it.
 */
export class AliasFollowing {
  readonly #context: EngineContext;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Sets what is due. Failures of the registry are noted, not thrown. */
  async run(registry: ModelRegistry, signal: AbortSignal): Promise<void> {
    const { work, logger } = this.#context;
    const aliases = followedAliases(this.#context, registry);
    if (Object.keys(aliases).length === 0) {
      return;
    }
    let due: DueAlias[];
    do {
      due = await findDueAliases(work.knex, registry, Object.keys(aliases), {
        now: work.now(),
        limit: BATCH,
      });
      for (const row of due) {
        signal.throwIfAborted();
        try {
          await this.#follow(registry, row, aliases[row.environment]);
        } catch (error) {
          const message =
            error instanceof Error ? error.message : String(error);
          logger.warn(
            `The alias ${aliases[row.environment]} of ${
              row.registry_model
            } could not follow ${row.environment}, trying again: ${message}`,
          );
          await this.#later(row, message.slice(0, MAX_ERROR_LENGTH));
        }
      }
    } while (due.length === BATCH);
  }

  async #follow(
    registry: ModelRegistry,
    row: DueAlias,
    alias: string,
  ): Promise<void> {
    const { work } = this.#context;
    const { model_ref: modelRef, environment, registry_model: model } = row;
    const target = await findSettledTarget(work.knex, {
      modelRef,
      environment,
    });
    if (target?.expected.length !== 1) {
      // On the move, or between two: it is due again when that ends
      await this.#later(row, null);
      return;
    }
    const [{ version: name }] = target.expected;
    const registered = { type: registry.type, id: registry.id, model };
    const serving = await findRegistryVersion(work.knex, {
      modelRef,
      registry: registered,
      name,
    });
    if (!serving) {
      throw new Error(
        `${name} of ${modelRef} serves in ${environment}, but was not read from ${nameOf(
          registry,
        )} as a version of ${model}; its registryUri says where it came from`,
      );
    }
    const holder = await findAliasHolder(work.knex, registered, alias);
    if (holder?.version !== serving) {
      await registry.setAlias!({ model, alias, version: serving });
    }
    await work.run(async tx => {
      await endAlias(tx, row);
      await acceptAlias(tx, modelRef, alias, serving);
      if (holder?.version === serving) {
        return;
      }
      await moveStoredAlias(tx, registered, {
        alias,
        from: holder?.version,
        to: serving,
      });
      tx.record({
        actor: ENGINE_ACTOR,
        action: 'registry.alias-set',
        model: modelRef,
        subject: `registry:${nameOf(registry)}`,
        summary: `Set the alias ${alias} of ${model} to ${serving}, which serves in ${environment}`,
        details: {
          environment,
          alias,
          from: holder?.version ?? null,
          version: serving,
        },
      });
      tx.publish({ topic: 'signal.model', payload: { model: modelRef } });
    });
  }

  async #later(row: DueAlias, error: string | null): Promise<void> {
    const { work } = this.#context;
    const wait = Math.min(
      RETRY_MS * 2 ** Math.min(row.attempts, 20),
      LONGEST_RETRY_MS,
    );
    await retryAlias(work.knex, row, {
      dueAt: new Date(work.now().getTime() + wait),
      error,
    });
  }
}

/**
 * Notes in what was read that an alias moved: it is known, and until it is read again nobody may take the old state for a
 * change that was made outside.
 */
async function moveStoredAlias(
  tx: Transaction,
  registered: ConnectionKey & { model: string },
  { alias, from, to }: { alias: string; from: string | undefined; to: string },
): Promise<void> {
  for (const version of [from, to]) {
    const where = {
      registry_type: registered.type,
      registry_id: registered.id,
      model: registered.model,
      version: version ?? '',
    };
    const row = await tx
      .knex('registry_versions')
      .where(where)
      .first('content');
    if (row) {
      const content: RegistryVersion = JSON.parse(row.content);
      const others = content.aliases.filter(each => each !== alias);
      content.aliases = version === to ? [...others, alias].sort() : others;
      await tx
        .knex('registry_versions')
        .where(where)
        .update({ content: JSON.stringify(content) });
    }
  }
}

function nameOf({ type, id }: ConnectionKey): string {
  return `${type}://${id}`;
}
