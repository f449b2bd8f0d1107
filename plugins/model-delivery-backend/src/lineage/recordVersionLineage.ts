import { Knex } from 'knex';
import { VersionRecord } from '../versions/VersionRecord';
import { keyOfNode, saveEdges, saveNodes } from './lineageStore';
import { nameOfEntity, sourcesOfVersion } from './names';

/** Writes what a new version says that it was made of, within the transaction that registers it. */
export async function recordVersionLineage(
  tx: Knex.Transaction,
  version: Pick<VersionRecord, 'modelRef' | 'name' | 'parts'>,
): Promise<void> {
  const target = {
    name: nameOfEntity('model', version.modelRef),
    version: version.name,
  };
  const sources = sourcesOfVersion(version.modelRef, version.parts);
  const ids = await saveNodes(tx, [target, ...sources]);
  await saveEdges(
    tx,
    sources
      .map(source => ({
        source: ids.get(keyOfNode(source))!,
        target: ids.get(keyOfNode(target))!,
        relation: source.relation,
      }))
      .filter(edge => edge.source !== edge.target),
  );
}
