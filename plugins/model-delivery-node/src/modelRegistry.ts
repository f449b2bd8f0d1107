/**
 * A model version as a registry tells it.
 * @public
 */
export interface RegistryVersion {
  /** Name of the registered model in the registry. */
  model: string;
  /** Name of the version in the registry. */
  version: string;
  /** Canonical reference, such as `models:/credit-default/2`. */
  uri: string;
  /** Page of the version in the registry's own interface. */
  url?: string;
  runId?: string;
  aliases: string[];
  /** Tags of the version and of its run; the version's win. */
  tags: Record<string, string>;
  parameters: Record<string, string>;
  metrics: Record<string, number>;
  datasets: { name: string; digest: string; context?: string }[];
  user?: string;
  createdAt: Date;
  updatedAt: Date;
}

/**
 * What one step of reading found.
 * @public
 */
export interface RegistryChanges {
  versions: RegistryVersion[];
  /** Where to go on from, once `versions` are stored. Opaque to the engine. */
  cursor: string;
}

/**
 * A connection to a model registry. It reads; it writes nothing but an alias, where a person sets one back.
 * @public
 */
export interface ModelRegistry {
  /** Name of the connection in the configuration, such as `main`. */
  readonly id: string;
  /** Kind of registry and scheme of the annotation, such as `mlflow` in `mlflow://main/credit-default`. */
  readonly type: string;
  /** Address shown to people, without credentials. */
  readonly url: string;
  /**
   * Reads page by page what changed since `cursor`, everything without one. Every page is complete in itself, so that
   * an interrupted read goes on from the last cursor.
   * @throws when the registry can't be reached, refuses the credentials or answers nonsense; the message says which.
   */
  readChanges(options: {
    cursor?: string;
    signal?: AbortSignal;
  }): AsyncIterable<RegistryChanges>;
  /**
   * Has an alias name a version; left out by registries that have none or may not be written to.
   * @throws when the registry can't be reached or refuses; the message says which.
   */
  setAlias?(options: {
    /** Name of the registered model. */
    model: string;
    alias: string;
    /** Name of the version in the registry. */
    version: string;
  }): Promise<void>;
}
