import { AwsCredentialProvider } from '@backstage/integration-aws-node';
import {
  HandedOver,
  mapBounded,
  ModelRegistry,
  RegistryChanges,
  RegistryError,
  RegistryVersion,
} from '@slipway/backstage-plugin-model-delivery-node';
import { SagemakerConnection } from './config';
import {
  FollowCursor,
  ImportCursor,
  parseCursor,
  ReadingCursor,
} from './cursor';
import { SagemakerClient, SagemakerPage } from './SagemakerClient';
import { ModelPackage, ModelPackageSummary } from './sagemakerSchemas';
import { changedMs, toRegistryVersion } from './toRegistryVersion';

/** How far a read goes back behind the newest version that it knows: many can share a moment, and times precede commits. */
const OVERLAP_MS = 60_000;
/** The same behind the newest change: the index that is searched for changes is filled later. */
const SEARCH_OVERLAP_MS = 10 * 60_000;

/** Tags of groups that were read, by the group's name, for the length of one reading. */
type GroupTags = Map<string, Promise<Record<string, string>>>;

/**
 * The model registry of one region of an AWS account: groups of model packages are models, packages are versions. It has no
 * aliases, so it is only read.
 *
 * The first read walks all versions by the time of their creation and can go on from any page. After it, each read asks for
 * what was created and what was modified since. Everything is read again at long intervals, for the tags of groups.
 */
export class SagemakerRegistry implements ModelRegistry {
  readonly id: string;
  readonly type = 'sagemaker';
  readonly url: string;

  readonly #connection: SagemakerConnection;
  readonly #client: SagemakerClient;
  readonly #now: () => number;
  readonly #handedOver = new HandedOver();
  /** The last cursor given out: whoever comes with another one starts without memory. */
  #lastCursor?: string;

  constructor(
    connection: SagemakerConnection,
    credentials: AwsCredentialProvider['sdkCredentialProvider'],
    now: () => number = Date.now,
  ) {
    this.#connection = connection;
    this.#client = new SagemakerClient(connection, credentials);
    this.#now = now;
    this.id = connection.id;
    this.url = this.#client.url;
  }

  /** {@inheritdoc ModelRegistry.readChanges} */
  async *readChanges(options: {
    cursor?: string;
    signal?: AbortSignal;
  }): AsyncGenerator<RegistryChanges> {
    if (options.cursor !== this.#lastCursor) {
      this.#handedOver.clear();
    }
    const { signal } = options;
    const tags: GroupTags = new Map();
    let cursor = parseCursor(options.cursor);
    if (
      !cursor ||
      (cursor.mode === 'follow' &&
        this.#now() - cursor.importedAt >= this.#connection.fullReadIntervalMs)
    ) {
      cursor = await this.#beginImport(signal);
    }
    if (cursor.mode === 'import') {
      cursor = yield* this.#import(cursor, tags, signal);
    }
    cursor = yield* this.#followCreated(cursor, tags, signal);
    cursor = yield* this.#followModified(cursor, tags, signal);
    this.#handedOver.forgetBefore(
      Math.min(
        cursor.created - OVERLAP_MS,
        cursor.modified - SEARCH_OVERLAP_MS,
      ),
    );
  }

  async #beginImport(signal?: AbortSignal): Promise<ImportCursor> {
    const { items } = await this.#client.listVersions({
      newestFirst: true,
      limit: 1,
      signal,
    });
    return {
      v: 1,
      mode: 'import',
      reached: 0,
      began: items[0]?.CreationTime.getTime() ?? 0,
    };
  }

  async *#import(
    start: ImportCursor,
    tags: GroupTags,
    signal?: AbortSignal,
  ): AsyncGenerator<RegistryChanges, FollowCursor> {
    let cursor = start;
    // Without its token, an interrupted reading goes on by time
    const after = () => momentBefore(cursor.reached);
    for (;;) {
      let page: SagemakerPage<ModelPackageSummary>;
      try {
        page = await this.#client.listVersions({
          after: cursor.nextToken ? undefined : after(),
          nextToken: cursor.nextToken,
          signal,
        });
      } catch (error) {
        // Tokens are not kept for ever
        if (
          cursor.nextToken &&
          error instanceof RegistryError &&
          error.trouble === 'rejected'
        ) {
          cursor = { ...cursor, nextToken: undefined };
          continue;
        }
        throw error;
      }
      const items = await this.#describe(page.items, signal);
      const reached = newestOf(page.items, cursor.reached);
      if (!page.nextToken) {
        const next: FollowCursor = {
          v: 1,
          mode: 'follow',
          created: reached,
          modified: cursor.began,
          importedAt: this.#now(),
        };
        yield await this.#handOver(items, next, tags, signal);
        return next;
      }
      cursor = { ...cursor, nextToken: page.nextToken, reached };
      yield {
        ...(await this.#handOver(items, cursor, tags, signal)),
        importing: { reached: new Date(reached) },
      };
    }
  }

  async *#followCreated(
    start: FollowCursor,
    tags: GroupTags,
    signal?: AbortSignal,
  ): AsyncGenerator<RegistryChanges, FollowCursor> {
    let cursor = start;
    let nextToken: string | undefined;
    do {
      const page = await this.#client.listVersions({
        after: momentBefore(start.created, OVERLAP_MS),
        nextToken,
        signal,
      });
      const items = await this.#describe(
        page.items.filter(
          ({ ModelPackageArn: arn }) => !this.#handedOver.has(arn),
        ),
        signal,
      );
      cursor = { ...cursor, created: newestOf(page.items, cursor.created) };
      yield await this.#handOver(items, cursor, tags, signal);
      nextToken = page.nextToken;
    } while (nextToken);
    return cursor;
  }

  async *#followModified(
    start: FollowCursor,
    tags: GroupTags,
    signal?: AbortSignal,
  ): AsyncGenerator<RegistryChanges, FollowCursor> {
    const since = new Date(Math.max(0, start.modified - SEARCH_OVERLAP_MS));
    let cursor = start;
    let nextToken: string | undefined;
    do {
      const page = await this.#client.searchChanged({
        since,
        nextToken,
        signal,
      });
      const items = page.items.filter(
        item =>
          !this.#handedOver.hasSince(item.ModelPackageArn, changedMs(item)),
      );
      cursor = {
        ...cursor,
        modified: Math.max(cursor.modified, ...page.items.map(changedMs)),
      };
      yield await this.#handOver(items, cursor, tags, signal);
      nextToken = page.nextToken;
    } while (nextToken);
    return cursor;
  }

  async #describe(
    items: ModelPackageSummary[],
    signal?: AbortSignal,
  ): Promise<ModelPackage[]> {
    const found = await mapBounded(items, ({ ModelPackageArn: arn }) =>
      this.#client.describeVersion(arn, signal),
    );
    return found.filter(item => item !== undefined);
  }

  async #handOver(
    items: ModelPackage[],
    cursor: ReadingCursor,
    tags: GroupTags,
    signal?: AbortSignal,
  ): Promise<RegistryChanges> {
    const versions = await mapBounded(items, async item =>
      toRegistryVersion(item, await this.#tagsOf(item, tags, signal)),
    );
    items.forEach(item =>
      this.#handedOver.note(item.ModelPackageArn, changedMs(item)),
    );
    this.#lastCursor = JSON.stringify(cursor);
    return {
      versions: versions.filter(
        (version): version is RegistryVersion => version !== undefined,
      ),
      cursor: this.#lastCursor,
    };
  }

  /** Versions have no tags of their own: they share those of their group. */
  async #tagsOf(
    { ModelPackageGroupName: group }: ModelPackage,
    tags: GroupTags,
    signal?: AbortSignal,
  ): Promise<Record<string, string>> {
    if (!group) {
      return {};
    }
    const reading = tags.get(group) ?? this.#client.listTags(group, signal);
    tags.set(group, reading);
    return reading;
  }
}

function newestOf(items: ModelPackageSummary[], known: number): number {
  return Math.max(known, ...items.map(item => item.CreationTime.getTime()));
}

/** `undefined` before everything: the service does not take the beginning of time for a moment. */
function momentBefore(timeMs: number, byMs = 1_000): Date | undefined {
  return timeMs > byMs ? new Date(timeMs - byMs) : undefined;
}
