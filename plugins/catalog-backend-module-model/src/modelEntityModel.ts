import { createCatalogModelLayer } from '@backstage/catalog-model/alpha';
import { JsonObject } from '@backstage/types';
import {
  ANNOTATION_REGISTRY,
  LABEL_SAMPLE,
  MODEL_API_VERSION,
  MODEL_KIND,
  modelEntityV1alpha1Schema,
  modelRelationFields,
} from '@slipway/backstage-plugin-model-delivery-common';

const [group, version] = MODEL_API_VERSION.split('/');

/** Titles of relations: `trainedOn` reads "trained on". */
const titleOf = (type: string) =>
  type.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`);

/** The schema without what the catalog's model adds by itself: apiVersion, kind and metadata. */
function specSchema(): JsonObject {
  const { properties, definitions } = modelEntityV1alpha1Schema as {
    properties: JsonObject;
    definitions: JsonObject;
  };
  return {
    type: 'object',
    required: ['spec'],
    properties: { spec: properties.spec },
    definitions,
  };
}

/**
 * The Model kind as a layer of the catalog's model, for installations that use that API. It knows the fields and relations
 * that the processor knows; where both are installed, the processor's messages are the ones that people see.
 * @alpha
 */
export const modelEntityModel = createCatalogModelLayer({
  layerId: 'slipway.dev/kind-model',
  builder: model => {
    model.addKind({
      group,
      names: { kind: MODEL_KIND, singular: 'model', plural: 'models' },
      description:
        'A machine-learning model: what it is, whose it is and what it depends on.',
      versions: [
        {
          name: version,
          relationFields: modelRelationFields.map(field => ({
            selector: { path: `spec.${field.field}` },
            relation: field.forward,
            defaultKind: field.defaultKind,
            defaultNamespace: 'inherit',
            allowedKinds: field.allowedKinds && [...field.allowedKinds],
          })),
          schema: { jsonSchema: specSchema() },
        },
      ],
    });
    const pairs = new Map<string, Set<string>>();
    for (const { forward, reverse, allowedKinds } of modelRelationFields) {
      const key = `${forward} ${reverse}`;
      const kinds = pairs.get(key) ?? new Set();
      // What a model depends on may be of any kind; these are the ones it usually is
      (allowedKinds ?? ['Component', 'Resource', 'API', 'Model']).forEach(
        kind => kinds.add(kind),
      );
      pairs.set(key, kinds);
    }
    for (const [key, kinds] of pairs) {
      const [forward, reverse] = key.split(' ');
      model.addRelationPair({
        fromKind: MODEL_KIND,
        toKind: [...kinds],
        description: `Between a model and the other end of '${titleOf(
          forward,
        )}'.`,
        forward: { type: forward, title: titleOf(forward) },
        reverse: { type: reverse, title: titleOf(reverse) },
      });
    }
    model.addAnnotation({
      name: ANNOTATION_REGISTRY,
      title: 'Model registry',
      description:
        "Where a model's versions are registered, such as mlflow://main/credit-default.",
    });
    model.addLabel({
      name: LABEL_SAMPLE,
      title: 'Sample',
      description: 'Marks data that was made up to show how Slipway works.',
    });
  },
});
