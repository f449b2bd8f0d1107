import {
  ModelRegistry,
  RegistryChanges,
  RegistryDelivery,
  RegistryVersion,
} from '@slipway/backstage-plugin-model-delivery-node';

/**
 * A registry under test with the server that it reads. Each test starts one of its own, with nothing in it.
 * @public
 */
export interface RegistryContractHarness {
  registry: ModelRegistry;
  /** Puts versions into the server past the registry, the model first if it is new. Gives their names, oldest first. */
  addVersions(
    model: string,
    count: number,
    details?: { tags?: Record<string, string> },
  ): Promise<string[]>;
  /** Moves an alias past the registry; left out where there are none. */
  moveAlias?(model: string, alias: string, version: string): Promise<void>;
  /**
   * Puts a version into the server whose training logged a metric: one value for each step from 0 on. Gives its name; needed
   * where the registry has `readMetricHistory`.
   */
  addTrained?(model: string, metric: string, values: number[]): Promise<string>;
  /** Deletes a version past the registry; left out where nothing can be deleted. */
  removeVersion?(model: string, version: string): Promise<void>;
  /** Has the server not answer until the returned function is called. */
  beDown(): Promise<() => Promise<void>>;
  /** Has the server answer something else than it should until the returned function is called. */
  answerNonsense?(): Promise<() => Promise<void>>;
  /** How many requests the server got so far; left out where nobody counts them. */
  countRequests?(): Promise<number>;
  /** The same connection in another replica or after a restart: it remembers nothing but the cursor. */
  restart(): Promise<ModelRegistry>;
  /** Signs a delivery about a version as the server would; needed where the registry has `readDelivery`. */
  sign?(delivery: {
    id: string;
    model: string;
    version: string;
    /** When it is signed, and when it is received. */
    signedAt: Date;
    receivedAt: Date;
    /** Whether it is signed with another secret. */
    forged: boolean;
  }): RegistryDelivery;
  /** Clears away everything. */
  end(): Promise<void>;
}

/**
 * What the contract needs to know of a registry.
 * @public
 */
export interface RegistryContractOptions {
  start(): Promise<RegistryContractHarness>;
  /** Names that models can have there; plain ones, with spaces, emoji and right-to-left text unless set. */
  models?: string[];
  /** More versions than fit into one page; 250 unless set. */
  manyVersions?: number;
  /** What must not appear in any message or address, such as the password. */
  secrets?: string[];
  /** How long one test may take, in seconds; 60 unless set. */
  timeoutSeconds?: number;
}

/**
 * Reads from a cursor to the end.
 * @public
 */
export async function readAll(
  registry: ModelRegistry,
  cursor?: string,
): Promise<{ versions: RegistryVersion[]; cursor: string | undefined }> {
  const pages = await readPages(registry, cursor);
  return {
    versions: pages.flatMap(({ versions }) => versions),
    cursor: pages.at(-1)?.cursor ?? cursor,
  };
}

/** The pages from a cursor to the end. */
export async function readPages(
  registry: ModelRegistry,
  cursor?: string,
): Promise<RegistryChanges[]> {
  const pages: RegistryChanges[] = [];
  for await (const page of registry.readChanges({ cursor })) {
    pages.push(page);
  }
  return pages;
}

/** A version's place among others. */
export function keyOf(version: { model: string; version: string }): string {
  return JSON.stringify([version.model, version.version]);
}
