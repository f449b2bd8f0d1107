import {
  Entity,
  getCompoundEntityRef,
  parseEntityRef,
} from '@backstage/catalog-model';
import { LocationSpec } from '@backstage/plugin-catalog-common';
import {
  CatalogProcessor,
  CatalogProcessorEmit,
  processingResult,
} from '@backstage/plugin-catalog-node';
import {
  isModelEntity,
  modelRelationFields,
  validateModelEntity,
} from '@slipway/backstage-plugin-model-delivery-common';

/**
 * Teaches the catalog the Model kind: refuses what is malformed, with the path of each mistake, and relates a model
 * to what it names, in both directions.
 * @public
 */
export class ModelProcessor implements CatalogProcessor {
  getProcessorName(): string {
    return 'SlipwayModelProcessor';
  }

  /** Puts references into one order, so that another order in the file is no change. */
  async preProcessEntity(entity: Entity): Promise<Entity> {
    if (!isModelEntity(entity) || !isObject(entity.spec)) {
      return entity;
    }
    const spec: Record<string, unknown> = { ...entity.spec };
    for (const { field } of modelRelationFields) {
      const value = spec[field];
      if (
        Array.isArray(value) &&
        value.every(item => typeof item === 'string')
      ) {
        spec[field] = [...value].sort();
      }
    }
    return { ...entity, spec: spec as typeof entity.spec };
  }

  async validateEntityKind(entity: Entity): Promise<boolean> {
    return validateModelEntity(entity);
  }

  async postProcessEntity(
    entity: Entity,
    _location: LocationSpec,
    emit: CatalogProcessorEmit,
  ): Promise<Entity> {
    if (!isModelEntity(entity)) {
      return entity;
    }
    const self = getCompoundEntityRef(entity);
    for (const field of modelRelationFields) {
      for (const reference of [entity.spec[field.field] ?? []].flat()) {
        const target = parseEntityRef(reference, {
          defaultKind: field.defaultKind,
          defaultNamespace: self.namespace,
        });
        emit(
          processingResult.relation({
            source: self,
            type: field.forward,
            target,
          }),
        );
        emit(
          processingResult.relation({
            source: target,
            type: field.reverse,
            target: self,
          }),
        );
      }
    }
    return entity;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
