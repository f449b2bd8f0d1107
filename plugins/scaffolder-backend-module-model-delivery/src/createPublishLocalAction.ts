import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import {
  Entity,
  stringifyEntityRef,
  UserEntity,
} from '@backstage/catalog-model';
import { ConflictError, InputError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  findModelEntityErrors,
  isModelEntity,
} from '@slipway/backstage-plugin-model-delivery-common';
import { readFile } from 'node:fs/promises';
import { GitAuthor, LocalRepositories } from './LocalRepositories';
import { CATALOG_FILE, parseEntities, refusalOf } from './readEntities';

/** How long to wait for the catalog unless told otherwise, in seconds. */
const WAIT_SECONDS = 60;

/**
 * `slipway:publish:local`: commits the workspace into a new repository on the portal's machine, as the person who runs the
 * template, and waits until its model is in the catalog.
 *
 * Outputs `remoteUrl` (the path to clone from), `commitHash` and `entityRef` (of the model).
 */
export function createPublishLocalAction(options: {
  repositories: LocalRepositories | undefined;
  catalog: CatalogService;
}) {
  const { repositories, catalog } = options;
  return createTemplateAction({
    id: 'slipway:publish:local',
    description:
      "Makes a Git repository of the workspace on the portal's own machine, and waits until its model is in the catalog",
    examples: [
      {
        description: 'Publish the workspace as credit-default',
        example: JSON.stringify({
          steps: [
            {
              id: 'publish',
              action: 'slipway:publish:local',
              input: { name: 'credit-default' },
            },
          ],
        }),
      },
    ],
    schema: {
      input: {
        name: z =>
          z
            .string()
            .describe(
              'Name of the repository and of the model: lower-case letters, digits and hyphens',
            ),
        sourcePath: z =>
          z
            .string()
            .optional()
            .describe(
              'Folder of the workspace to publish; all of it unless set',
            ),
        defaultBranch: z =>
          z
            .string()
            .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
            .optional()
            .describe('Name of the branch; main unless set'),
        commitMessage: z => z.string().min(1).max(1000).optional(),
        waitSeconds: z =>
          z
            .number()
            .int()
            .min(0)
            .max(600)
            .optional()
            .describe(
              `How long to wait for the catalog; ${WAIT_SECONDS} unless set`,
            ),
      },
      output: {
        remoteUrl: z => z.string().describe('Path to clone from'),
        commitHash: z => z.string().describe('The first commit'),
        entityRef: z => z.string().describe('The model in the catalog'),
      },
    },
    async handler(ctx) {
      if (!repositories) {
        throw new InputError(
          'This portal keeps no repositories; set modelDelivery.localRepositories.directory, or choose GitLab or GitHub',
        );
      }
      const { name, sourcePath, waitSeconds = WAIT_SECONDS } = ctx.input;
      const source = sourcePath
        ? resolveSafeChildPath(ctx.workspacePath, sourcePath)
        : ctx.workspacePath;
      repositories.pathOf(name);
      const model = await readModel(source, name);
      const entityRef = stringifyEntityRef(model);
      const credentials = await ctx.getInitiatorCredentials();
      if (await catalog.getEntityByRef(entityRef, { credentials })) {
        throw new ConflictError(
          `${entityRef} is in the catalog already; choose another name`,
        );
      }

      const author = authorOf(ctx.user);
      const { path, commit } = await repositories.create({
        name,
        source,
        branch: ctx.input.defaultBranch ?? 'main',
        author,
        message:
          ctx.input.commitMessage ?? "Begin with the template's model pipeline",
      });
      ctx.logger.info(
        `Made ${path} with commit ${commit.slice(0, 12)} by ${author.name}`,
      );
      ctx.output('remoteUrl', path);
      ctx.output('commitHash', commit);

      const deadline = Date.now() + waitSeconds * 1_000;
      while (!(await catalog.getEntityByRef(entityRef, { credentials }))) {
        if (ctx.signal?.aborted) {
          throw new Error('Cancelled while waiting for the catalog');
        }
        if (Date.now() >= deadline) {
          throw new Error(
            `${path} is made, but ${entityRef} did not appear in the catalog within ${waitSeconds} s; the catalog's log says why`,
          );
        }
        await new Promise(resolve => setTimeout(resolve, 300));
      }
      ctx.logger.info(`${entityRef} is in the catalog`);
      ctx.output('entityRef', entityRef);
    },
  });
}

/** The model that the workspace describes, refused here if the catalog would refuse it later. */
async function readModel(source: string, name: string): Promise<Entity> {
  const file = resolveSafeChildPath(source, CATALOG_FILE);
  const text = await readFile(file, 'utf8').catch(() => {
    throw new InputError(`The workspace has no ${CATALOG_FILE}`);
  });
  const model = parseEntities(text).find(isModelEntity);
  if (!model) {
    throw new InputError(`${CATALOG_FILE} describes no Model`);
  }
  const [mistake] = findModelEntityErrors(model);
  if (mistake) {
    throw new InputError(`${CATALOG_FILE}: ${mistake.path} ${mistake.message}`);
  }
  const refusal = refusalOf(model, name, [name]);
  if (refusal) {
    throw new InputError(`${CATALOG_FILE}: ${refusal}`);
  }
  return model;
}

function authorOf(
  user: { entity?: UserEntity; ref?: string } | undefined,
): GitAuthor {
  const { entity } = user ?? {};
  const profile = entity?.spec.profile;
  const name =
    profile?.displayName ??
    entity?.metadata.title ??
    entity?.metadata.name ??
    user?.ref ??
    'Slipway';
  // Without an address of their own; .invalid never reaches anybody
  const email =
    profile?.email ??
    `${entity?.metadata.name ?? 'slipway'}@users.noreply.invalid`;
  return { name, email };
}
