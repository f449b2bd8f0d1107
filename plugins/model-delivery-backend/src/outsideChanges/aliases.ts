import { RegistryVersion } from '@slipway/backstage-plugin-model-delivery-node';
import { Knex } from 'knex';
import { Transaction } from '../database/UnitOfWork';

/** A registered model in a registry. */
export interface RegisteredModel {
  type: string;
  id: string;
  model: string;
}

/** A version as the registry names it, and as Slipway does when it is registered here. */
export interface NamedVersion {
  /** In the registry. */
  version: string;
  /** Here; as the registry names it when it is not registered here. */
  name: string;
}

/** Where an alias points, and where it should. */
export interface AliasState {
  found: NamedVersion;
  /** What it named when nothing was wrong. */
  accepted: string | undefined;
  /** What serves, as far as it came from the registry. */
  serving: NamedVersion | undefined;
}

/** Where an alias of a model's registry points now, as it was read last; undefined when there is none. */
export async function findAlias(
  knex: Knex,
  options: {
    modelRef: string;
    registry: RegisteredModel;
    alias: string;
    /** Version that serves, as it is named here. */
    serving: string | undefined;
  },
): Promise<AliasState | undefined> {
  const { modelRef, registry, alias } = options;
  const candidates: { version: string; uri: string; content: string }[] =
    await knex('registry_versions')
      .where({
        registry_type: registry.type,
        registry_id: registry.id,
        model: registry.model,
      })
      .whereLike('content', `%${JSON.stringify(alias)}%`)
      .select('version', 'uri', 'content');
  const holder = candidates.find(row =>
    (JSON.parse(row.content) as RegistryVersion).aliases.includes(alias),
  );
  if (!holder) {
    return undefined;
  }
  const known: { name: string; registry_uri: string | null }[] = await knex(
    'versions',
  )
    .where({ model_ref: modelRef })
    .where(some =>
      some
        .where({ registry_uri: holder.uri })
        .orWhere({ name: options.serving ?? '' }),
    )
    .select('name', 'registry_uri');
  const servingUri = known.find(
    each => each.name === options.serving,
  )?.registry_uri;
  const serving: { version: string } | undefined = servingUri
    ? await knex('registry_versions')
        .where({
          registry_type: registry.type,
          registry_id: registry.id,
          model: registry.model,
          uri: servingUri,
        })
        .first('version')
    : undefined;
  const accepted = await knex('watched_aliases')
    .where({ model_ref: modelRef, alias })
    .first('version');
  return {
    found: {
      version: holder.version,
      name:
        known.find(each => each.registry_uri === holder.uri)?.name ??
        holder.version,
    },
    accepted: accepted?.version,
    serving: serving && { version: serving.version, name: options.serving! },
  };
}

/** Keeps what an alias names as what it should, until something else serves. */
export async function acceptAlias(
  tx: Transaction,
  modelRef: string,
  alias: string,
  version: string,
): Promise<void> {
  await tx
    .knex('watched_aliases')
    .insert({ model_ref: modelRef, alias, version, since: tx.now })
    .onConflict(['model_ref', 'alias'])
    .merge(['version', 'since']);
}
