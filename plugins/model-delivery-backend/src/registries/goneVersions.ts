import {
  ModelRegistry,
  RegistryVersion,
} from '@slipway/backstage-plugin-model-delivery-node';
import { Knex } from 'knex';
import { checkVersions } from './registryChanges';
import { ConnectionKey } from './registryStore';

/** Versions looked into after one reading of everything; whatever else is missing is found after the next. */
const MOST = 1_000;
/** Names in one statement, and in one question to the registry. */
const BATCH = 100;

/**
 * Finds what a reading of everything did not tell of. Pages of a registry that changes while it is read can skip a
 * version, so one that can be asked for by name is asked for before it counts as gone.
 * @param since - when the reading began
 * @returns the names of the missing versions by model, and what turned out to be there.
 */
export async function findMissing(
  knex: Knex,
  registry: ModelRegistry,
  since: Date,
  signal: AbortSignal,
): Promise<{ gone: Map<string, string[]>; there: RegistryVersion[] }> {
  const rows: { model: string; version: string }[] = await knex(
    'registry_versions',
  )
    .where({ registry_type: registry.type, registry_id: registry.id })
    .where('read_at', '<', since)
    .whereNull('gone_at')
    .orderBy(['model', 'version'])
    .limit(MOST)
    .select('model', 'version');
  const gone = new Map<string, string[]>();
  rows.forEach(({ model, version }) =>
    gone.set(model, [...(gone.get(model) ?? []), version]),
  );
  const there: RegistryVersion[] = [];
  if (registry.readModel) {
    for (const [model, names] of gone) {
      for (let i = 0; i < names.length; i += BATCH) {
        const versions = names.slice(i, i + BATCH);
        there.push(
          ...checkVersions(
            await registry.readModel({ model, versions, signal }),
          ),
        );
      }
      const found = new Set(
        there.filter(each => each.model === model).map(each => each.version),
      );
      gone.set(
        model,
        names.filter(name => !found.has(name)),
      );
    }
  }
  return { gone, there };
}

/** Marks versions of a model as gone from the registry. They stay: what they were is known, and they may serve. */
export async function markGone(
  knex: Knex,
  key: ConnectionKey,
  model: string,
  versions: string[],
  at: Date,
): Promise<void> {
  for (let i = 0; i < versions.length; i += BATCH) {
    await knex('registry_versions')
      .where({ registry_type: key.type, registry_id: key.id, model })
      .whereIn('version', versions.slice(i, i + BATCH))
      .whereNull('gone_at')
      .update({ gone_at: at, adopt_after: null });
  }
}
