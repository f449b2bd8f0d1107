import { Entity, parseEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import Ajv, { ErrorObject, ValidateFunction } from 'ajv';
import schema from './Model.v1alpha1.schema.json';
import {
  MODEL_API_VERSION,
  MODEL_KIND,
  ModelEntityV1alpha1,
} from './ModelEntityV1alpha1';
import { ModelRelationField, modelRelationFields } from './modelRelations';
import { registryReferenceOf } from './registryReference';

/**
 * What is wrong with one field.
 * @public
 */
export interface ModelFieldError {
  /** Where, such as `spec.trainedOn[2]`. */
  path: string;
  /** What is wrong, and what would be right. */
  message: string;
}

/** The JSON schema of the Model kind, draft 7. @public */
export const modelEntityV1alpha1Schema: Record<string, unknown> = schema;

/**
 * Every mistake in a Model entity, in the order of its fields; empty when it is right.
 *
 * Metadata beyond what is Slipway's own is left to the catalog, which checks it for every kind.
 * @public
 */
export function findModelEntityErrors(entity: Entity): ModelFieldError[] {
  // What the catalog itself adds to an entity is not the author's
  const { relations, status, ...authored } = entity as Entity & {
    status?: unknown;
  };
  const validate = compiled();
  if (!validate(authored)) {
    return describe(validate.errors ?? []);
  }
  const model = authored as ModelEntityV1alpha1;
  return [
    ...registryErrors(model),
    ...modelRelationFields.flatMap(field => referenceErrors(model, field)),
  ];
}

/**
 * Checks an entity as a Model.
 * @returns `false` when it is of another kind, or of somebody else's kind of the same name.
 * @throws InputError that lists every mistake with its path.
 * @public
 */
export function validateModelEntity(
  entity: Entity,
): entity is ModelEntityV1alpha1 {
  const group = MODEL_API_VERSION.split('/')[0];
  if (
    entity.kind.toLocaleLowerCase('en-US') !==
      MODEL_KIND.toLocaleLowerCase('en-US') ||
    entity.apiVersion.split('/')[0] !== group
  ) {
    return false;
  }
  const errors = findModelEntityErrors(entity);
  if (errors.length > 0) {
    throw new InputError(
      `Model '${entity.metadata.name}' is not valid: ${errors
        .map(({ path, message }) => `${path} ${message}`)
        .join('; ')}`,
    );
  }
  return true;
}

let validateFunction: ValidateFunction | undefined;

/** Compiled at first use: whoever only imports types of this package should not pay for it. */
function compiled(): ValidateFunction {
  validateFunction ??= new Ajv({
    allErrors: true,
    allowUnionTypes: true,
    verbose: true,
  }).compile(schema);
  return validateFunction;
}

function describe(errors: ErrorObject[]): ModelFieldError[] {
  return errors.map(error => {
    const path = pathOf(error.instancePath);
    const below = (field: string) =>
      path === '(root)' ? field : appended(path, field);
    switch (error.keyword) {
      case 'additionalProperties': {
        const known = Object.keys(error.parentSchema?.properties ?? {});
        return {
          path: below(error.params.additionalProperty),
          message: `is not a known field; known are ${known.join(', ')}`,
        };
      }
      case 'required':
        return {
          path: below(error.params.missingProperty),
          message: 'is missing',
        };
      case 'enum':
        return {
          path,
          message: `must be one of ${error.params.allowedValues.join(
            ', ',
          )}, not ${shown(error.data)}`,
        };
      case 'const':
        return {
          path,
          message: `must be ${error.params.allowedValue}, not ${shown(
            error.data,
          )}`,
        };
      case 'pattern':
        return {
          path,
          message: `${shown(error.data)} does not have the right form${example(
            error,
          )}`,
        };
      default:
        return { path, message: error.message ?? 'is not valid' };
    }
  });
}

function registryErrors(model: ModelEntityV1alpha1): ModelFieldError[] {
  try {
    registryReferenceOf(model);
    return [];
  } catch (error) {
    return [
      {
        path: 'metadata.annotations["slipway.dev/registry"]',
        message: (error as Error).message.replace(/^metadata\S+: /, ''),
      },
    ];
  }
}

function referenceErrors(
  model: ModelEntityV1alpha1,
  { field, defaultKind, allowedKinds }: ModelRelationField,
): ModelFieldError[] {
  const value = model.spec[field];
  if (value === undefined) {
    return [];
  }
  return [value].flat().flatMap((reference, index) => {
    const path = Array.isArray(value)
      ? `spec.${field}[${index}]`
      : `spec.${field}`;
    if (!defaultKind && !reference.includes(':')) {
      return [
        {
          path,
          message: `'${reference}' must name its kind, such as component:default/${reference}`,
        },
      ];
    }
    const { kind } = parseEntityRef(reference, { defaultKind });
    const allowed =
      !allowedKinds ||
      allowedKinds.some(
        name =>
          name.toLocaleLowerCase('en-US') === kind.toLocaleLowerCase('en-US'),
      );
    return allowed
      ? []
      : [
          {
            path,
            message: `must refer to a ${allowedKinds.join(
              ' or ',
            )}, not to a ${kind}`,
          },
        ];
  });
}

/** `/spec/trainedOn/2` as `spec.trainedOn[2]`; names that are not plain are quoted. */
function pathOf(pointer: string): string {
  if (pointer === '') {
    return '(root)';
  }
  return pointer
    .slice(1)
    .split('/')
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(appended, '');
}

function appended(path: string, part: string): string {
  if (/^\d+$/.test(part)) {
    return `${path}[${part}]`;
  }
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(part)) {
    return `${path}["${part}"]`;
  }
  return path === '' ? part : `${path}.${part}`;
}

function shown(value: unknown): string {
  const text =
    typeof value === 'string' ? `'${value}'` : JSON.stringify(value) ?? 'it';
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function example(error: ErrorObject): string {
  const examples: unknown = error.parentSchema?.examples;
  return Array.isArray(examples) && examples.length > 0
    ? `; right would be ${shown(examples[0])}`
    : '';
}
