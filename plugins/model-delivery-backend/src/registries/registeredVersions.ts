import { RegistryVersion } from '@slipway/backstage-plugin-model-delivery-node';
import { Knex } from 'knex';
import { ModelRecord, ModelRow, toModelRecord } from '../models/ModelRecord';
import {
  toVersionRecord,
  VersionRecord,
  VersionRow,
} from '../versions/VersionRecord';
import { ConnectionKey } from './registryStore';

/** Names in one statement. */
const BATCH = 100;

/** A version that is registered here, and what its registry tells of it. */
export interface ToldVersion {
  model: ModelRecord;
  version: VersionRecord;
  told: RegistryVersion;
}

/**
 * Those of a registry's versions that are registered here: by the URI that they were registered with, or by their names when
 * they came without one.
 */
export async function findToldVersions(
  knex: Knex,
  key: ConnectionKey,
  versions: RegistryVersion[],
): Promise<ToldVersion[]> {
  const found: ToldVersion[] = [];
  for (let i = 0; i < versions.length; i += BATCH) {
    const batch = versions.slice(i, i + BATCH);
    const models = await knex<ModelRow>('models')
      .where({ registry_type: key.type, registry_id: key.id })
      .whereIn('registry_model', [...new Set(batch.map(({ model }) => model))])
      .whereNull('removed_at');
    for (const model of models.map(toModelRecord)) {
      const told = batch.filter(each => each.model === model.registry?.model);
      const byUri = new Map(told.map(each => [each.uri, each]));
      const byName = new Map(told.map(each => [each.version, each]));
      const rows = await knex<VersionRow>('versions')
        .where({ model_ref: model.ref })
        .where(either =>
          either
            .whereIn('registry_uri', [...byUri.keys()])
            .orWhereIn('name', [...byName.keys()]),
        );
      rows.map(toVersionRecord).forEach(version => {
        const of = version.registryUri
          ? byUri.get(version.registryUri)
          : byName.get(version.name);
        if (of) {
          found.push({ model, version, told: of });
        }
      });
    }
  }
  return found;
}
