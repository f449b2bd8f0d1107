import {
  mapBounded,
  ModelRegistry,
  RegistryChanges,
  RegistryDelivery,
  RegistryMetricHistory,
  RegistryNotice,
  RegistryTraces,
  RegistryVersion,
} from '@slipway/backstage-plugin-model-delivery-node';
import { AliasIndex } from './AliasIndex';
import { MlflowConnection } from './config';
import {
  FollowCursor,
  formatCursor,
  ImportCursor,
  parseCursor,
  ReadingCursor,
} from './cursor';
import { EndedRuns } from './EndedRuns';
import { MlflowClient } from './MlflowClient';
import { MlflowError } from './MlflowError';
import { MlflowModelVersion } from './mlflowSchemas';
import { MlflowServer } from './MlflowServer';
import { MlflowTracking } from './MlflowTracking';
import { readMetricHistory } from './readMetricHistory';
import { readTraces } from './readTraces';
import { RunReader } from './RunReader';
import { changed, VersionCompletion } from './VersionCompletion';
import { readWebhook } from './webhook';

const PAGE = 100;

/**
 * How far a read goes back behind the newest change that it knows. MLflow takes a change's time before it commits it, so
 * an older change can appear after a newer one; and many changes can share one millisecond.
 */
const OVERLAP_MS = 60_000;

/**
 * The model registry of one MLflow server.
 *
 * The first read walks all versions by the time of their creation, which no change disturbs, and can go on from any page.
 * After it, each read walks back from the newest change to the last one known, so that its cost is that of the change.
 * Aliases are compared now and then, and everything is read again at long intervals.
 */
export class MlflowRegistry implements ModelRegistry {
  readonly id: string;
  readonly type = 'mlflow';
  readonly url: string;
  /** Left out without a secret: then nobody can be believed. */
  readonly readDelivery?: (delivery: RegistryDelivery) => RegistryNotice;

  readonly #connection: MlflowConnection;
  readonly #client: MlflowClient;
  readonly #tracking: MlflowTracking;
  readonly #runs: RunReader;
  readonly #completion: VersionCompletion;
  readonly #endedRuns: EndedRuns;
  readonly #aliases: AliasIndex;
  readonly #now: () => number;
  /** The last cursor given out: whoever comes with another one starts without memory. */
  #lastCursor?: string;
  /** Changes within the overlap that were handed over already, by model and version. */
  #handedOver = new Map<string, number>();

  /** @param warn - told what does not keep the registry from being read */
  constructor(
    connection: MlflowConnection,
    now: () => number = Date.now,
    warn: (message: string) => void = () => {},
  ) {
    this.id = connection.id;
    this.url = connection.publicUrl;
    this.#connection = connection;
    const server = new MlflowServer(connection);
    this.#client = new MlflowClient(server);
    this.#tracking = new MlflowTracking(server);
    this.#runs = new RunReader(this.#tracking, warn);
    this.#aliases = new AliasIndex(this.#client);
    this.#completion = new VersionCompletion(
      this.#tracking,
      this.#runs,
      this.#aliases,
      connection,
    );
    this.#endedRuns = new EndedRuns(this.#tracking, { now, warn });
    this.#now = now;
    const { webhookSecret } = connection;
    if (webhookSecret) {
      this.readDelivery = delivery => readWebhook(webhookSecret, delivery);
    }
  }

  /** {@inheritdoc ModelRegistry.readChanges} */
  async *readChanges(options: {
    cursor?: string;
    signal?: AbortSignal;
  }): AsyncGenerator<RegistryChanges> {
    if (options.cursor !== this.#lastCursor) {
      this.#handedOver.clear();
      this.#aliases.forget();
      this.#endedRuns.forget();
    }
    const { signal } = options;
    let cursor = parseCursor(options.cursor);
    if (
      !cursor ||
      (cursor.mode === 'follow' &&
        this.#now() - cursor.importedAt >= this.#connection.fullReadIntervalMs)
    ) {
      cursor = await this.#beginImport(signal);
    }
    if (cursor.mode === 'import') {
      cursor = yield* this.#import(cursor, signal);
    }
    cursor = yield* this.#follow(cursor, signal);
    if (this.#connection.evaluations) {
      cursor = yield* this.#followEvaluations(cursor, signal);
    }
    if (!this.#aliases.isFresh(this.#now(), this.#connection.aliasIntervalMs)) {
      yield* this.#followAliases(cursor, signal);
    }
  }

  async #beginImport(signal?: AbortSignal): Promise<ImportCursor> {
    this.#runs.tryAgain();
    const { items } = await this.#client.searchModelVersions({
      orderBy: ['last_updated_timestamp DESC'],
      maxResults: 1,
      signal,
    });
    return {
      v: 1,
      mode: 'import',
      newest: items.length ? changed(items[0]) : 0,
      ...(this.#connection.evaluations && {
        evaluated: await this.#endedRuns.newest(signal),
      }),
    };
  }

  async *#import(
    start: ImportCursor,
    signal?: AbortSignal,
  ): AsyncGenerator<RegistryChanges, FollowCursor> {
    let cursor = start;
    // Those that move meanwhile are followed afterwards
    const { aliases, commit } = await this.#aliases.readAll(
      this.#now(),
      signal,
    );
    let isWhole = start.pageToken === undefined;
    for (;;) {
      let page;
      try {
        page = await this.#client.searchModelVersions({
          orderBy: ['creation_timestamp ASC', 'name ASC', 'version_number ASC'],
          maxResults: PAGE,
          pageToken: cursor.pageToken,
          signal,
        });
      } catch (error) {
        // A server that was upgraded in between may not know its own page token any more
        if (
          cursor.pageToken &&
          error instanceof MlflowError &&
          error.trouble === 'rejected'
        ) {
          cursor = await this.#beginImport(signal);
          isWhole = true;
          continue;
        }
        throw error;
      }
      const versions = await this.#completion.complete(
        page.items,
        signal,
        aliases,
      );
      if (!page.nextPageToken) {
        const next = {
          v: 1,
          mode: 'follow',
          newest: cursor.newest,
          evaluated: cursor.evaluated,
          importedAt: this.#now(),
        } as const;
        yield { ...this.#handOver(versions, next), complete: true };
        if (isWhole) {
          commit();
        }
        return next;
      }
      cursor = { ...cursor, pageToken: page.nextPageToken };
      const last = page.items.at(-1);
      yield {
        ...this.#handOver(versions, cursor),
        importing: {
          ...(last && { reached: new Date(last.creation_timestamp) }),
        },
      };
    }
  }

  async *#follow(
    start: FollowCursor,
    signal?: AbortSignal,
  ): AsyncGenerator<RegistryChanges, FollowCursor> {
    const since = start.newest - OVERLAP_MS;
    let newest: number | undefined;
    let pageToken: string | undefined;
    for (;;) {
      const page = await this.#client.searchModelVersions({
        orderBy: ['last_updated_timestamp DESC'],
        maxResults: PAGE,
        pageToken,
        signal,
      });
      newest ??= page.items.length ? changed(page.items[0]) : 0;
      const recent = page.items.filter(item => changed(item) >= since);
      const unseen = recent.filter(
        item => this.#handedOver.get(keyOf(item)) !== changed(item),
      );
      const versions = await this.#completion.complete(unseen, signal);
      pageToken =
        recent.length === page.items.length ? page.nextPageToken : undefined;
      // Newest come first, so the cursor may move on only when the walk is complete
      const next = pageToken
        ? start
        : { ...start, newest: Math.max(start.newest, newest) };
      yield this.#handOver(versions, next);
      unseen.forEach(item => this.#handedOver.set(keyOf(item), changed(item)));
      if (!pageToken) {
        this.#forgetBefore(next.newest - OVERLAP_MS);
        return next;
      }
    }
  }

  /** {@inheritdoc ModelRegistry.readModel} */
  async readModel(options: {
    model: string;
    versions: string[];
    signal?: AbortSignal;
  }): Promise<RegistryVersion[]> {
    const { model, signal } = options;
    const aliases = await this.#aliases.readModel(model, signal);
    const wanted = [...new Set([...options.versions, ...aliases.keys()])];
    const items = await mapBounded(wanted, version =>
      this.#client.getModelVersion(model, version, signal),
    );
    return this.#completion.complete(
      items.filter(item => item !== undefined),
      signal,
      new Map([[model, aliases]]),
    );
  }

  /** {@inheritdoc ModelRegistry.setAlias} */
  async setAlias(options: {
    model: string;
    alias: string;
    version: string;
  }): Promise<void> {
    const { model: name, alias, version } = options;
    await this.#client.setAlias({ name, alias, version });
  }

  /** {@inheritdoc ModelRegistry.readMetricHistory} */
  async readMetricHistory(options: {
    runId?: string;
    metrics: string[];
    maxPoints: number;
    signal?: AbortSignal;
  }): Promise<RegistryMetricHistory[]> {
    const { runId, metrics, maxPoints, signal } = options;
    return mapBounded(metrics, async metric =>
      runId === undefined
        ? { metric, points: [], sampled: false }
        : readMetricHistory(this.#tracking, {
            runId,
            metric,
            maxPoints,
            signal,
          }),
    );
  }

  /** A measurement changes neither the version nor its logged model, so that it is looked for among the runs. */
  async *#followEvaluations(
    start: FollowCursor,
    signal?: AbortSignal,
  ): AsyncGenerator<RegistryChanges, FollowCursor> {
    let cursor = start;
    if (cursor.evaluated === undefined) {
      const evaluated = await this.#endedRuns.newest(signal);
      if (evaluated !== undefined) {
        cursor = { ...cursor, evaluated };
        yield this.#handOver([], cursor);
      }
      return cursor;
    }
    for await (const page of this.#endedRuns.since(cursor.evaluated, signal)) {
      const items = await mapBounded(page.versions, ({ name, version }) =>
        this.#client.getModelVersion(name, version, signal),
      );
      cursor = { ...cursor, evaluated: page.until };
      yield this.#handOver(
        await this.#completion.complete(
          items.filter(item => item !== undefined),
          signal,
        ),
        cursor,
      );
      page.commit();
    }
    return cursor;
  }

  /** {@inheritdoc ModelRegistry.readTraces} */
  async readTraces(options: {
    loggedModel?: string;
    signal?: AbortSignal;
  }): Promise<RegistryTraces | undefined> {
    return options.loggedModel === undefined
      ? { count: 0 }
      : readTraces(this.#tracking, {
          loggedModelId: options.loggedModel,
          publicUrl: this.url,
          signal: options.signal,
        });
  }

  async *#followAliases(
    cursor: ReadingCursor,
    signal?: AbortSignal,
  ): AsyncGenerator<RegistryChanges> {
    const { changes, commit } = await this.#aliases.compareAll(
      this.#now(),
      signal,
    );
    for (let from = 0; from < changes.length; from += PAGE) {
      const items = await mapBounded(
        changes.slice(from, from + PAGE),
        ({ model, version }) =>
          this.#client.getModelVersion(model, version, signal),
      );
      yield this.#handOver(
        await this.#completion.complete(
          items.filter(item => item !== undefined),
          signal,
        ),
        cursor,
      );
    }
    commit();
  }

  #handOver(
    versions: RegistryVersion[],
    cursor: ReadingCursor,
  ): RegistryChanges {
    this.#lastCursor = formatCursor(cursor);
    return { versions, cursor: this.#lastCursor };
  }

  #forgetBefore(time: number) {
    for (const [key, at] of this.#handedOver) {
      if (at < time) {
        this.#handedOver.delete(key);
      }
    }
  }
}

function keyOf({ name, version }: MlflowModelVersion): string {
  return JSON.stringify([name, version]);
}
