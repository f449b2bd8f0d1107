import { MlflowClient } from './MlflowClient';

const PAGE = 200;

/** Versions whose aliases changed. */
export interface AliasChange {
  model: string;
  version: string;
}

/**
 * Which aliases name which versions. MLflow gives them with the registered model only, and does not count a moved alias
 * as a change of the version, so they are compared with what was last seen.
 */
export class AliasIndex {
  readonly #client: MlflowClient;
  /** Model to alias to version; models without aliases are left out. */
  #seen = new Map<string, Map<string, string>>();
  #readAt = -Infinity;

  constructor(client: MlflowClient) {
    this.#client = client;
  }

  /** Whether all models were compared less than this long ago. */
  isFresh(nowMs: number, intervalMs: number): boolean {
    return nowMs - this.#readAt < intervalMs;
  }

  /** Forgets everything: every version with an alias counts as changed next time. */
  forget() {
    this.#seen = new Map();
    this.#readAt = -Infinity;
  }

  /** Compares all models. What is returned counts as seen once `commit` is called. */
  async compareAll(
    nowMs: number,
    signal?: AbortSignal,
  ): Promise<{ changes: AliasChange[]; commit: () => void }> {
    const current = new Map<string, Map<string, string>>();
    for await (const { name, aliases } of this.#models(signal)) {
      note(current, name, aliases);
    }

    const changes = [...new Set([...this.#seen.keys(), ...current.keys()])]
      .map(model => ({
        model,
        versions: changedVersions(this.#seen.get(model), current.get(model)),
      }))
      .flatMap(({ model, versions }) =>
        versions.map(version => ({ model, version })),
      );
    return {
      changes,
      commit: () => {
        this.#seen = current;
        this.#readAt = nowMs;
      },
    };
  }

  /**
   * Aliases by version of every model, read now: for whoever reads all versions. They count as seen once `commit` is called,
   * when every version has been handed over with them.
   */
  async readAll(
    nowMs: number,
    signal?: AbortSignal,
  ): Promise<{
    aliases: Map<string, Map<string, string[]>>;
    commit: () => void;
  }> {
    const all = new Map<string, Map<string, string[]>>();
    const current = new Map<string, Map<string, string>>();
    for await (const { name, aliases } of this.#models(signal)) {
      all.set(name, byVersion(aliases));
      note(current, name, aliases);
    }
    return {
      aliases: all,
      commit: () => {
        this.#seen = current;
        this.#readAt = nowMs;
      },
    };
  }

  async *#models(signal?: AbortSignal) {
    let pageToken: string | undefined;
    do {
      const page = await this.#client.searchRegisteredModels({
        maxResults: PAGE,
        pageToken,
        signal,
      });
      yield* page.items;
      pageToken = page.nextPageToken;
    } while (pageToken);
  }

  /** Aliases of one model by version, read now. */
  async readModel(
    model: string,
    signal?: AbortSignal,
  ): Promise<Map<string, string[]>> {
    const found = await this.#client.getRegisteredModel(model, signal);
    return byVersion(found?.aliases ?? []);
  }
}

function note(
  seen: Map<string, Map<string, string>>,
  model: string,
  aliases: { alias: string; version: string }[],
) {
  if (aliases.length > 0) {
    seen.set(
      model,
      new Map(aliases.map(({ alias, version }) => [alias, version])),
    );
  }
}

function byVersion(
  aliases: { alias: string; version: string }[],
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { alias, version } of aliases) {
    found.set(version, [...(found.get(version) ?? []), alias].sort());
  }
  return found;
}

function changedVersions(
  before: Map<string, string> = new Map(),
  after: Map<string, string> = new Map(),
): string[] {
  const versions = new Set<string>();
  for (const alias of new Set([...before.keys(), ...after.keys()])) {
    const from = before.get(alias);
    const to = after.get(alias);
    if (from !== to) {
      [from, to].forEach(version => version && versions.add(version));
    }
  }
  return [...versions];
}
