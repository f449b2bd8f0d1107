import { parseEntityRef } from '@backstage/catalog-model';
import { Knex } from 'knex';
import { CatalogView, relatedTo, SeenEntity } from './CatalogView';
import { CATALOG_NAMESPACE, isEntityRef, LineageName } from './names';
import { findNamesOf, StoredNode } from './neighbours';

/** Every name of the things, by the first of them. */
export async function findKnownNames(
  knex: Knex,
  nodes: StoredNode[],
): Promise<Map<number, LineageName[]>> {
  const names = new Map<number, LineageName[]>(
    nodes.map(each => [each.group, [each.name]]),
  );
  const shared = nodes.filter(each => each.shared).map(each => each.group);
  const rows = await findNamesOf(knex, [...new Set(shared)]);
  new Set(shared).forEach(group => names.set(group, []));
  rows.forEach(row => names.get(row.same_as ?? row.id)?.push(row));
  return names;
}

/** The entities that things are: named so, or a model by where its versions are registered. */
export async function findEntities(
  knex: Knex,
  names: Map<number, LineageName[]>,
): Promise<Map<number, string>> {
  const refs = new Map<number, string>();
  const models = new Map<string, number>();
  for (const [group, all] of names) {
    const own = all.find(
      each =>
        each.class === 'thing' &&
        each.namespace === CATALOG_NAMESPACE &&
        isEntityRef(each.name),
    );
    if (own) {
      refs.set(group, own.name);
    } else {
      all
        .filter(each => each.class === 'thing' && each.kind === 'model')
        .forEach(each => models.set(`${each.namespace}\n${each.name}`, group));
    }
  }
  if (models.size > 0) {
    const rows: {
      ref: string;
      registry_type: string;
      registry_id: string;
      registry_model: string;
    }[] = await knex('models')
      .whereIn(
        'registry_model',
        [...models.keys()].map(key => key.split('\n')[1]),
      )
      .whereNull('removed_at')
      .orderBy('ref')
      .select('ref', 'registry_type', 'registry_id', 'registry_model');
    for (const row of rows) {
      const group = models.get(
        `${row.registry_type}://${row.registry_id}\n${row.registry_model}`,
      );
      if (group !== undefined && !refs.has(group)) {
        refs.set(group, row.ref);
      }
    }
  }
  return refs;
}

/** What only a model calls so is what the catalog says that it was made of, where that is called alike. */
export function linkPrivate(
  catalog: CatalogView,
  names: Map<number, LineageName[]>,
  refs: Map<number, string>,
): void {
  for (const [group, all] of names) {
    for (const { namespace, name } of refs.has(group) ? [] : all) {
      const model = catalog.entity(namespace);
      if (model && model !== 'hidden') {
        const related = relatedTo(model, 'upstream').find(
          ({ ref }) => parseEntityRef(ref).name === name.toLowerCase(),
        );
        if (related) {
          refs.set(group, related.ref);
        }
      }
    }
  }
}

/** Under which names events and versions may have told of an entity. */
export function namesOfEntity(
  catalog: CatalogView,
  ref: string,
  entity: SeenEntity,
): LineageName[] {
  const thing = (namespace: string, name: string): LineageName => ({
    class: 'thing',
    kind: 'dataset',
    namespace,
    name,
  });
  const registry = catalog.model(ref)?.registry;
  return [
    thing(CATALOG_NAMESPACE, ref),
    ...(registry ? [thing(registry.namespace, registry.name)] : []),
    ...(entity.kind === 'resource'
      ? relatedTo(entity, 'downstream')
          .filter(each => each.ref.startsWith('model:'))
          .map(each => thing(each.ref, parseEntityRef(ref).name))
      : []),
  ];
}
