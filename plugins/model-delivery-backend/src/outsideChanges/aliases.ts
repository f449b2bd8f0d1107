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
  const holder = await findAliasHolder(knex, registry, alias);
  if (!holder) {
    return undefined;
  }
  const known: { name: string } | undefined = await knex('versions')
    .where({ model_ref: modelRef, registry_uri: holder.uri })
    .first('name');
  const serving =
    options.serving === undefined
      ? undefined
      : await findRegistryVersion(knex, {
          modelRef,
          registry,
          name: options.serving,
        });
  const accepted = await knex('watched_aliases')
    .where({ model_ref: modelRef, alias })
    .first('version');
  return {
    found: {
      version: holder.version,
      name: known?.name ?? holder.version,
    },
    accepted: accepted?.version,
    serving: serving ? { version: serving, name: options.serving! } : undefined,
  };
}

/** The version that an alias names, as it was read last; undefined when it names none. */
export async function findAliasHolder(
  knex: Knex,
  registry: RegisteredModel,
  alias: string,
): Promise<{ version: string; uri: string } | undefined> {
  const candidates: { version: string; uri: string; content: string }[] =
    await knex('registry_versions')
      .where({
        registry_type: registry.type,
        registry_id: registry.id,
        model: registry.model,
      })
      .whereLike('content', `%${JSON.stringify(alias)}%`)
      .select('version', 'uri', 'content');
  return candidates.find(row =>
    (JSON.parse(row.content) as RegistryVersion).aliases.includes(alias),
  );
}

/** The name that a version has in the registry; undefined when it did not come from there. */
export async function findRegistryVersion(
  knex: Knex,
  options: { modelRef: string; registry: RegisteredModel; name: string },
): Promise<string | undefined> {
  const { modelRef, registry, name } = options;
  const row = await knex('registry_versions')
    .join('versions', 'versions.registry_uri', 'registry_versions.uri')
    .where({
      'versions.model_ref': modelRef,
      'versions.name': name,
      registry_type: registry.type,
      registry_id: registry.id,
      model: registry.model,
    })
    .first('registry_versions.version');
  return row?.version;
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
