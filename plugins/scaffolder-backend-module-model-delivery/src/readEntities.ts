import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  DEFAULT_NAMESPACE,
  Entity,
  entityEnvelopeSchemaValidator,
} from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import { parseAllDocuments } from 'yaml';

/** The file of a repository that describes its entities. */
export const CATALOG_FILE = 'catalog-info.yaml';

/** Annotation with the path to clone a local repository from. */
export const ANNOTATION_REPOSITORY = 'slipway.dev/repository';

/** Kinds that a repository may bring. Users, groups and templates would let whoever may push grant permissions. */
const KINDS = ['Model', 'Component', 'Resource', 'API'];

const validateEnvelope = entityEnvelopeSchemaValidator();

/**
 * Reads the entities of a catalog file.
 * @throws InputError that says which document is wrong, and why.
 */
export function parseEntities(text: string): Entity[] {
  const entities = parseAllDocuments(text)
    .map((document, index) => {
      if (document.errors.length > 0) {
        throw new InputError(
          `${CATALOG_FILE}, document ${index + 1}: ${
            document.errors[0].message
          }`,
        );
      }
      return { value: document.toJS({ maxAliasCount: 50 }), index };
    })
    .filter(({ value }) => value !== null && value !== undefined)
    .map(({ value, index }) => {
      try {
        return validateEnvelope(value) as Entity;
      } catch (error) {
        throw new InputError(
          `${CATALOG_FILE}, document ${index + 1}: ${(error as Error).message}`,
        );
      }
    });
  if (entities.length === 0) {
    throw new InputError(`${CATALOG_FILE} describes no entity`);
  }
  return entities;
}

/**
 * Why a repository may not bring an entity; `undefined` when it may.
 *
 * A repository may bring what is named like itself, or begins with its name, so that a push to one cannot take over the
 * entities of another.
 * @param repositories - Names of all repositories
 */
export function refusalOf(
  entity: Entity,
  repository: string,
  repositories: readonly string[],
): string | undefined {
  const { name, namespace = DEFAULT_NAMESPACE } = entity.metadata;
  const subject = `${entity.kind} ${namespace}/${name}`;
  if (!KINDS.includes(entity.kind)) {
    return `${subject} is left out: a repository may bring ${KINDS.join(', ')}`;
  }
  if (namespace !== DEFAULT_NAMESPACE) {
    return `${subject} is left out: only the namespace '${DEFAULT_NAMESPACE}' is allowed`;
  }
  const belongs = (to: string) => name === to || name.startsWith(`${to}-`);
  if (entity.kind === 'Model' ? name !== repository : !belongs(repository)) {
    return `${subject} is left out: a model is named like its repository '${repository}', anything else begins with that name`;
  }
  const nearer = repositories.find(
    other => other.length > repository.length && belongs(other),
  );
  return nearer
    ? `${subject} is left out: it belongs to the repository '${nearer}'`
    : undefined;
}

/** An entity as the catalog takes it from a local repository. */
export function located(entity: Entity, repositoryPath: string): Entity {
  const location = `local-repository:${repositoryPath}/${CATALOG_FILE}`;
  return {
    ...entity,
    metadata: {
      ...entity.metadata,
      annotations: {
        ...entity.metadata.annotations,
        [ANNOTATION_LOCATION]: location,
        [ANNOTATION_ORIGIN_LOCATION]: location,
        [ANNOTATION_REPOSITORY]: repositoryPath,
      },
    },
  };
}
