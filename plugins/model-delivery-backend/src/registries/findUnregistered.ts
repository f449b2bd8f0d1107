import { ModelDetail } from '@slipway/backstage-plugin-model-delivery-common';
import { RegistryVersion } from '@slipway/backstage-plugin-model-delivery-node';
import { Knex } from 'knex';
import { DatabaseTime, toDateOrNull, toIsoOrNull } from '../database/values';
import { missingTags } from './adoption';

/**
 * What a registry has of a model of which no version is registered here, and what the newest one lacks for it; undefined
 * when it has nothing.
 * @param of - the model, as the registry calls it
 */
export async function findUnregistered(
  knex: Knex,
  of: { type: string; id: string; model: string },
): Promise<ModelDetail['unregistered']> {
  const versions = () =>
    knex('registry_versions')
      .where({
        registry_type: of.type,
        registry_id: of.id,
        model: of.model,
      })
      .whereNull('gone_at');
  const newest:
    | { version: string; content: string; adopt_after: DatabaseTime | null }
    | undefined = await versions()
    .orderBy([
      { column: 'updated_at', order: 'desc' },
      { column: 'version', order: 'desc' },
    ])
    .first('version', 'content', 'adopt_after');
  if (!newest) {
    return undefined;
  }
  const [{ count }]: { count: number | string }[] = await versions().count({
    count: '*',
  });
  const { tags }: Pick<RegistryVersion, 'tags'> = JSON.parse(newest.content);
  return {
    versions: Number(count),
    newest: newest.version,
    missing: missingTags(tags),
    dueAt: toIsoOrNull(toDateOrNull(newest.adopt_after)),
  };
}
