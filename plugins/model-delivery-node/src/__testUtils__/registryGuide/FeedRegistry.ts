import {
  ModelRegistry,
  RegistryChanges,
  RegistryVersion,
} from '@slipway/backstage-plugin-model-delivery-node';

const PAGE = 100;
const TIMEOUT_MS = 15_000;

/** One change as the feed tells it, in the order in which they happened. */
export interface FeedEntry {
  sequence: number;
  model: string;
  version: string;
  labels: Record<string, string>;
  at: string;
}

/** A model registry that publishes a feed of its changes. */
export class FeedRegistry implements ModelRegistry {
  readonly type = 'feed';

  constructor(
    readonly id: string,
    readonly url: string,
    private readonly token: string,
  ) {}

  async *readChanges(options: {
    cursor?: string;
    signal?: AbortSignal;
  }): AsyncGenerator<RegistryChanges> {
    let after = Number(options.cursor ?? 0);
    let entries: FeedEntry[];
    do {
      entries = await this.#fetch(after, options.signal);
      after = entries.at(-1)?.sequence ?? after;
      yield { versions: entries.map(toVersion), cursor: String(after) };
    } while (entries.length === PAGE);
  }

  async #fetch(after: number, signal?: AbortSignal): Promise<FeedEntry[]> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const response = await fetch(
        `${this.url}/changes?after=${after}&limit=${PAGE}`,
        {
          headers: { authorization: `Bearer ${this.token}` },
          redirect: 'manual',
          signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        },
      );
      if (response.status !== 200) {
        throw new Error(`it answered ${response.status}`);
      }
      const entries = await response.json();
      if (!Array.isArray(entries) || entries.length > PAGE) {
        throw new Error('its answer is no page of changes');
      }
      return entries;
    } catch (error) {
      throw new Error(
        `The registry '${this.id}' (${this.url}) could not be read: ${
          (error as Error).message
        }`,
      );
    }
  }
}

function toVersion(entry: FeedEntry): RegistryVersion {
  return {
    model: entry.model,
    version: entry.version,
    uri: `feed:${encodeURIComponent(entry.model)}/${entry.version}`,
    aliases: [],
    tags: entry.labels,
    parameters: {},
    metrics: {},
    datasets: [],
    createdAt: new Date(entry.at),
    updatedAt: new Date(entry.at),
  };
}
