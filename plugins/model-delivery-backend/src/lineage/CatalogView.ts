import { Entity, parseEntityRef } from '@backstage/catalog-model';
import { NotAllowedError } from '@backstage/errors';
import {
  modelReadPermission,
  RELATION_BASE_OF,
  RELATION_BUILDS,
  RELATION_BUILT_BY,
  RELATION_DERIVED_FROM,
  RELATION_FEATURES_USED_BY,
  RELATION_SERVED_BY,
  RELATION_SERVES,
  RELATION_TRAINED_ON,
  RELATION_TRAINS,
  RELATION_USES_FEATURES,
  Risk,
  TeamSize,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { PolicyCell } from '../policies/types';
import type { Way } from './neighbours';

/** Entities asked for at a time. */
const PAGE = 500;

const FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'spec.type',
  'relations',
];

/** Which relations of an entity lead where. What depends on what counts among models and data alone. */
const RELATIONS: Record<Way, string[]> = {
  upstream: [
    RELATION_TRAINED_ON,
    RELATION_USES_FEATURES,
    RELATION_DERIVED_FROM,
    RELATION_BUILT_BY,
    RELATION_SERVES,
    'dependsOn',
  ],
  downstream: [
    RELATION_TRAINS,
    RELATION_FEATURES_USED_BY,
    RELATION_BASE_OF,
    RELATION_BUILDS,
    RELATION_SERVED_BY,
    'dependencyOf',
  ],
};
const DATA_KINDS = ['model', 'resource'];

/** An entity as far as lineage shows it. */
export interface SeenEntity {
  ref: string;
  /** In lower case. */
  kind: string;
  /** Such as `dataset` of a resource. */
  type: string | null;
  title: string;
  relations: { type: string; targetRef: string }[];
}

/** A model as the engine knows it. */
export interface SeenModel extends PolicyCell {
  ref: string;
  title: string;
  owner: string;
  registry: { namespace: string; name: string } | null;
}

/**
 * The catalog as one caller sees it, for one request: what they may not see is known to be there, and nothing more.
 */
export class CatalogView {
  readonly #context: EngineContext;
  readonly #principal: Principal;
  readonly #entities = new Map<string, SeenEntity | 'hidden' | undefined>();
  readonly #models = new Map<string, SeenModel>();

  constructor(context: EngineContext, principal: Principal) {
    this.#context = context;
    this.#principal = principal;
  }

  /** The entity; `hidden` when the caller may not see it, undefined when there is none. Only after it was loaded. */
  entity(ref: string): SeenEntity | 'hidden' | undefined {
    return this.#entities.get(ref);
  }

  /** The model, as the engine knows it, if the caller may see it. Only after it was loaded. */
  model(ref: string): SeenModel | undefined {
    return this.#models.get(ref);
  }

  /** Asks for entities that were not asked for yet, all at once. */
  async load(refs: string[]): Promise<void> {
    const fresh = [...new Set(refs)].filter(ref => !this.#entities.has(ref));
    for (let i = 0; i < fresh.length; i += PAGE) {
      await this.#loadSome(fresh.slice(i, i + PAGE));
    }
  }

  async #loadSome(refs: string[]): Promise<void> {
    const { catalog, auth } = this.#context;
    const [{ items }, models] = await Promise.all([
      catalog.getEntitiesByRefs(
        { entityRefs: refs, fields: FIELDS },
        { credentials: this.#principal.credentials },
      ),
      this.#loadModels(refs.filter(ref => ref.startsWith('model:'))),
    ]);
    refs.forEach((ref, i) => {
      const entity = items[i];
      const isSeen = !ref.startsWith('model:') || models.has(ref);
      this.#entities.set(
        ref,
        entity && (isSeen ? toSeenEntity(ref, entity) : 'hidden'),
      );
    });
    const missing = refs.filter(ref => this.#entities.get(ref) === undefined);
    if (missing.length > 0) {
      const all = await catalog.getEntitiesByRefs(
        { entityRefs: missing, fields: ['kind', 'metadata.name'] },
        { credentials: await auth.getOwnServiceCredentials() },
      );
      missing.forEach((ref, i) => {
        if (all.items[i]) {
          this.#entities.set(ref, 'hidden');
        }
      });
    }
  }

  async #loadModels(refs: string[]): Promise<Map<string, SeenModel>> {
    if (refs.length === 0) {
      return this.#models;
    }
    const { authorizer, work } = this.#context;
    try {
      const visible = await authorizer.modelFilter(
        this.#principal,
        modelReadPermission,
      );
      const rows: {
        ref: string;
        title: string;
        owner: string;
        risk: Risk;
        team_size: TeamSize;
        registry_type: string | null;
        registry_id: string | null;
        registry_model: string | null;
      }[] = await work
        .knex('models')
        .whereIn('models.ref', refs)
        .modify(visible)
        .select(
          'ref',
          'title',
          'owner',
          'risk',
          'team_size',
          'registry_type',
          'registry_id',
          'registry_model',
        );
      for (const row of rows) {
        this.#models.set(row.ref, {
          ref: row.ref,
          title: row.title,
          owner: row.owner,
          risk: row.risk,
          teamSize: row.team_size,
          registry:
            row.registry_type && row.registry_id && row.registry_model
              ? {
                  namespace: `${row.registry_type}://${row.registry_id}`,
                  name: row.registry_model,
                }
              : null,
        });
      }
    } catch (error) {
      if (!(error instanceof NotAllowedError)) {
        throw error;
      }
    }
    return this.#models;
  }
}

/** What an entity was made of by what the catalog says, or what was made of it. */
export function relatedTo(
  entity: SeenEntity,
  way: Way,
): { type: string; ref: string }[] {
  return entity.relations
    .filter(({ type, targetRef }) => {
      const depends = type === 'dependsOn' || type === 'dependencyOf';
      const target = parseEntityRef(targetRef).kind.toLowerCase();
      return (
        RELATIONS[way].includes(type) &&
        (!depends ||
          (DATA_KINDS.includes(entity.kind) && DATA_KINDS.includes(target)))
      );
    })
    .map(({ type, targetRef }) => ({
      type,
      ref: targetRef.toLocaleLowerCase('en-US'),
    }));
}

function toSeenEntity(ref: string, entity: Entity): SeenEntity {
  const type: unknown = entity.spec?.type;
  return {
    ref,
    kind: entity.kind.toLocaleLowerCase('en-US'),
    type: typeof type === 'string' ? type : null,
    title: entity.metadata.title ?? entity.metadata.name,
    relations: (entity.relations ?? []).map(
      ({ type: relation, targetRef }) => ({
        type: relation,
        targetRef,
      }),
    ),
  };
}
