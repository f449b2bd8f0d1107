import {
  DescribeModelPackageCommand,
  DescribeModelPackageGroupCommand,
  ListModelPackagesCommand,
  ListTagsCommand,
  SageMakerClient,
  SearchCommand,
} from '@aws-sdk/client-sagemaker';
import { AwsCredentialProvider } from '@backstage/integration-aws-node';
import {
  nextRegistryPage,
  parseRegistryAnswer,
  RegistryError,
} from '@slipway/backstage-plugin-model-delivery-node';
import { z } from 'zod';
import { SagemakerConnection } from './config';
import {
  groupSchema,
  ModelPackage,
  modelPackageSchema,
  ModelPackageSummary,
  searchPageSchema,
  summaryPageSchema,
  tagsPageSchema,
} from './sagemakerSchemas';
import { toRegistryError } from './toRegistryError';

/** The most that a list gives at once. */
const PAGE = 100;

/** One page of a list. */
export interface SagemakerPage<T> {
  items: T[];
  /** Absent on the last page. */
  nextToken?: string;
}

/**
 * The part of SageMaker's API that reads its model registry. Requests that are throttled or get no answer are made again, each
 * later than the one before, as the SDK does.
 *
 * Every method throws RegistryError, whose message names the connection and its address, and no credentials.
 */
export class SagemakerClient {
  readonly url: string;
  readonly #connection: SagemakerConnection;
  readonly #client: SageMakerClient;

  constructor(
    connection: SagemakerConnection,
    credentials: AwsCredentialProvider['sdkCredentialProvider'],
  ) {
    const { region, endpoint, timeoutMs, attempts } = connection;
    this.#connection = connection;
    this.url = endpoint ?? `https://api.sagemaker.${region}.amazonaws.com`;
    this.#client = new SageMakerClient({
      region,
      endpoint,
      credentials,
      maxAttempts: attempts,
      requestHandler: {
        connectionTimeout: timeoutMs,
        requestTimeout: timeoutMs,
        throwOnRequestTimeout: true,
      },
    });
  }

  /**
   * Versions of all models by the time of their creation, oldest first unless told otherwise.
   * @param after - only what was created after that moment
   */
  async listVersions(options: {
    after?: Date;
    newestFirst?: boolean;
    limit?: number;
    nextToken?: string;
    signal?: AbortSignal;
  }): Promise<SagemakerPage<ModelPackageSummary>> {
    const { after, newestFirst, limit, nextToken, signal } = options;
    const page = await this.#send(
      'ListModelPackages',
      () =>
        this.#client.send(
          new ListModelPackagesCommand({
            ModelPackageType: 'Versioned',
            SortBy: 'CreationTime',
            SortOrder: newestFirst ? 'Descending' : 'Ascending',
            MaxResults: limit ?? PAGE,
            CreationTimeAfter: after,
            NextToken: nextToken,
          }),
          { abortSignal: signal },
        ),
      summaryPageSchema,
      signal,
    );
    return {
      items: page.ModelPackageSummaryList,
      nextToken: this.#nextPage(nextToken, page.NextToken),
    };
  }

  /** One version, or `undefined` when it is not there (any more). */
  async describeVersion(
    arn: string,
    signal?: AbortSignal,
  ): Promise<ModelPackage | undefined> {
    try {
      return await this.#send(
        'DescribeModelPackage',
        () =>
          this.#client.send(
            new DescribeModelPackageCommand({ ModelPackageName: arn }),
            { abortSignal: signal },
          ),
        modelPackageSchema,
        signal,
      );
    } catch (error) {
      if (
        error instanceof RegistryError &&
        error.trouble === 'rejected' &&
        /does not exist|not found|could not find/i.test(error.message)
      ) {
        return undefined;
      }
      throw error;
    }
  }

  /** Versions that changed at or after a moment, the change that is longest ago first. */
  async searchChanged(options: {
    since: Date;
    nextToken?: string;
    signal?: AbortSignal;
  }): Promise<SagemakerPage<ModelPackage>> {
    const { since, nextToken, signal } = options;
    const page = await this.#send(
      'Search',
      () =>
        this.#client.send(
          new SearchCommand({
            Resource: 'ModelPackage',
            SearchExpression: {
              Filters: [
                {
                  Name: 'LastModifiedTime',
                  Operator: 'GreaterThanOrEqualTo',
                  // It knows no fractions of a second
                  Value: `${since.toISOString().slice(0, 19)}Z`,
                },
              ],
            },
            SortBy: 'LastModifiedTime',
            SortOrder: 'Ascending',
            MaxResults: PAGE,
            NextToken: nextToken,
          }),
          { abortSignal: signal },
        ),
      searchPageSchema,
      signal,
    );
    return {
      items: page.Results.flatMap(({ ModelPackage: item }) => item ?? []),
      nextToken: this.#nextPage(nextToken, page.NextToken),
    };
  }

  /** The tags of a group of versions, by its name. */
  async listTags(
    group: string,
    signal?: AbortSignal,
  ): Promise<Record<string, string>> {
    const tags: Record<string, string> = {};
    const { ModelPackageGroupArn: arn } = await this.#send(
      'DescribeModelPackageGroup',
      () =>
        this.#client.send(
          new DescribeModelPackageGroupCommand({
            ModelPackageGroupName: group,
          }),
          { abortSignal: signal },
        ),
      groupSchema,
      signal,
    );
    let nextToken: string | undefined;
    do {
      const token = nextToken;
      const page = await this.#send(
        'ListTags',
        () =>
          this.#client.send(
            new ListTagsCommand({ ResourceArn: arn, NextToken: token }),
            { abortSignal: signal },
          ),
        tagsPageSchema,
        signal,
      );
      page.Tags.forEach(({ Key, Value }) => {
        tags[Key] = Value;
      });
      nextToken = this.#nextPage(token, page.NextToken);
    } while (nextToken);
    return tags;
  }

  #nextPage(
    current: string | undefined,
    next: string | null | undefined,
  ): string | undefined {
    return nextRegistryPage(next, {
      service: this.#about(),
      pageToken: current,
    });
  }

  async #send<T extends z.ZodType>(
    action: string,
    request: () => Promise<unknown>,
    schema: T,
    signal?: AbortSignal,
  ): Promise<z.infer<T>> {
    signal?.throwIfAborted();
    let answer: unknown;
    try {
      answer = await request();
    } catch (error) {
      signal?.throwIfAborted();
      throw toRegistryError(error, this.#about(), {
        action,
        attempts: this.#connection.attempts,
      });
    }
    return parseRegistryAnswer(answer, schema, {
      service: this.#about(),
      action,
    });
  }

  #about(): string {
    return `SageMaker connection '${this.#connection.id}' (${this.url})`;
  }
}
