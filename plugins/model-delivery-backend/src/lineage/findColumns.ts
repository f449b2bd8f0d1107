import { ColumnLineage } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { LineageName } from './names';
import { LineageWalk, WalkNode } from './LineageWalk';
import { StoredNode } from './neighbours';

/** Pairs of columns shown at most. */
const MOST = 2_000;

/** Which columns a node was made of. What the caller may not see is there without its name and columns. */
export async function findColumns(
  knex: Knex,
  walk: LineageWalk,
  focus: WalkNode,
): Promise<ColumnLineage> {
  const rows: {
    target_column: string;
    source_column: string;
    transformation: string | null;
    source_name_id: number;
    same_as: number | null;
    class: LineageName['class'];
    kind: LineageName['kind'];
    namespace: string;
    name: string;
  }[] = await knex('lineage_columns as c')
    .join('lineage_names as n', 'n.id', 'c.source_name_id')
    .whereIn(
      'c.target_id',
      [...focus.stored].filter(id => id > 0),
    )
    .orderBy(['c.target_column', 'n.name', 'c.source_column'])
    .limit(MOST + 1)
    .select(
      'c.target_column',
      'c.source_column',
      'c.transformation',
      'c.source_name_id',
      'n.same_as',
      'n.class',
      'n.kind',
      'n.namespace',
      'n.name',
    );
  const shown = rows.slice(0, MOST);
  const sources = new Map<number, StoredNode>(
    shown.map(row => [
      row.source_name_id,
      {
        id: -row.source_name_id,
        version: '',
        nameId: row.source_name_id,
        group: row.same_as ?? row.source_name_id,
        shared: true,
        name: row,
      },
    ]),
  );
  const nodes = await walk.see([...sources.values()]);
  return {
    node: focus.id,
    columns: shown.map(row => {
      const node = nodes.get(-row.source_name_id);
      const seen = node && !node.hidden ? node : undefined;
      return {
        column: row.target_column,
        from: {
          node: node?.id ?? 'hidden:0',
          title: seen ? seen.entity?.title ?? row.name : null,
          column: seen ? row.source_column : null,
        },
        transformation: row.transformation,
      };
    }),
    truncated: rows.length > MOST,
  };
}
