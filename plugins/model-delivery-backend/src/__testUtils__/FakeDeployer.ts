import {
  Deployer,
  DeployableVersion,
  DeploymentTarget,
  GivenSignals,
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
  /** Around what it predicts; nothing that can be read without. */
  score?: number;
  /** Never becomes healthy. */
  broken?: boolean;
  /** Requests that reach it in each window it is measured in, at any share of traffic. */
  requests?: number;
  /** Share (0 to 1) of its answers to copies that differ from what was returned. */
  differs?: number;
  /** Copies of requests that it gets in a shadow. */
  copies?: number;
}

/**
 * A deployer and metrics source in memory, idempotent by operation key as the port demands. It counts what was really
 * done, and can be told to fail, so that tests see what a crash or a flaky target leaves behind.
 */
export class FakeDeployer implements Deployer, MetricsSource {
  readonly id = 'fake';
  blueGreen = true;
  operationLimitSeconds?: number;
  /** Every operation that changed something, in order. */
  readonly performed: string[] = [];
  /** Every version that was brought up, as it was told of. */
  readonly prepared: DeployableVersion[] = [];
  /** Called before each operation: throw in it to fail. */
  beforeOperation: (operation: string) => void = () => {};
  /** Answers in place of an operation, which is then not performed. */
  answerInstead: (operation: string) => OperationStatus | undefined = () =>
    undefined;
  /** Holds an answer back, whose operation has been performed; `observe` and `watches` are asked about too. */
  holdAnswer: (operation: string) => Promise<void> | undefined = () =>
    undefined;
  /** Called before signals are read: throw in it to fail, wait in it to be slow. */
  beforeRead: () => void | Promise<void> = () => {};
  /** Whether there is anything to watch. */
  watching = true;
  /** What it measures of versions. */
  signals: GivenSignals | Error = { kinds: ['errors', 'latencies', 'scores'] };
  /** Whether nothing is heard of what serves. */
  silent: boolean | Error = false;
  readonly #behaviour = new Map<string, ServerBehaviour>();
  readonly #done = new Map<string, OperationStatus>();
  readonly #shares = new Map<TargetKey, TrafficShare[]>();
  readonly #versions = new Map<TargetKey, Map<string, boolean>>();
  readonly #mirrors = new Map<TargetKey, TrafficShare>();
  readonly #served = new Set<string>();

  /** Another one that has done the same and measures the same; what it was told to do instead is forgotten. */
  copy(): FakeDeployer {
    const copy = new FakeDeployer();
    copy.performed.push(...this.performed);
    copy.prepared.push(...this.prepared);
    this.#behaviour.forEach((each, version) => copy.behave(version, each));
    this.#done.forEach((status, key) => copy.#done.set(key, status));
    this.#shares.forEach((shares, key) => copy.#shares.set(key, shares));
    this.#mirrors.forEach((mirror, key) => copy.#mirrors.set(key, mirror));
    this.#served.forEach(each => copy.#served.add(each));
    this.#versions.forEach((versions, key) =>
      copy.#versions.set(key, new Map(versions)),
    );
    return copy;
  }

  /** Sets how the servers of a version behave. */
  behave(version: string, behaviour: ServerBehaviour): void {
    this.#behaviour.set(version, behaviour);
  }

  /** The division of traffic now. */
  sharesOf(target: DeploymentTarget): TrafficShare[] {
    return this.#shares.get(keyOf(target)) ?? [];
  }

  /** Lets a server be there no more, without anybody having asked for it. */
  lose(target: DeploymentTarget, version: string): void {
    this.#versionsOf(target).set(version, false);
  }

  /** Lets the whole division of traffic be gone, as after a target was set up anew. */
  forget(target: DeploymentTarget): void {
    this.#shares.delete(keyOf(target));
    this.#versions.delete(keyOf(target));
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
      this.prepared.push(options.version);
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
      const key = keyOf(options.target);
      this.#shares.set(key, options.shares);
      options.shares.forEach(each =>
        this.#served.add(`${key} ${each.version}`),
      );
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

  setMirror?: NonNullable<Deployer['setMirror']> = async options => {
    const { version, share } = options;
    const what = `mirror ${version}=${share}`;
    return this.#once(what, options.operationKey, () => {
      this.#mirrors.set(keyOf(options.target), { version, share });
      return { state: 'done' };
    });
  };

  /** Who gets copies, and of how many percent of the requests. */
  mirrorOf(target: DeploymentTarget): TrafficShare | undefined {
    return this.#mirrors.get(keyOf(target));
  }

  readComparison?: NonNullable<MetricsSource['readComparison']> = async ({
    target,
    version,
  }) => {
    await this.beforeRead();
    const { copies = 1_000, differs = 0 } = this.#behaviour.get(version) ?? {};
    const share = this.#mirrors.get(keyOf(target))?.share ?? 0;
    const mirrored = Math.round((copies * share) / 100);
    return {
      mirrored,
      skipped: 0,
      agreed: Math.round(mirrored * (1 - differs)),
      largestDifference: differs > 0 ? 0.5 : 0,
      candidate: this.#signals(version, mirrored),
      serving: this.#signals('', mirrored),
    };
  };

  async observe(target: DeploymentTarget): Promise<TargetState> {
    await this.holdAnswer('observe');
    return {
      shares: this.sharesOf(target),
      versions: [...this.#versionsOf(target)].map(([version, ready]) => ({
        version,
        ready,
      })),
      endpoint: 'http://127.0.0.1:1/',
    };
  }

  async gives(): Promise<GivenSignals> {
    if (this.signals instanceof Error) {
      throw this.signals;
    }
    return this.signals;
  }

  async isSilent(): Promise<boolean> {
    if (this.silent instanceof Error) {
      throw this.silent;
    }
    return this.silent;
  }

  async watches(): Promise<boolean> {
    await this.holdAnswer('watches');
    return this.watching;
  }

  async read(options: {
    target: DeploymentTarget;
    version: string;
  }): Promise<VersionSignals> {
    await this.beforeRead();
    const { target, version } = options;
    return this.#signals(
      version,
      this.#served.has(`${keyOf(target)} ${version}`)
        ? this.#behaviour.get(version)?.requests ?? 4_000
        : 0,
    );
  }

  async readSeries(): Promise<SignalsBucket[]> {
    await this.beforeRead();
    return [];
  }

  #signals(version: string, requests: number): VersionSignals {
    const {
      latency = 20,
      errorRate = 0,
      score,
    } = this.#behaviour.get(version) ?? {};
    return {
      requests,
      errors: Math.round(requests * errorRate),
      // Spread by up to 2 ms, so that the series is not constant.
      latencies: Array.from(
        { length: requests },
        (_, i) => latency + ((i * 7) % 20) / 10,
      ),
      // Spread by up to 0.2
      ...(score !== undefined && {
        scores: Array.from(
          { length: requests },
          (_, i) => score + ((i * 37) % 1000) / 5000,
        ),
      }),
    };
  }

  #versionsOf(target: DeploymentTarget): Map<string, boolean> {
    const key = keyOf(target);
    const versions = this.#versions.get(key) ?? new Map<string, boolean>();
    this.#versions.set(key, versions);
    return versions;
  }

  async #once(
    what: string,
    operationKey: string,
    act: () => OperationStatus,
  ): Promise<OperationStatus> {
    this.beforeOperation(what);
    const known = this.#done.get(operationKey);
    if (known) {
      await this.holdAnswer(what);
      return known;
    }
    const instead = this.answerInstead(what);
    if (instead) {
      return instead;
    }
    const status = act();
    this.#done.set(operationKey, status);
    this.performed.push(what);
    await this.holdAnswer(what);
    return status;
  }
}
