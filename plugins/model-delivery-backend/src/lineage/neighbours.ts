import { Knex } from 'knex';
import { toBoolean } from '../database/values';
import { keyOfName, LineageName } from './names';
import { NameRow, RunRow, StoredRelation } from './lineageStore';

/** Which way is looked: to what something was made of, or to what was made of it. */
export type Way = 'upstream' | 'downstream';

/** A node as it is stored, with its name. */
export interface StoredNode {
  id: number;
  version: string;
  nameId: number;
  /** The first of the names of the same thing. */
  group: number;
  /** Whether the thing has other names too. */
  shared: boolean;
  name: LineageName;
}

/** A node beside another one. */
export interface Neighbour extends StoredNode {
  /** Id of the stored node that it is beside. */
  beside: number;
  relation: StoredRelation;
}

interface NodeRow {
  id: number;
  version: string;
  name_id: number;
  group_id: number;
  shared: boolean | number;
  class: LineageName['class'];
  kind: LineageName['kind'];
  namespace: string;
  name: string;
}

const NODE_COLUMNS = `
  t.id, t.version, n.id as name_id, coalesce(n.same_as, n.id) as group_id,
  (n.same_as is not null or exists (select 1 from lineage_names m where m.same_as = n.id)) as shared,
  n.class, n.kind, n.namespace, n.name`;

/**
 * What is beside some nodes: of each the newest ones, at most `fanOut` and one more, by which it shows that there are more.
 * A thing that thousands were made of takes no longer than another one: where its page ends is found in the index first.
 */
export async function findNeighbours(
  knex: Knex,
  nodeIds: number[],
  way: Way,
  fanOut: number,
): Promise<Neighbour[]> {
  if (nodeIds.length === 0) {
    return [];
  }
  const [own, other] =
    way === 'upstream'
      ? ['target_id', 'source_id']
      : ['source_id', 'target_id'];
  const result = await knex.raw(
    `with frontier(id) as (values ${nodeIds
      .map(() => '(cast(? as integer))')
      .join(', ')}),
    bounded as (
      select frontier.id, coalesce((
        select e.${other} from lineage_edges e where e.${own} = frontier.id
        order by e.${other} desc limit 1 offset ?
      ), 0) as first_id
      from frontier
    )
    select bounded.id as beside, e.relation, ${NODE_COLUMNS}
    from bounded
      join lineage_edges e on e.${own} = bounded.id and e.${other} >= bounded.first_id
      join lineage_nodes t on t.id = e.${other}
      join lineage_names n on n.id = t.name_id
    order by t.id desc`,
    [...nodeIds, fanOut],
  );
  return rowsOf<NodeRow & { beside: number; relation: StoredRelation }>(
    result,
  ).map(row => ({
    ...toStoredNode(row),
    beside: row.beside,
    relation: row.relation,
  }));
}

/** Every name of the things of which some are given by their first names. */
export async function findNamesOf(
  knex: Knex,
  groups: number[],
): Promise<NameRow[]> {
  return groups.length === 0
    ? []
    : knex<NameRow>('lineage_names')
        .whereIn('id', groups)
        .orWhereIn('same_as', groups)
        .orderBy('id');
}

/** The things that have one of the names, by the key of the name. */
export async function findGroups(
  knex: Knex,
  names: LineageName[],
): Promise<Map<string, number>> {
  if (names.length === 0) {
    return new Map();
  }
  const rows: NameRow[] = await knex<NameRow>('lineage_names').whereIn(
    'key',
    names.map(keyOfName),
  );
  return new Map(rows.map(row => [row.key, row.same_as ?? row.id]));
}

/** The stored nodes of things, of any version or of some. */
export async function findNodesOf(
  knex: Knex,
  groups: number[],
  versions?: string[],
): Promise<StoredNode[]> {
  if (groups.length === 0) {
    return [];
  }
  const rows: NodeRow[] = await selectNodes(knex)
    .where(query =>
      query.whereIn('n.id', groups).orWhereIn('n.same_as', groups),
    )
    .modify(query => {
      if (versions) {
        query.whereIn('t.version', versions);
      }
    });
  return rows.map(toStoredNode);
}

/** Those of the things of which versions are known. */
export async function findVersioned(
  knex: Knex,
  groups: number[],
): Promise<Set<number>> {
  if (groups.length === 0) {
    return new Set();
  }
  const rows: { group_id: number }[] = await knex('lineage_names as n')
    .where(query =>
      query.whereIn('n.id', groups).orWhereIn('n.same_as', groups),
    )
    .whereExists(
      knex('lineage_nodes as t')
        .whereRaw('t.name_id = n.id')
        .whereNot('t.version', '')
        .select(knex.raw('1')),
    )
    .select(knex.raw('coalesce(n.same_as, n.id) as group_id'));
  return new Set(rows.map(row => row.group_id));
}

/** The newest versions of a thing, at most `limit`. */
export async function findVersionsOf(
  knex: Knex,
  groups: number[],
  limit: number,
): Promise<StoredNode[]> {
  if (groups.length === 0) {
    return [];
  }
  const rows: NodeRow[] = await selectNodes(knex)
    .where(query =>
      query.whereIn('n.id', groups).orWhereIn('n.same_as', groups),
    )
    .whereNot('t.version', '')
    .orderBy('t.id', 'desc')
    .limit(limit);
  return rows.map(toStoredNode);
}

/** What is known of a run, and of the one that it is part of. */
export type FoundRun = RunRow & {
  parent_run: string | null;
  parent_job_namespace: string | null;
  parent_job_name: string | null;
};

/** What is known of runs, by the id of their node. */
export async function findRuns(
  knex: Knex,
  nodeIds: number[],
): Promise<Map<number, FoundRun>> {
  const rows: FoundRun[] =
    nodeIds.length === 0
      ? []
      : await knex('lineage_runs as r')
          .leftJoin('lineage_runs as p', 'p.node_id', 'r.parent_id')
          .leftJoin('lineage_nodes as t', 't.id', 'p.node_id')
          .leftJoin('lineage_names as n', 'n.id', 't.name_id')
          .whereIn('r.node_id', nodeIds)
          .select(
            'r.*',
            'n.name as parent_run',
            'p.job_namespace as parent_job_namespace',
            'p.job_name as parent_job_name',
          );
  return new Map(rows.map(row => [row.node_id, row]));
}

function selectNodes(knex: Knex): Knex.QueryBuilder {
  return knex('lineage_nodes as t')
    .join('lineage_names as n', 'n.id', 't.name_id')
    .select(knex.raw(NODE_COLUMNS));
}

function toStoredNode(row: NodeRow): StoredNode {
  return {
    id: row.id,
    version: row.version,
    nameId: row.name_id,
    group: row.group_id,
    shared: toBoolean(row.shared),
    name: {
      class: row.class,
      kind: row.kind,
      namespace: row.namespace,
      name: row.name,
    },
  };
}

/** PostgreSQL answers with a result that has rows, SQLite with the rows. */
function rowsOf<T>(result: { rows: T[] } | T[]): T[] {
  return Array.isArray(result) ? result : result.rows;
}
