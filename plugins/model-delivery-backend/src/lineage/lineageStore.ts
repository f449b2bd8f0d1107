import { createHash } from 'node:crypto';
import { Knex } from 'knex';
import { DatabaseTime } from '../database/values';
import { ColumnFact } from './openLineage';
import { keyOfName, LineageName, VersionedName } from './names';

/** Rows of one statement: below SQLite's limit on compound statements, whatever its build. */
const BATCH = 100;

/** A row of `lineage_names`. */
export interface NameRow {
  id: number;
  key: string;
  class: LineageName['class'];
  kind: LineageName['kind'];
  namespace: string;
  name: string;
  same_as: number | null;
}

/** A row of `lineage_runs`. */
export interface RunRow {
  node_id: number;
  job_namespace: string;
  job_name: string;
  state: string | null;
  state_at: DatabaseTime | null;
  started_at: DatabaseTime | null;
  ended_at: DatabaseTime | null;
  commit: string | null;
  repository: string | null;
  commit_at: DatabaseTime | null;
  /** Node of the run that it is part of. */
  parent_id: number | null;
  /** Such as QUERY. */
  job_type: string | null;
}

/** How things relate where the one was made of the other. */
export type StoredRelation =
  | 'input'
  | 'output'
  | 'data'
  | 'configuration'
  | 'base-model'
  | 'part';

/** By what a version of a name is found in what `saveNodes` returns. */
export function keyOfNode({ name, version }: VersionedName): string {
  return `${keyOfName(name)}@${version}`;
}

/**
 * Finds names, and writes the ones that are new. In one order, so that two events never wait for one another in a circle.
 * What was taken for a data set is a model as soon as one event says so.
 * @returns their ids by key
 */
export async function saveNames(
  tx: Knex.Transaction,
  names: LineageName[],
): Promise<Map<string, number>> {
  const byKey = new Map<string, LineageName>();
  for (const name of names) {
    const key = keyOfName(name);
    const known = byKey.get(key);
    byKey.set(key, known && known.kind !== 'dataset' ? known : name);
  }
  const ids = new Map<string, number>();
  const keys = [...byKey.keys()].sort();
  for (const some of chunks(keys)) {
    await tx('lineage_names')
      .insert(some.map(key => ({ key, ...byKey.get(key)! })))
      .onConflict('key')
      .ignore();
    const rows: NameRow[] = await tx('lineage_names').whereIn('key', some);
    for (const row of rows) {
      ids.set(row.key, row.id);
      const { kind } = byKey.get(row.key)!;
      if (row.kind === 'dataset' && kind !== 'dataset') {
        await tx('lineage_names').where({ id: row.id }).update({ kind });
      }
    }
  }
  return ids;
}

/** Finds versions of names, and writes the ones that are new. @returns their ids by `keyOfNode` */
export async function saveNodes(
  tx: Knex.Transaction,
  nodes: VersionedName[],
): Promise<Map<string, number>> {
  const names = await saveNames(
    tx,
    nodes.map(each => each.name),
  );
  const wanted = new Map(
    nodes.map(each => [
      keyOfNode(each),
      { name_id: names.get(keyOfName(each.name))!, version: each.version },
    ]),
  );
  const ids = new Map<string, number>();
  for (const some of chunks([...wanted.keys()].sort())) {
    const rows = some.map(key => wanted.get(key)!);
    await tx('lineage_nodes')
      .insert(rows)
      .onConflict(['name_id', 'version'])
      .ignore();
    const stored: { id: number; name_id: number; version: string }[] = await tx(
      'lineage_nodes',
    ).whereIn(
      ['name_id', 'version'],
      rows.map(row => [row.name_id, row.version] as never),
    );
    const byRow = new Map(
      stored.map(row => [`${row.name_id}@${row.version}`, row.id]),
    );
    some.forEach((key, i) =>
      ids.set(key, byRow.get(`${rows[i].name_id}@${rows[i].version}`)!),
    );
  }
  return ids;
}

/** Writes that one thing was made of another, once. */
export async function saveEdges(
  tx: Knex.Transaction,
  edges: { source: number; target: number; relation: StoredRelation }[],
): Promise<void> {
  const sorted = [...edges].sort(
    (a, b) => a.source - b.source || a.target - b.target,
  );
  for (const some of chunks(sorted)) {
    await tx('lineage_edges')
      .insert(
        some.map(({ source, target, relation }) => ({
          source_id: source,
          target_id: target,
          relation,
        })),
      )
      .onConflict(['source_id', 'target_id'])
      .ignore();
  }
}

/** Writes that names are of one thing. In whatever order it is told, the name that was known first stands for all. */
export async function saveSame(
  tx: Knex.Transaction,
  nameIds: number[],
): Promise<void> {
  const rows: NameRow[] = await tx('lineage_names')
    .whereIn('id', nameIds)
    .orderBy('id')
    .forUpdate();
  const groups = [...new Set(rows.map(row => row.same_as ?? row.id))].sort(
    (a, b) => a - b,
  );
  const [first, ...others] = groups;
  if (others.length > 0) {
    await tx('lineage_names')
      .where(query => query.whereIn('id', others).orWhereIn('same_as', others))
      .update({ same_as: first });
  }
}

/** Writes which columns were made of which, once. */
export async function saveColumns(
  tx: Knex.Transaction,
  columns: ColumnFact[],
  ids: { names: Map<string, number>; nodes: Map<string, number> },
): Promise<void> {
  const rows = new Map(
    columns.map(each => {
      const row = {
        target_id: ids.nodes.get(keyOfNode(each.target))!,
        target_column: each.targetColumn,
        source_name_id: ids.names.get(keyOfName(each.source))!,
        source_column: each.sourceColumn,
        transformation: each.transformation,
      };
      const key = createHash('sha256')
        .update(
          JSON.stringify([
            row.target_id,
            row.target_column,
            row.source_name_id,
            row.source_column,
          ]),
        )
        .digest('hex');
      return [key, { key, ...row }];
    }),
  );
  for (const some of chunks([...rows.keys()].sort())) {
    await tx('lineage_columns')
      .insert(some.map(key => rows.get(key)!))
      .onConflict('key')
      .merge(['transformation']);
  }
}

/**
 * Takes away that a run read or wrote a thing of no version in particular, where it is known by now which one: the start
 * of a run often does not say yet.
 */
export async function dropVersionless(
  tx: Knex.Transaction,
  runNodeId: number,
): Promise<void> {
  for (const [own, other] of [
    ['target_id', 'source_id'],
    ['source_id', 'target_id'],
  ]) {
    const named = tx('lineage_edges as named')
      .join('lineage_nodes as n', 'n.id', `named.${other}`)
      .where(`named.${own}`, runNodeId)
      .whereNot('n.version', '')
      .select('n.name_id');
    await tx('lineage_edges')
      .where(own, runNodeId)
      .whereIn(
        other,
        tx('lineage_nodes')
          .where('version', '')
          .whereIn('name_id', named)
          .select('id'),
      )
      .delete();
  }
}

function chunks<T>(items: T[]): T[][] {
  const some: T[][] = [];
  for (let i = 0; i < items.length; i += BATCH) {
    some.push(items.slice(i, i + BATCH));
  }
  return some;
}
