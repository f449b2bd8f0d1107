import Ajv, { ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import canary from './crds/Canary.json';
import inferenceService from './crds/InferenceService.json';
import rollout from './crds/Rollout.json';

// Flagger's schema has formats that nobody defines; they are left unchecked, as Kubernetes does
const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
addFormats(ajv);

const validators = new Map<string, ValidateFunction>(
  [canary, inferenceService, rollout].map(({ plural, openAPIV3Schema }) => [
    plural,
    ajv.compile(close(openAPIV3Schema) as object),
  ]),
);

/**
 * What is wrong with an object by the schema of its definition, undefined when nothing is or there is none. An unknown
 * field is wrong, as with `fieldValidation=Strict`.
 */
export function checkBySchema(
  plural: string,
  object: unknown,
): string | undefined {
  const validate = validators.get(plural);
  return !validate || validate(object)
    ? undefined
    : `${plural} is invalid: ${ajv.errorsText(validate.errors)}`;
}

/** The schema as JSON Schema, with its objects closed where Kubernetes would drop what it does not know. */
function close(schema: any, isRoot = true): any {
  if (Array.isArray(schema)) {
    return schema.map(each => close(each, false));
  }
  if (typeof schema !== 'object' || schema === null) {
    return schema;
  }
  const {
    'x-kubernetes-int-or-string': intOrString,
    'x-kubernetes-preserve-unknown-fields': preserves,
    properties,
    ...rest
  } = schema;
  const closed: any = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key,
      typeof value === 'object' ? close(value, false) : value,
    ]),
  );
  if (intOrString) {
    delete closed.anyOf;
    closed.type = ['integer', 'string'];
  }
  if (properties) {
    closed.properties = Object.fromEntries(
      Object.entries(properties).map(([key, value]) => [
        key,
        isRoot && key === 'metadata' ? {} : close(value, false),
      ]),
    );
    if (!preserves && rest.additionalProperties === undefined) {
      closed.additionalProperties = false;
    }
  }
  return closed;
}
