/**
 * What a deployer acts on: one model in one environment.
 * @public
 */
export interface DeploymentTarget {
  /** Entity reference of the model, such as `model:default/credit-default`. */
  model: string;
  /** Name of the environment, such as `production`. */
  environment: string;
}

/**
 * One part of a release's configuration, in the version that belongs to it.
 * @public
 */
export interface ConfigurationPart {
  /** Such as `prompts/answer`. */
  name: string;
  /** Digest or name of its version. */
  digest: string;
}

/**
 * A model version as a deployer needs to know it: the whole release. A rollback deploys all of it again.
 * @public
 */
export interface DeployableVersion {
  /** Its name within the model. */
  version: string;
  /** Content digest of the version, `sha256:` and 64 hexadecimal digits. */
  digest: string;
  /** Where its artifact is to be found, such as `models:/credit-default/2`. */
  artifactUri?: string;
  /** Digest of the artifact alone. */
  artifactDigest: string;
  /** Parameters that the version was registered with. */
  parameters: Record<string, string>;
  /**
   * Prompt templates, retrieval settings, tool lists and other configuration that belong to the release, each by the digest
   * of its version, ordered by name. They go into force with the artifact, and go back with it. None unless set.
   */
  configuration?: ConfigurationPart[];
  /** Base or foundation model with its version, where the version builds on one. */
  baseModel?: string;
}

/**
 * How far a deployer's operation has come. `failed` is final for its operation key: the
 * engine calls again with a new one if somebody retries.
 * @public
 */
export type OperationStatus =
  | { state: 'done' }
  | {
      state: 'pending';
      message?: string;
      /** When to ask again, in seconds; 1 unless set. A job that takes hours need not be asked about every second. */
      askAgainAfterSeconds?: number;
    }
  | { state: 'failed'; message: string };

/**
 * One version's share of the traffic of a target.
 * @public
 */
export interface TrafficShare {
  version: string;
  /** Percent, 0 to 100. The shares of a target add up to 100, or there are none. */
  share: number;
}

/**
 * What a deployer finds at its target now, whoever made it so.
 * @public
 */
export interface TargetState {
  shares: TrafficShare[];
  /** Versions whose server is known to the deployer, and whether each answers its health check. */
  versions: { version: string; ready: boolean }[];
  /** Versions that get copies of requests, and of how many percent of them; none unless set. */
  mirrors?: TrafficShare[];
  /** URL where predictions are asked for. */
  endpoint?: string;
}

/**
 * Puts versions into an environment and moves traffic between them.
 *
 * Every operation is idempotent by its operation key: called again with the same key, whether after an
 * answer that got lost, a restart or an hour, it changes nothing more and answers how far it has come.
 * An operation that takes longer than a few seconds answers `pending` and is asked again.
 * A thrown error is technical trouble that the engine retries with back-off; what trying again cannot mend, such as
 * traffic for a version that was never prepared, is `failed`. A key that comes again with other arguments is refused
 * by an error. `describeDeployerContract` in the package's `testUtils` tests all of this.
 * @public
 */
export interface Deployer {
  readonly id: string;
  /**
   * How long one operation may stay `pending`, in seconds, before the engine gives it up and a person has to look;
   * 900 unless set.
   */
  readonly operationLimitSeconds?: number;
  /**
   * Whether it can do a blue-green rollout: two versions are ready side by side whatever their shares, one `setTraffic`
   * moves all traffic from one to the other, and the one that it left stays ready until it is released. False unless
   * set, and then a blue-green rollout is refused before it starts.
   */
  readonly blueGreen?: boolean;
  /** Whether it deploys to this target. */
  serves(target: DeploymentTarget): boolean;
  /** Brings a version up beside what serves, without traffic, until it answers its health check. */
  prepare(options: {
    operationKey: string;
    target: DeploymentTarget;
    version: DeployableVersion;
  }): Promise<OperationStatus>;
  /** Sets the whole division of traffic. A version that is not named gets none. */
  setTraffic(options: {
    operationKey: string;
    target: DeploymentTarget;
    shares: TrafficShare[];
  }): Promise<OperationStatus>;
  /** Takes down a version that has no traffic. */
  release(options: {
    operationKey: string;
    target: DeploymentTarget;
    version: string;
  }): Promise<OperationStatus>;
  /**
   * Sends a version without traffic copies of the requests for predictions from now on, or ends that. What it answers is
   * compared with what was returned, and never returned itself: a candidate that is slow or broken must not be noticed
   * by whoever asked. Also ends when the version is released. Left out by a deployer that cannot do it: a rollout with a
   * shadow is then refused before it starts.
   *
   * Comparisons are told by {@link MetricsSource.readComparison}.
   */
  setMirror?(options: {
    operationKey: string;
    target: DeploymentTarget;
    /** The candidate, which has been prepared. */
    version: string;
    /** Percent of the requests of which a copy is sent, chosen at random; 0 ends it. */
    share: number;
    /** How far two numbers may lie apart and still agree: `tolerance · max(1, |a|, |b|)`. */
    tolerance: number;
  }): Promise<OperationStatus>;
  /** Looks at the target as it is. */
  observe(target: DeploymentTarget): Promise<TargetState>;
}
