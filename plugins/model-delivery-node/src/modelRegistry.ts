/**
 * What was measured of a version by one run on one data set, as a registry tells it. One that is told again with other
 * metrics or at another time is another evaluation.
 * @public
 */
export interface RegistryEvaluation {
  /** The run that measured. */
  runId?: string;
  /** What it was measured on, where that was named. */
  dataset?: { name: string; digest?: string };
  /** Whether that is data which the version was trained on. */
  onTrainingData: boolean;
  /** When the last of it was measured. */
  measuredAt: Date;
  /** The last value of each, by the registry's name. */
  metrics: Record<string, number>;
  /** Whether more of a metric is better, of those of which the registry tells it; by the name in `metrics`. */
  higherIsBetter?: Record<string, boolean>;
  /** How many cases of each label (rows) were taken for which (columns), where that was counted: 2 to 20 labels. */
  confusionMatrix?: { labels: string[]; counts: number[][] };
}

/**
 * What a version was made from, where the registry keeps that as something of its own, as MLflow 3 does.
 * @public
 */
export interface RegistryLoggedModel {
  /** Such as `m-6c862e6d61cf4625bc44f76b21877519`. */
  id: string;
  /** Page of it in the registry's own interface. */
  url?: string;
  /**
   * Whether it was read: then its parameters and tags are among the version's. `missing` when it is not there any more;
   * after `failed` it is read again with everything else, and until then the version is known in part.
   */
  state: 'read' | 'missing' | 'failed';
  /** Why it could not be read. */
  problem?: string;
}

/**
 * How many traces a version left while it was used, so far.
 * @public
 */
export interface RegistryTraces {
  count: number;
  /** Page of them in the registry's own interface. */
  url?: string;
}

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
  /** Tags of the version, of its logged model and of its run; the former win. */
  tags: Record<string, string>;
  /** Of its logged model and of its run; the former win. */
  parameters: Record<string, string>;
  /** Last values that its run logged. */
  metrics: Record<string, number>;
  /** Of its run; without those that it was only measured on. */
  datasets: { name: string; digest: string; context?: string }[];
  loggedModel?: RegistryLoggedModel;
  /** What was measured of it beside its training, newest first; of many the newest. */
  evaluations?: RegistryEvaluation[];
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
  /** Given while everything is being read, for the first time or again, and there are more pages of it. */
  importing?: {
    /** Up to which creation of a version the reading came, where it goes by that. */
    reached?: Date;
  };
  /**
   * Whether everything was read with this page: what was not told since the reading of everything began is gone. Left out,
   * versions that were deleted are never noticed.
   */
  complete?: boolean;
}

/**
 * A webhook's request, before anything of it is trusted.
 * @public
 */
export interface RegistryDelivery {
  /** The value of a header, whose name may be written in any case. */
  header(name: string): string | undefined;
  /** As it came: signatures are of these bytes. */
  body: Buffer;
  receivedAt: Date;
}

/**
 * What a verified delivery says.
 * @public
 */
export interface RegistryNotice {
  /** Id of the delivery, at most 200 characters: one that comes again is refused. */
  id: string;
  /** What happened in the registry's words, such as `model_version.created`. */
  event: string;
  /** What is to be read again: nothing that concerns models, whatever changed, or one model. */
  changed:
    | 'nothing'
    | 'registry'
    | {
        /** Name of the registered model. */
        model: string;
        /** Names of the versions that are told of; may be empty. */
        versions: string[];
      };
}

/**
 * One value of a metric as it was logged.
 * @public
 */
export interface RegistryMetricPoint {
  /** As the training counts: batches, epochs; the same for all where it does not count. */
  step: number;
  at: Date;
  /** Not finite where that was logged, as when a loss diverged. */
  value: number;
}

/**
 * How a metric went while the version was trained.
 * @public
 */
export interface RegistryMetricHistory {
  metric: string;
  /** By step, then time. Empty when nothing was logged by that name. */
  points: RegistryMetricPoint[];
  /** Whether values were left out. */
  sampled: boolean;
}

/**
 * A connection to a model registry. It reads; it writes nothing but aliases: where a person sets one back,
 * and where the configuration says that they follow what serves.
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
   * Verifies a webhook's delivery and says what changed; left out by registries that send none, and where no secret is
   * configured. Does no I/O. Whether the delivery came before is the engine's to know.
   * @throws AuthenticationError when the signature is missing or wrong, InputError when it was signed too long ago, in the
   * future, or says nonsense.
   */
  readDelivery?(delivery: RegistryDelivery): RegistryNotice;
  /**
   * Reads one model as it is now: the versions asked for, and those that an alias names. What does not exist is left
   * out. Costs as much as it returns, however many versions the model has. Registries without it are read by
   * `readChanges` when a delivery names a model.
   * @throws as `readChanges` does.
   */
  readModel?(options: {
    /** Name of the registered model. */
    model: string;
    /** Names of versions. */
    versions: string[];
    signal?: AbortSignal;
  }): Promise<RegistryVersion[]>;
  /**
   * Has an alias name a version, the same one again too; left out by registries that have none or may not be written to.
   * @throws when the registry can't be reached or refuses; the message says which.
   */
  setAlias?(options: {
    /** Name of the registered model. */
    model: string;
    alias: string;
    /** Name of the version in the registry. */
    version: string;
  }): Promise<void>;
  /**
   * Reads how metrics went while a version was trained, now; left out by registries that keep only the last values. Gives
   * one history for each metric, in the order asked for; of a long one, see `sampleMetricPoints`.
   * @throws as `readChanges` does.
   */
  readMetricHistory?(options: {
    /** Name of the registered model. */
    model: string;
    /** Name of the version in the registry. */
    version: string;
    /** As the registry told it. */
    runId?: string;
    /** Names of metrics in the registry. */
    metrics: string[];
    /** At most so many points of each metric, 10 or more. */
    maxPoints: number;
    signal?: AbortSignal;
  }): Promise<RegistryMetricHistory[]>;
  /**
   * Counts the traces of a version now; left out by registries that keep none. `undefined` where this server cannot say.
   * @throws as `readChanges` does.
   */
  readTraces?(options: {
    /** Name of the registered model. */
    model: string;
    /** Name of the version in the registry. */
    version: string;
    /** As the registry told it. */
    loggedModel?: string;
    signal?: AbortSignal;
  }): Promise<RegistryTraces | undefined>;
}
