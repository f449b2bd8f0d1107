import {
  Deployer,
  DeployableVersion,
  DeploymentTarget,
  MetricsSource,
  OperationStatus,
  SignalsBucket,
  TargetState,
  TrafficShare,
  VersionSignals,
} from '@slipway/backstage-plugin-model-delivery-node';

type TargetKey = string;
const keyOf = (target: DeploymentTarget): TargetKey =>
  `${target.model} ${target.environment}`;

/** How the servers of one version behave in a test. */
export interface ServerBehaviour {
  /** Share (0 to 1) of the answers that are errors. */
  errorRate?: number;
  /** Milliseconds. */
  latency?: number;
  /** Never becomes healthy. */
  broken?: boolean;
  /** Requests that reach it in each window it is measured in, at any share of traffic. */
  requests?: number;
}

/**
 * A deployer and metrics source in memory, idempotent by operation key as the port demands. It counts what was really
 * done, and can be told to fail, so that tests see what a crash or a flaky target leaves behind.
 */
export class FakeDeployer implements Deployer, MetricsSource {
  readonly id = 'fake';
  operationLimitSeconds?: number;
  /** Every operation that changed something, in order. */
  readonly performed: string[] = [];
  /** Called before each operation: throw in it to fail. */
  beforeOperation: (operation: string) => void = () => {};
  /** Answers in place of an operation, which is then not performed. */
  answerInstead: (operation: string) => OperationStatus | undefined = () =>
    undefined;
  /** Called before signals are read: throw in it to fail, wait in it to be slow. */
  beforeRead: () => void | Promise<void> = () => {};
  /** Whether there is anything to watch. */
  watching = true;
  readonly #behaviour = new Map<string, ServerBehaviour>();
  readonly #done = new Map<string, OperationStatus>();
  readonly #shares = new Map<TargetKey, TrafficShare[]>();
  readonly #versions = new Map<TargetKey, Map<string, boolean>>();

  /** Sets how the servers of a version behave. */
  behave(version: string, behaviour: ServerBehaviour): void {
    this.#behaviour.set(version, behaviour);
  }

  /** The division of traffic now. */
  sharesOf(target: DeploymentTarget): TrafficShare[] {
    return this.#shares.get(keyOf(target)) ?? [];
  }

  serves(): boolean {
    return true;
  }

  async prepare(options: {
    operationKey: string;
    target: DeploymentTarget;
    version: DeployableVersion;
  }): Promise<OperationStatus> {
    const { version } = options.version;
    return this.#once(`prepare ${version}`, options.operationKey, () => {
      if (this.#behaviour.get(version)?.broken) {
        return {
          state: 'failed',
          message: `The server of ${version} did not become healthy`,
        };
      }
      this.#versionsOf(options.target).set(version, true);
      return { state: 'done' };
    });
  }

  async setTraffic(options: {
    operationKey: string;
    target: DeploymentTarget;
    shares: TrafficShare[];
  }): Promise<OperationStatus> {
    const text = options.shares.map(s => `${s.version}=${s.share}`).join(' ');
    return this.#once(`traffic ${text}`, options.operationKey, () => {
      this.#shares.set(keyOf(options.target), options.shares);
      return { state: 'done' };
    });
  }

  async release(options: {
    operationKey: string;
    target: DeploymentTarget;
    version: string;
  }): Promise<OperationStatus> {
    return this.#once(
      `release ${options.version}`,
      options.operationKey,
      () => {
        this.#versionsOf(options.target).delete(options.version);
        return { state: 'done' };
      },
    );
  }

  async observe(target: DeploymentTarget): Promise<TargetState> {
    return {
      shares: this.sharesOf(target),
      versions: [...this.#versionsOf(target)].map(([version, ready]) => ({
        version,
        ready,
      })),
      endpoint: 'http://127.0.0.1:1/',
    };
  }

  async watches(): Promise<boolean> {
    return this.watching;
  }

  async read(options: { version: string }): Promise<VersionSignals> {
    await this.beforeRead();
    const behaviour = this.#behaviour.get(options.version) ?? {};
    const requests = behaviour.requests ?? 4_000;
    const latency = behaviour.latency ?? 20;
    return {
      requests,
      errors: Math.round(requests * (behaviour.errorRate ?? 0)),
      // Spread by up to 2 ms, so that the series is not constant.
      latencies: Array.from(
        { length: requests },
        (_, i) => latency + ((i * 7) % 20) / 10,
      ),
    };
  }

  async readSeries(): Promise<SignalsBucket[]> {
    return [];
  }

  #versionsOf(target: DeploymentTarget): Map<string, boolean> {
    const key = keyOf(target);
    const versions = this.#versions.get(key) ?? new Map<string, boolean>();
    this.#versions.set(key, versions);
    return versions;
  }

  #once(
    what: string,
    operationKey: string,
    act: () => OperationStatus,
  ): OperationStatus {
    this.beforeOperation(what);
    const known = this.#done.get(operationKey);
    if (known) {
      return known;
    }
    const instead = this.answerInstead(what);
    if (instead) {
      return instead;
    }
    const status = act();
    this.#done.set(operationKey, status);
    this.performed.push(what);
    return status;
  }
}
