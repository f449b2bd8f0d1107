import { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import {
  ANNOTATION_PROVIDED_BY,
  ANNOTATION_REGISTRY,
  parseRegistryReference,
} from '@slipway/backstage-plugin-model-delivery-common';

const PAGE = 500;

/** The Model entities that nobody provided: they come of files that somebody wrote. */
export interface WrittenModels {
  /** What each says of its registry, by entity ref; `undefined` when it names none. */
  byRef: Map<string, string | undefined>;
  /** What each states of who owns it and how risky it is, by entity ref. */
  specs: Map<string, Entity['spec']>;
  /** Entity refs by registered model. */
  byRegistry: Map<string, string>;
}

/** One spelling of a registered model's name for each that there is; undefined when the text names none. */
export function registryKey(text: string | undefined): string | undefined {
  try {
    const { type, connection, model } = parseRegistryReference(text ?? '');
    return JSON.stringify([type, connection, model]);
  } catch {
    return undefined;
  }
}

/** Reads them from the catalog, page by page. */
export async function readWrittenModels(services: {
  catalog: CatalogService;
  auth: AuthService;
  logger: LoggerService;
}): Promise<WrittenModels> {
  const { catalog, auth } = services;
  const written: WrittenModels = {
    byRef: new Map(),
    specs: new Map(),
    byRegistry: new Map(),
  };
  const pages = catalog.streamEntities(
    {
      query: {
        $all: [
          { kind: 'model' },
          {
            $not: {
              [`metadata.annotations.${ANNOTATION_PROVIDED_BY}`]: {
                $exists: true,
              },
            },
          },
        ],
      },
      fields: [
        'kind',
        'metadata.name',
        'metadata.namespace',
        'metadata.annotations',
        'spec.owner',
        'spec.risk',
        'spec.teamSize',
        'spec.lifecycle',
      ],
      pageSize: PAGE,
    },
    { credentials: await auth.getOwnServiceCredentials() },
  );
  for await (const entities of pages) {
    for (const entity of entities) {
      const ref = stringifyEntityRef(entity);
      const registry = registryKey(
        entity.metadata.annotations?.[ANNOTATION_REGISTRY],
      );
      written.byRef.set(ref, registry);
      written.specs.set(ref, entity.spec);
      if (registry) {
        written.byRegistry.set(registry, ref);
      }
    }
  }
  return written;
}
