import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { LocationSpec } from '@backstage/plugin-catalog-common';
import {
  CatalogProcessor,
  CatalogProcessorEmit,
} from '@backstage/plugin-catalog-node';
import {
  ANNOTATION_ALSO_FOUND_IN,
  ANNOTATION_PROVIDED_BY,
  ANNOTATION_REGISTRY,
  isModelEntity,
  SOURCE_LOCATION_TYPE,
} from '@slipway/backstage-plugin-model-delivery-common';
import { plainText } from '../entities/plainText';
import { FoundModelsStore } from '../store/FoundModelsStore';
import { describeConflict } from './describeConflict';

/**
 * Says on a Model entity that somebody wrote where else its model was found, and keeps such an entity from passing itself
 * off as a provided one.
 */
export class ModelSourceProcessor implements CatalogProcessor {
  readonly #store: FoundModelsStore;

  constructor(store: FoundModelsStore) {
    this.#store = store;
  }

  getProcessorName(): string {
    return 'SlipwayModelSourceProcessor';
  }

  async preProcessEntity(
    entity: Entity,
    _location: LocationSpec,
    _emit: CatalogProcessorEmit,
    originLocation: LocationSpec,
  ): Promise<Entity> {
    const isProvided = originLocation.type === SOURCE_LOCATION_TYPE;
    if (!isModelEntity(entity)) {
      return entity;
    }
    const found = await this.#store.findWrittenAs(stringifyEntityRef(entity));
    const {
      [ANNOTATION_PROVIDED_BY]: provider,
      [ANNOTATION_ALSO_FOUND_IN]: _claimed,
      ...annotations
    } = entity.metadata.annotations ?? {};
    const text = plainText(
      found
        .flatMap(
          each =>
            describeConflict(entity, each, annotations[ANNOTATION_REGISTRY]) ??
            [],
        )
        .join('\n'),
      2_000,
    );
    return {
      ...entity,
      metadata: {
        ...entity.metadata,
        annotations: {
          ...annotations,
          ...(isProvided && provider && { [ANNOTATION_PROVIDED_BY]: provider }),
          ...(text && { [ANNOTATION_ALSO_FOUND_IN]: text }),
        },
      },
    };
  }
}
