import { Knex } from 'knex';
import { VersionRecord } from '../versions/VersionRecord';
import { keyOfNode, saveEdges, saveNodes } from './lineageStore';
import { nameOfEntity, sourcesOfVersion } from './names';

/** Writes what new versions of one model say that they were made of, within the transaction that registers them. */
export async function recordVersionLineage(
  tx: Knex.Transaction,
  versions: Pick<VersionRecord, 'modelRef' | 'name' | 'parts'>[],
): Promise<void> {
  const made = versions.map(({ modelRef, name, parts }) => ({
    target: { name: nameOfEntity('model', modelRef), version: name },
    sources: sourcesOfVersion(modelRef, parts),
  }));
  const ids = await saveNodes(
    tx,
    made.flatMap(({ target, sources }) => [target, ...sources]),
  );
  await saveEdges(
    tx,
    made
      .flatMap(({ target, sources }) =>
        sources.map(source => ({
          source: ids.get(keyOfNode(source))!,
          target: ids.get(keyOfNode(target))!,
          relation: source.relation,
        })),
      )
      .filter(edge => edge.source !== edge.target),
  );
}
