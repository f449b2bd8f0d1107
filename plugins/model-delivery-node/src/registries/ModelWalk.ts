import { createHash } from 'node:crypto';
import { RegistryChanges, RegistryVersion } from '../modelRegistry';
import { ModelStates } from './ModelStates';
import { RegistryError } from './RegistryError';

/** Versions of one page that is handed to the engine, as far as they come in pages of any size. */
const PAGE = 100;
/** How far a read goes back behind the newest change that it knows, in milliseconds. */
const OVERLAP_MS = 60_000;
/** Versions that are remembered, so that of a changed model only what changed is told. */
const MOST_REMEMBERED = 20_000;

/**
 * One page of a list, and where the next one begins; absent on the last.
 * @public
 */
export interface WalkedPage<T> {
  items: T[];
  nextPageToken?: string;
}

/**
 * A model as a list of models tells it.
 * @public
 */
export interface WalkedModel {
  model: string;
  changedAt: Date;
  /**
   * Given where not every change moves `changedAt`: a digest of what else tells of one. It is for all models or for none.
   */
  state?: string;
}

/**
 * A registry that lists models, and the versions of one.
 * @public
 */
export interface WalkedRegistry {
  /**
   * Models by their last change, newest first, or in an order that changes do not disturb. Where models have a `state`, the
   * newest come with all others in one page.
   */
  listModels(options: {
    newestFirst: boolean;
    pageToken?: string;
    signal?: AbortSignal;
  }): Promise<WalkedPage<WalkedModel>>;
  /** Versions of one model, with all that is known of them. */
  listVersions(options: {
    model: string;
    pageToken?: string;
    signal?: AbortSignal;
  }): Promise<WalkedPage<RegistryVersion>>;
}

interface ImportCursor {
  v: 1;
  mode: 'import';
  /** Newest change when it began. Milliseconds since 1970. */
  newest: number;
  /** The page of models that is read, the model in it, and the page of its versions; absent at the beginning of each. */
  models?: string;
  model?: string;
  versions?: string;
}

interface FollowCursor {
  v: 1;
  mode: 'follow';
  /** Newest change that was read. Milliseconds since 1970. */
  newest: number;
  /** When everything was last read, by this machine's clock. Milliseconds since 1970. */
  importedAt: number;
  /** How models were seen, where they have a state. */
  states?: string;
}

/**
 * Reads a registry that has no list of all versions: at first model by model, and from any page again after an interruption;
 * then the models that changed since, and of them the versions that are not as they were told last. Everything is read again
 * at long intervals.
 * @public
 */
export class ModelWalk {
  readonly #registry: WalkedRegistry;
  readonly #fullReadIntervalMs: number;
  readonly #now: () => number;
  /** The last cursor given out: whoever comes with another one starts without memory. */
  #lastCursor?: string;
  /** How each version was told last, by model; the model that was read longest ago comes first. */
  readonly #told = new Map<string, Map<string, string>>();
  #toldVersions = 0;
  /** The last change of each model that was followed within the overlap. */
  readonly #followed = new Map<string, number>();
  readonly #states = new ModelStates();

  constructor(
    registry: WalkedRegistry,
    options: { fullReadIntervalMs: number; now?: () => number },
  ) {
    this.#registry = registry;
    this.#fullReadIntervalMs = options.fullReadIntervalMs;
    this.#now = options.now ?? Date.now;
  }

  /** As `ModelRegistry.readChanges`. */
  async *readChanges(options: {
    cursor?: string;
    signal?: AbortSignal;
  }): AsyncGenerator<RegistryChanges> {
    const { signal } = options;
    signal?.throwIfAborted();
    if (options.cursor !== this.#lastCursor) {
      this.#told.clear();
      this.#followed.clear();
      this.#states.forget();
      this.#toldVersions = 0;
    }
    let cursor = parse(options.cursor);
    if (
      !cursor ||
      (cursor.mode === 'follow' &&
        this.#now() - cursor.importedAt >= this.#fullReadIntervalMs)
    ) {
      cursor = await this.#beginImport(signal);
    }
    if (cursor.mode === 'import') {
      cursor = yield* this.#import(cursor, signal);
    }
    yield* this.#follow(cursor, signal);
  }

  async #beginImport(signal?: AbortSignal): Promise<ImportCursor> {
    const { items } = await this.#registry.listModels({
      newestFirst: true,
      signal,
    });
    return {
      v: 1,
      mode: 'import',
      newest: items[0]?.changedAt.getTime() ?? 0,
    };
  }

  async *#import(
    start: ImportCursor,
    signal?: AbortSignal,
  ): AsyncGenerator<RegistryChanges, FollowCursor> {
    let cursor = start;
    let restarted = false;
    for (;;) {
      try {
        return yield* this.#importFrom(cursor, signal);
      } catch (error) {
        // Page tokens are not kept for ever
        const isTold =
          error instanceof RegistryError && error.trouble === 'rejected';
        if (!isTold || restarted || !(start.models || start.versions)) {
          throw error;
        }
        restarted = true;
        cursor = await this.#beginImport(signal);
      }
    }
  }

  async *#importFrom(
    start: ImportCursor,
    signal?: AbortSignal,
  ): AsyncGenerator<RegistryChanges, FollowCursor> {
    let { models, model: resumed, versions } = start;
    let buffer: RegistryVersion[] = [];
    for (;;) {
      const page = await this.#registry.listModels({
        newestFirst: false,
        pageToken: models,
        signal,
      });
      this.#states.note(page.items);
      const names = page.items.map(each => each.model);
      // A model that is gone meanwhile has the page read again from its beginning
      const from = Math.max(0, resumed ? names.indexOf(resumed) : 0);
      for (let i = from; i < names.length; i++) {
        let token = names[i] === resumed ? versions : undefined;
        do {
          const found = await this.#registry.listVersions({
            model: names[i],
            pageToken: token,
            signal,
          });
          buffer.push(...found.items);
          token = found.nextPageToken;
          const next = token ? names[i] : names[i + 1];
          if (buffer.length >= PAGE && next) {
            yield {
              ...this.#handOver(buffer, {
                ...start,
                models,
                model: next,
                versions: token,
              }),
              importing: {},
            };
            buffer = [];
          }
        } while (token);
      }
      resumed = undefined;
      versions = undefined;
      models = page.nextPageToken;
      if (!models) {
        const end: FollowCursor = {
          v: 1,
          mode: 'follow',
          newest: start.newest,
          importedAt: this.#now(),
        };
        yield this.#handOver(buffer, end);
        return end;
      }
      if (buffer.length > 0) {
        const { v, mode, newest } = start;
        yield {
          ...this.#handOver(buffer, { v, mode, newest, models }),
          importing: {},
        };
        buffer = [];
      }
    }
  }

  async *#follow(
    start: FollowCursor,
    signal?: AbortSignal,
  ): AsyncGenerator<RegistryChanges> {
    const since = start.newest - OVERLAP_MS;
    let { newest, states } = start;
    let pageToken: string | undefined;
    do {
      const page = await this.#registry.listModels({
        newestFirst: true,
        pageToken,
        signal,
      });
      const others = this.#states.changed(page.items, start.states);
      let isAllRecent = true;
      for (const { model, changedAt } of page.items) {
        const changed = changedAt.getTime();
        const isRecent = changed >= since;
        isAllRecent &&= isRecent;
        newest = Math.max(newest, changed);
        if (
          others.has(model) ||
          (isRecent && this.#followed.get(model) !== changed)
        ) {
          yield* this.#readChanged(model, start, signal);
          this.#followed.set(model, changed);
        }
      }
      states = this.#states.settle(page.items);
      // Newest come first: only when all are read nothing older is left
      pageToken = isAllRecent ? page.nextPageToken : undefined;
    } while (pageToken);
    yield this.#handOver([], { ...start, newest, states });
    for (const [model, changed] of this.#followed) {
      if (changed < newest - OVERLAP_MS) {
        this.#followed.delete(model);
      }
    }
  }

  async *#readChanged(
    model: string,
    cursor: FollowCursor,
    signal?: AbortSignal,
  ): AsyncGenerator<RegistryChanges> {
    let pageToken: string | undefined;
    do {
      const page = await this.#registry.listVersions({
        model,
        pageToken,
        signal,
      });
      const told = this.#told.get(model);
      const changed = page.items.filter(
        each => told?.get(each.version) !== fingerprint(each),
      );
      if (changed.length > 0) {
        yield this.#handOver(changed, cursor);
      }
      pageToken = page.nextPageToken;
    } while (pageToken);
  }

  #handOver(
    versions: RegistryVersion[],
    cursor: ImportCursor | FollowCursor,
  ): RegistryChanges {
    versions.forEach(each => this.#remember(each));
    this.#lastCursor = JSON.stringify(cursor);
    return { versions, cursor: this.#lastCursor };
  }

  #remember(version: RegistryVersion) {
    const { model } = version;
    const told = this.#told.get(model) ?? new Map<string, string>();
    this.#toldVersions += told.has(version.version) ? 0 : 1;
    told.set(version.version, fingerprint(version));
    this.#told.delete(model);
    this.#told.set(model, told);
    for (const [name, versions] of this.#told) {
      if (this.#toldVersions <= MOST_REMEMBERED || name === model) {
        break;
      }
      this.#toldVersions -= versions.size;
      this.#told.delete(name);
    }
  }
}

function fingerprint(version: RegistryVersion): string {
  return createHash('sha256').update(JSON.stringify(version)).digest('base64');
}

function parse(
  text: string | undefined,
): ImportCursor | FollowCursor | undefined {
  try {
    const cursor = JSON.parse(text ?? 'null');
    const isKnown =
      cursor?.v === 1 &&
      Number.isFinite(cursor.newest) &&
      (cursor.mode === 'import' ||
        (cursor.mode === 'follow' && Number.isFinite(cursor.importedAt)));
    return isKnown ? cursor : undefined;
  } catch {
    return undefined;
  }
}
