import {
  mapBounded,
  ModelRegistry,
  RegistryChanges,
  RegistryDelivery,
  RegistryMetricHistory,
  RegistryNotice,
  RegistryVersion,
} from '@slipway/backstage-plugin-model-delivery-node';
import { AliasIndex } from './AliasIndex';
import { MlflowConnection } from './config';
import { formatCursor, parseCursor, ReadingCursor } from './cursor';
import { MlflowClient } from './MlflowClient';
import { MlflowError } from './MlflowError';
import { MlflowModelVersion, MlflowRun } from './mlflowSchemas';
import { readMetricHistory } from './readMetricHistory';
import { asRecord, isPrompt } from './tags';
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
  readonly #aliases: AliasIndex;
  readonly #now: () => number;
  /** The last cursor given out: whoever comes with another one starts without memory. */
  #lastCursor?: string;
  /** Changes within the overlap that were handed over already, by model and version. */
  #handedOver = new Map<string, number>();

  constructor(connection: MlflowConnection, now: () => number = Date.now) {
    this.id = connection.id;
    this.url = connection.publicUrl;
    this.#connection = connection;
    this.#client = new MlflowClient(connection);
    this.#aliases = new AliasIndex(this.#client);
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
    if (!this.#aliases.isFresh(this.#now(), this.#connection.aliasIntervalMs)) {
      yield* this.#followAliases(cursor, signal);
    }
  }

  async #beginImport(
    signal?: AbortSignal,
  ): Promise<Extract<ReadingCursor, { mode: 'import' }>> {
    const { items } = await this.#client.searchModelVersions({
      orderBy: ['last_updated_timestamp DESC'],
      maxResults: 1,
      signal,
    });
    return {
      v: 1,
      mode: 'import',
      newest: items.length ? changed(items[0]) : 0,
    };
  }

  async *#import(
    start: Extract<ReadingCursor, { mode: 'import' }>,
    signal?: AbortSignal,
  ): AsyncGenerator<
    RegistryChanges,
    Extract<ReadingCursor, { mode: 'follow' }>
  > {
    let cursor = start;
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
          continue;
        }
        throw error;
      }
      const versions = await this.#complete(page.items, signal);
      if (!page.nextPageToken) {
        const next = {
          v: 1,
          mode: 'follow',
          newest: cursor.newest,
          importedAt: this.#now(),
        } as const;
        yield { ...this.#handOver(versions, next), complete: true };
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
    start: Extract<ReadingCursor, { mode: 'follow' }>,
    signal?: AbortSignal,
  ): AsyncGenerator<
    RegistryChanges,
    Extract<ReadingCursor, { mode: 'follow' }>
  > {
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
      const versions = await this.#complete(unseen, signal);
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
    return this.#complete(
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
        : readMetricHistory(this.#client, { runId, metric, maxPoints, signal }),
    );
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
        await this.#complete(
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

  /**
   * Adds what MLflow keeps elsewhere: the runs and the aliases.
   * @param known - aliases by version by model that were read just now
   */
  async #complete(
    items: MlflowModelVersion[],
    signal?: AbortSignal,
    known?: Map<string, Map<string, string[]>>,
  ): Promise<RegistryVersion[]> {
    const models = items.filter(item => !isPrompt(asRecord(item.tags)));
    const runIds = [
      ...new Set(models.flatMap(({ run_id }) => (run_id ? [run_id] : []))),
    ];
    const names = [...new Set(models.map(({ name }) => name))];
    const runs = new Map(
      await mapBounded(
        runIds,
        async runId =>
          [runId, await this.#client.getRun(runId, signal)] as const,
      ),
    );
    const aliases = new Map(
      await mapBounded(
        names,
        async name =>
          [
            name,
            known?.get(name) ?? (await this.#aliases.readModel(name, signal)),
          ] as const,
      ),
    );
    return models.map(item =>
      toRegistryVersion(
        item,
        runs.get(item.run_id ?? ''),
        aliases.get(item.name)?.get(item.version) ?? [],
        this.url,
      ),
    );
  }
}

function toRegistryVersion(
  item: MlflowModelVersion,
  run: MlflowRun | undefined,
  aliases: string[],
  publicUrl: string,
): RegistryVersion {
  const runTags = asRecord(run?.data.tags ?? []);
  return {
    model: item.name,
    version: item.version,
    uri: `models:/${item.name}/${item.version}`,
    url: `${publicUrl}/#/models/${encodeURIComponent(
      item.name,
    )}/versions/${encodeURIComponent(item.version)}`,
    runId: item.run_id || undefined,
    aliases,
    tags: { ...runTags, ...asRecord(item.tags) },
    parameters: asRecord(run?.data.params ?? []),
    metrics: Object.fromEntries(
      (run?.data.metrics ?? [])
        .filter(({ value }) => Number.isFinite(value))
        .map(({ key, value }) => [key, value]),
    ),
    datasets: (run?.inputs.dataset_inputs ?? []).map(({ dataset, tags }) => ({
      name: dataset.name,
      digest: dataset.digest,
      context: asRecord(tags)['mlflow.data.context'],
    })),
    user:
      item.user_id || runTags['mlflow.user'] || run?.info.user_id || undefined,
    createdAt: new Date(item.creation_timestamp),
    updatedAt: new Date(changed(item)),
  };
}

function changed(item: MlflowModelVersion): number {
  return item.last_updated_timestamp ?? item.creation_timestamp;
}

function keyOf({ name, version }: MlflowModelVersion): string {
  return JSON.stringify([name, version]);
}
