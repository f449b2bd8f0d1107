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
    let pageToken: string | undefined;
    do {
      const page = await this.#client.searchRegisteredModels({
        maxResults: PAGE,
        pageToken,
        signal,
      });
      for (const { name, aliases } of page.items) {
        if (aliases.length > 0) {
          current.set(
            name,
            new Map(aliases.map(({ alias, version }) => [alias, version])),
          );
        }
      }
      pageToken = page.nextPageToken;
    } while (pageToken);

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

  /** Aliases of one model by version, read now. */
  async readModel(
    model: string,
    signal?: AbortSignal,
  ): Promise<Map<string, string[]>> {
    const found = await this.#client.getRegisteredModel(model, signal);
    const byVersion = new Map<string, string[]>();
    for (const { alias, version } of found?.aliases ?? []) {
      byVersion.set(version, [...(byVersion.get(version) ?? []), alias].sort());
    }
    return byVersion;
  }
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
