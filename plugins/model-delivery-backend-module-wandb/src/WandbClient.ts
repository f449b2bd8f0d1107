import {
  callRegistry,
  nextRegistryPage,
  parseRegistryAnswer,
  RegistryError,
  WalkedPage,
} from '@slipway/backstage-plugin-model-delivery-node';
import { z } from 'zod';
import { WandbConnection } from './config';
import {
  ADD_ALIASES,
  FIND_VERSION,
  LIST_MODELS,
  LIST_VERSIONS,
} from './queries';
import {
  addAliasesSchema,
  answerSchema,
  modelsSchema,
  versionSchema,
  versionsSchema,
  WandbCollection,
  WandbHead,
  WandbMembership,
} from './wandbSchemas';

const MODELS_PAGE = 50;
/** Of a run's parameters and summary there can be much. */
const VERSIONS_PAGE = 50;
/** Versions of each model that are looked at to see whether it changed. */
const NEWEST = 10;
/** Artifacts that one run read, of which data sets are told. */
const MOST_INPUTS = 20;
const MAX_MESSAGE = 300;

interface Paging {
  pageToken?: string;
  signal?: AbortSignal;
}

/**
 * The part of Weights & Biases' GraphQL API that reads a registry, and sets an alias.
 *
 * Every method throws RegistryError, whose message names the connection and its address, and no credentials.
 */
export class WandbClient {
  readonly #connection: WandbConnection;
  readonly #about: string;

  constructor(connection: WandbConnection) {
    this.#connection = connection;
    this.#about = `Weights & Biases connection '${connection.id}' (${connection.baseUrl})`;
  }

  /** Collections of the registry, each with its newest versions. A registry without any has no such type of artifact. */
  async listModels({
    pageToken,
    signal,
  }: Paging): Promise<WalkedPage<WandbHead>> {
    const found = await this.#find('models', LIST_MODELS, modelsSchema, {
      variables: { first: MODELS_PAGE, after: pageToken, newest: NEWEST },
      signal,
    });
    return found
      ? this.#page(found.artifactCollections, pageToken)
      : { items: [] };
  }

  /** Versions of one collection; none when it is not there. */
  async listVersions(
    model: string,
    { pageToken, signal }: Paging,
  ): Promise<WalkedPage<WandbMembership> & { collection?: WandbCollection }> {
    const found = await this.#find('versions', LIST_VERSIONS, versionsSchema, {
      variables: {
        model,
        first: VERSIONS_PAGE,
        after: pageToken,
        inputs: MOST_INPUTS,
      },
      signal,
    });
    const collection = found?.artifactCollection;
    return collection
      ? {
          ...this.#page(collection.artifactMemberships, pageToken),
          collection,
        }
      : { items: [] };
  }

  /** Has an alias name a version, whatever it named before. */
  async addAlias(model: string, version: string, alias: string): Promise<void> {
    const found = await this.#find('a version', FIND_VERSION, versionSchema, {
      variables: { model, version },
    });
    const membership = found?.artifactCollection?.artifactMembership;
    // An alias is found as well
    if (!membership?.artifact || version !== `v${membership.versionIndex}`) {
      throw new RegistryError(
        'rejected',
        `${this.#about} has no version '${version}' of '${model}'`,
      );
    }
    const { entity: entityName, project: projectName } = this.#connection;
    const { addAliases } = await this.#ask(
      'addAliases',
      ADD_ALIASES,
      addAliasesSchema,
      {
        variables: {
          input: {
            artifactID: membership.artifact.id,
            aliases: [
              { entityName, projectName, artifactCollectionName: model, alias },
            ],
          },
        },
      },
    );
    if (!addAliases?.success) {
      throw new RegistryError(
        'rejected',
        `${
          this.#about
        } did not let the alias '${alias}' name ${model}:${version}`,
      );
    }
  }

  #page<T>(
    {
      pageInfo: { hasNextPage, endCursor },
      edges,
    }: {
      pageInfo: { hasNextPage: boolean; endCursor?: string | null };
      edges: T[];
    },
    pageToken: string | undefined,
  ): WalkedPage<T> {
    return {
      items: edges,
      nextPageToken: nextRegistryPage(hasNextPage ? endCursor : undefined, {
        service: this.#about,
        pageToken,
      }),
    };
  }

  /** Asks for something of the registry's type of artifact; `undefined` when there are none of that type. */
  async #find<T>(
    action: string,
    query: string,
    schema: z.ZodType<{ project: { artifactType: T | null } | null }>,
    request: { variables: object; signal?: AbortSignal },
  ): Promise<T | undefined> {
    const { entity, project, artifactType: type } = this.#connection;
    const answer = await this.#ask(action, query, schema, {
      ...request,
      variables: { entity, project, type, ...request.variables },
    });
    if (!answer.project) {
      throw new RegistryError(
        'refused',
        `${
          this.#about
        } has no registry '${entity}/${project}', or its key may not read it`,
      );
    }
    return answer.project.artifactType ?? undefined;
  }

  async #ask<T>(
    action: string,
    query: string,
    schema: z.ZodType<T>,
    { variables, signal }: { variables: object; signal?: AbortSignal },
  ): Promise<T> {
    const { baseUrl, apiKey, timeoutMs, attempts } = this.#connection;
    const service = this.#about;
    const answer = await callRegistry({
      service,
      action,
      url: `${baseUrl}/graphql`,
      attempts,
      timeoutMs,
      signal,
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`api:${apiKey}`).toString(
          'base64',
        )}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = parseRegistryAnswer(answer, answerSchema, {
      service,
      action,
    });
    if (errors?.length) {
      const said = errors[0].message.slice(0, MAX_MESSAGE);
      throw /permission|forbidden|unauthori[sz]ed|not authori[sz]ed/i.test(said)
        ? new RegistryError(
            'refused',
            `${service} does not allow ${action} to this key: ${said}`,
          )
        : new RegistryError(
            'rejected',
            `${service} rejected ${action}: ${said}`,
          );
    }
    return parseRegistryAnswer(data, schema, { service, action });
  }
}
