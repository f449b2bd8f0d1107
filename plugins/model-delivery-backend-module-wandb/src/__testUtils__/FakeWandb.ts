import {
  FakeAnswer,
  FakeRequest,
  FakeService,
} from '@slipway/backstage-plugin-model-delivery-node/testUtils';
import { graphql } from 'graphql';
import { PUBLISHED } from './publishedSchema';

interface Page {
  first: number;
  after?: string;
}

interface StoredVersion {
  versionIndex: number;
  createdAt: string;
  names: string[];
  artifact: Record<string, unknown>;
}

/**
 * Executes queries as Weights & Biases' API does, with the part of its schema that is used, so that what the schema does not know is
 * refused. It moves no time when an alias moves, the worst that can be.
 */
export class FakeWandb extends FakeService {
  /** Versions of each collection, oldest first. */
  readonly models = new Map<string, StoredVersion[]>();
  readonly path = { entity: 'acme-org', project: 'wandb-registry-model' };
  /** Whether aliases are only for administrators. */
  isProtected = false;
  now = Date.parse('2026-11-01T00:00:00Z');

  /** Links a new version into a collection; gives its name. */
  add(model: string, artifact: Record<string, unknown> = {}): string {
    const versions = this.models.get(model) ?? [];
    this.now += 1_000;
    const time = new Date(this.now).toISOString();
    const versionIndex = versions.length;
    versions.push({
      versionIndex,
      createdAt: time,
      names: [],
      artifact: {
        id: `artifact-${model}-${versionIndex}`,
        digest: `digest-${versionIndex}`,
        state: 'COMMITTED',
        createdAt: time,
        versionIndex: versionIndex + 5,
        tags: [],
        artifactType: { name: 'model' },
        artifactSequence: {
          name: 'training',
          project: { name: 'churn', entityName: 'crm' },
        },
        ...artifact,
      },
    });
    this.models.set(model, versions);
    return `v${versionIndex}`;
  }

  /** Has an alias name a version, and no other; whether there is such a version. */
  moveAlias(model: string, alias: string, version: string): boolean {
    const versions = this.models.get(model) ?? [];
    const found = versions.find(each => `v${each.versionIndex}` === version);
    for (const each of found ? versions : []) {
      each.names = each.names.filter(name => name !== alias);
    }
    found?.names.push(alias);
    return Boolean(found);
  }

  protected async answer({
    method,
    url,
    body,
  }: FakeRequest): Promise<FakeAnswer> {
    if (method !== 'POST' || url.pathname !== '/graphql') {
      return { status: 404, body: { errors: [{ message: 'Not found' }] } };
    }
    const { query, variables } = JSON.parse(body);
    const result = await graphql({
      schema: PUBLISHED,
      source: query,
      variableValues: variables,
      rootValue: {
        project: (asked: { name: string; entityName: string }) =>
          this.#project(asked),
        addAliases: ({ input }: { input: AddAliasesInput }) => ({
          success: !this.isProtected && this.#addAliases(input),
        }),
      },
    });
    // What was not executed has no data at all
    return { status: 'data' in result ? 200 : 400, body: result };
  }

  #project({ name, entityName }: { name: string; entityName: string }) {
    const { entity, project } = this.path;
    return name === project && entityName === entity
      ? {
          artifactType: (type: { name: string }) =>
            type.name === 'model' && this.models.size > 0
              ? {
                  artifactCollection: (asked: { name: string }) =>
                    this.models.has(asked.name)
                      ? this.#collection(asked.name)
                      : null,
                  artifactCollections: (page: Page) =>
                    connect(
                      [...this.models.keys()].map(each =>
                        this.#collection(each),
                      ),
                      page,
                    ),
                }
              : null,
        }
      : null;
  }

  #collection(name: string) {
    const memberships = this.models.get(name)!.map(each => ({
      ...each,
      aliases: [...each.names, `v${each.versionIndex}`].map(alias => ({
        alias,
      })),
    }));
    return {
      __typename: 'ArtifactPortfolio',
      name,
      description: `About ${name}`,
      createdAt: memberships[0].createdAt,
      tags: () => connect([{ name: 'tabular' }], { first: 10 }),
      artifacts: { totalCount: memberships.length },
      artifactMembership: ({ aliasName }: { aliasName: string }) =>
        memberships.find(({ aliases }) =>
          aliases.some(({ alias }) => alias === aliasName),
        ),
      artifactMemberships: (page: Page) =>
        connect([...memberships].reverse(), page),
    };
  }

  #addAliases({ artifactID, aliases }: AddAliasesInput): boolean {
    return aliases.every(each => {
      const found = this.models
        .get(each.artifactCollectionName)
        ?.find(({ artifact }) => artifact.id === artifactID);
      return (
        found &&
        each.entityName === this.path.entity &&
        each.projectName === this.path.project &&
        this.moveAlias(
          each.artifactCollectionName,
          each.alias,
          `v${found.versionIndex}`,
        )
      );
    });
  }
}

interface AddAliasesInput {
  artifactID: string;
  aliases: {
    entityName: string;
    projectName: string;
    artifactCollectionName: string;
    alias: string;
  }[];
}

/** A page of a list. Cursors count from the end, which what is added at the front does not move. */
function connect<T>(all: T[], { first, after }: Page) {
  const from = after === undefined ? 0 : all.length - Number(after);
  const end = from + first;
  return {
    pageInfo: {
      hasNextPage: end < all.length,
      endCursor: String(all.length - end),
    },
    edges: all.slice(from, end).map(node => ({ cursor: '', node })),
  };
}
