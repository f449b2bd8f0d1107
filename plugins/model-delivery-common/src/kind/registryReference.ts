import { Entity } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';

/**
 * Annotation that says where a model's versions are registered, such as `mlflow://main/credit-default`.
 * @public
 */
export const ANNOTATION_REGISTRY = 'slipway.dev/registry';

/**
 * Where a model's versions are registered.
 * @public
 */
export interface RegistryReference {
  /** Kind of registry, such as `mlflow`. */
  type: string;
  /** Name of the connection in the configuration, such as `main`. */
  connection: string;
  /** Name of the registered model there. It may hold slashes, dots and spaces. */
  model: string;
}

const FORMAT =
  /^([a-z][a-z0-9-]*):\/\/([A-Za-z0-9][A-Za-z0-9_-]*)\/([^/\s].*)$/;

/**
 * Parses `<registry type>://<connection>/<registered model>`.
 *
 * Percent-encoding in the model's name is decoded, so that every name which a registry allows can be written.
 * @throws InputError when the text has another form.
 * @public
 */
export function parseRegistryReference(text: string): RegistryReference {
  const match = FORMAT.exec(text.trim());
  const model = match && decode(match[3]);
  if (!match || !model) {
    throw new InputError(
      `'${text}' does not name a registered model; write it as <registry type>://<connection>/<registered model>, such as mlflow://main/credit-default`,
    );
  }
  return { type: match[1], connection: match[2], model };
}

/**
 * Where the model of an entity is registered, by its annotation; `undefined` without one.
 * @throws InputError when the annotation is malformed.
 * @public
 */
export function registryReferenceOf(
  entity: Entity,
): RegistryReference | undefined {
  const text = entity.metadata.annotations?.[ANNOTATION_REGISTRY];
  if (text === undefined) {
    return undefined;
  }
  try {
    return parseRegistryReference(text);
  } catch (error) {
    throw new InputError(
      `metadata.annotations["${ANNOTATION_REGISTRY}"]: ${
        (error as Error).message
      }`,
    );
  }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
