import {
  Entity,
  parseEntityRef,
  RELATION_HAS_PART,
  RELATION_OWNER_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import {
  ApiOperations,
  RELATION_BASE_OF,
  RELATION_BUILDS,
  RELATION_FEATURES_USED_BY,
  RELATION_SERVES,
  RELATION_TRAINS,
} from '@slipway/backstage-plugin-model-delivery-common';

type ListQuery = NonNullable<
  ApiOperations['listModels']['parameters']['query']
>;

/** Models that an entity has to do with. */
export interface RelatedModels {
  /** What they are to the entity, as a heading. */
  title: string;
  /** What the list of models is asked for to have them. */
  query: Pick<ListQuery, 'ref' | 'owner' | 'system'>;
  /** Whether the page of all models can be narrowed to them. */
  isFacet: boolean;
}

/** As many models as may be asked for by name at once. */
const MOST_REFS = 100;

const BY_RELATION = [
  { relation: RELATION_SERVES, title: 'Serves these models' },
  { relation: RELATION_BUILDS, title: 'Builds these models' },
  { relation: RELATION_TRAINS, title: 'Models trained on it' },
  { relation: RELATION_FEATURES_USED_BY, title: 'Models that use it' },
  { relation: RELATION_BASE_OF, title: 'Models derived from it' },
];

/** The models that an entity serves, builds, trains, owns or holds, by its relations; nothing for one without any. */
export function relatedModels(entity: Entity): RelatedModels[] {
  const models = (relation: string) =>
    (entity.relations ?? [])
      .filter(
        ({ type, targetRef }) =>
          type === relation && parseEntityRef(targetRef).kind === 'model',
      )
      .map(({ targetRef }) => targetRef);
  const ref = stringifyEntityRef(entity);
  const owned = models(RELATION_OWNER_OF).length > 0;
  const held = models(RELATION_HAS_PART).length > 0;
  return [
    // There may be thousands of these, so that they are asked for by what they have in common
    ...(owned
      ? [{ title: 'Its models', query: { owner: [ref] }, isFacet: true }]
      : []),
    ...(held && entity.kind === 'System'
      ? [{ title: 'Its models', query: { system: [ref] }, isFacet: true }]
      : []),
    ...BY_RELATION.flatMap(({ relation, title }) => {
      const refs = models(relation).slice(0, MOST_REFS);
      return refs.length > 0
        ? [{ title, query: { ref: refs }, isFacet: false }]
        : [];
    }),
  ];
}

/** Whether {@link relatedModels} has any. */
export function hasRelatedModels(entity: Entity): boolean {
  return relatedModels(entity).length > 0;
}
