import { mkdir, realpath } from 'node:fs/promises';
import { LoggerService } from '@backstage/backend-plugin-api';
import { InputError, NotFoundError, stringifyError } from '@backstage/errors';
import {
  DeploymentTarget,
  ShadowComparison,
  TargetState,
  TrafficShare,
} from '@slipway/backstage-plugin-model-delivery-node';
import { LocalServingConfig } from './config';
import { ComparisonStore } from './measurements/ComparisonStore';
import { MeasurementStore } from './measurements/MeasurementStore';
import { WatchTimes } from './processes/ModelServer';
import {
  Measured,
  PredictionProxy,
  Router,
  Upstream,
} from './proxy/PredictionProxy';
import { CopyOutcome, Mirror } from './proxy/Shadow';
import { slotOfKey, SLOTS, versionOfSlot } from './proxy/shares';
import { TrafficControl } from './proxy/TrafficControl';
import { ServerPool } from './ServerPool';
import { DirectoryLock } from './state/DirectoryLock';
import {
  findTarget,
  shareOf,
  targetKey,
  TargetRecord,
} from './state/ServingState';
import { StateStore } from './state/StateStore';

const MODEL = /^model:[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/i;

/**
 * Everything that runs: state, servers, proxy and measurements. The deployer changes what is wanted of it, the metrics
 * source reads what it measured.
 */
export class LocalServing implements Router {
  #port?: number;
  #proxy!: PredictionProxy;
  /** Milliseconds since the epoch. */
  readonly startedAt = Date.now();

  private constructor(
    readonly config: LocalServingConfig,
    readonly state: StateStore,
    readonly servers: ServerPool,
    readonly measurements: MeasurementStore,
    readonly comparisons: ComparisonStore,
    readonly logger: LoggerService,
    private readonly lock: DirectoryLock,
  ) {}

  /**
   * Takes the directory, finds or starts the servers that should run, and opens the proxy.
   * @throws when another backend uses the directory, or the configured port of the proxy is taken.
   */
  static async start(options: {
    config: LocalServingConfig;
    logger: LoggerService;
    times?: Partial<WatchTimes>;
  }): Promise<LocalServing> {
    const { logger } = options;
    await mkdir(options.config.directory, { recursive: true, mode: 0o700 });
    // One name for one folder, by which its servers are marked
    const directory = await realpath(options.config.directory);
    const config = { ...options.config, directory };
    const lock = await DirectoryLock.acquire(directory, 10_000);
    try {
      const serving = new LocalServing(
        config,
        await StateStore.open(directory),
        await ServerPool.open(config, logger, options.times),
        MeasurementStore.open(directory, config),
        ComparisonStore.open(directory, config),
        logger,
        lock,
      );
      await serving.servers.recover(serving.state.current);
      await serving.#openProxy();
      return serving;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Closes the proxy; ends the servers when configured so, or leaves them to the next backend. */
  async stop(): Promise<void> {
    await this.#proxy.close(2000);
    await this.servers.close(this.config.stopOnShutdown);
    this.measurements.close();
    this.comparisons.close();
    await this.lock.release();
  }

  /** Whether a target is served here at all, by configuration. */
  serves({ model, environment }: DeploymentTarget): boolean {
    const { environments, models } = this.config;
    return (
      MODEL.test(model) &&
      (!environments || environments.includes(environment)) &&
      (!models || models.includes(model.toLocaleLowerCase('en-US')))
    );
  }

  observe(target: DeploymentTarget): TargetState {
    const record = findTarget(this.state.current, target);
    if (!record) {
      return { shares: [], versions: [] };
    }
    return {
      shares: record.shares,
      versions: record.versions.map(({ version }) => ({
        version,
        ready: this.isReady(record, version),
      })),
      ...(record.mirror && {
        mirrors: [
          { version: record.mirror.version, share: record.mirror.share },
        ],
      }),
      endpoint: record.shares.length > 0 ? this.#endpointOf(record) : undefined,
    };
  }

  /** Whether scores are looked for in the answers of what serves there; where nothing does yet, in those of any server. */
  readsScores(target?: DeploymentTarget): boolean {
    const record = target && findTarget(this.state.current, target);
    const serving = (record?.shares ?? [])
      .filter(({ share }) => share > 0)
      .flatMap(({ version }) => this.servers.get(record!, version) ?? []);
    return serving.length > 0
      ? serving.every(server => server.launcher.scores)
      : this.config.launchers.some(launcher => launcher.scores);
  }

  isReady(target: DeploymentTarget, version: string): boolean {
    return this.servers.get(target, version)?.ready ?? false;
  }

  route(
    target: DeploymentTarget,
    key: string | undefined,
  ): Upstream[] | undefined {
    const record = findTarget(this.state.current, target);
    if (!record) {
      return undefined;
    }
    const slot =
      key === undefined
        ? Math.floor(Math.random() * SLOTS)
        : slotOfKey(targetKey(record), key);
    const intended = versionOfSlot(
      record.versions.map(({ version }) => version),
      record.shares,
      slot,
    );
    // Never a version without a share: it may not be approved yet, or have been rolled back
    return record.shares
      .filter(({ share }) => share > 0)
      .sort(
        (a, b) =>
          Number(b.version === intended) - Number(a.version === intended) ||
          b.share - a.share,
      )
      .map(({ version }) => this.#upstreamOf(record, version));
  }

  measured(target: DeploymentTarget, version: string, request: Measured): void {
    this.measurements.record(targetKey(target), version, request);
  }

  mirrorOf(target: DeploymentTarget): Mirror | undefined {
    const record = findTarget(this.state.current, target);
    return (
      record?.mirror && {
        ...this.#upstreamOf(record, record.mirror.version),
        ...record.mirror,
      }
    );
  }

  compared(
    target: DeploymentTarget,
    version: string,
    { comparison }: CopyOutcome,
  ): void {
    const key = targetKey(target);
    this.comparisons.record(key, version, comparison);
    if (comparison) {
      const { candidate, serving } = comparison;
      this.measurements.record(shadowKey(key), version, candidate);
      this.measurements.record(shadowedKey(key), version, serving);
    }
  }

  /** How a shadowed version compared in `[from, to)`. */
  readComparison(
    target: DeploymentTarget,
    version: string,
    from: Date,
    to: Date,
  ): ShadowComparison {
    const key = targetKey(target);
    const { largest, ...counts } = this.comparisons.read(
      key,
      version,
      from,
      to,
    );
    return {
      ...counts,
      ...(largest !== null && { largestDifference: largest }),
      candidate: this.measurements.read(shadowKey(key), version, from, to),
      serving: this.measurements.read(shadowedKey(key), version, from, to),
    };
  }

  /** Ends the server of a version that is not wanted any longer. Only after the state says so. */
  takeDown(target: DeploymentTarget, version: string): void {
    this.servers.remove(target, version);
  }

  #upstreamOf(record: TargetRecord, version: string): Upstream {
    const server = this.servers.get(record, version);
    return {
      version,
      address: server?.ready ? server.address : undefined,
      predictPath: server?.launcher.predictPath ?? '/invocations',
      failureStatus: server?.launcher.failureStatus ?? 500,
      scores: server?.launcher.scores,
      refused: () => server?.noteRefused(),
    };
  }

  #endpointOf({ model, environment }: DeploymentTarget): string {
    const { host } = this.config;
    const name = host.includes(':') ? `[${host}]` : host;
    const path = model.replace(/^model:/i, '').toLocaleLowerCase('en-US');
    return `http://${name}:${this.#port}/${path}/${environment}`;
  }

  /** Listens on the configured port, else on the one of last time, else on any. */
  async #openProxy(): Promise<void> {
    const { host, port } = this.config;
    const last = this.state.current.proxyPort;
    this.#proxy = this.#createProxy();
    try {
      this.#port = await this.#proxy.listen(host, port ?? last ?? 0);
    } catch (error) {
      if (port !== undefined) {
        throw new Error(
          `The proxy of local serving can't listen on ${host}:${port} (${stringifyError(
            error,
          )}); free the port or change modelDelivery.localServing.port`,
        );
      }
      this.logger.warn(
        `The proxy's last port ${last} is taken, so it moves to another`,
      );
      this.#proxy = this.#createProxy();
      this.#port = await this.#proxy.listen(host, 0);
    }
    const chosen = this.#port;
    await this.state.update(draft => {
      draft.proxyPort = chosen;
    });
    this.logger.info(`Local serving listens on http://${host}:${chosen}`);
  }

  #createProxy(): PredictionProxy {
    const { limits, controlToken } = this.config;
    return new PredictionProxy(
      this,
      limits,
      this.logger,
      controlToken === undefined
        ? undefined
        : new TrafficControl(this, controlToken),
    );
  }

  /**
   * Divides a target's traffic, past whoever deploys to it.
   * @throws NotFoundError for an unknown target, InputError for a version without a server that is ready
   */
  async divide(
    { model, environment }: DeploymentTarget,
    shares: TrafficShare[],
  ): Promise<void> {
    const wanted = shares.filter(({ share }) => share > 0);
    await this.state.update(draft => {
      const record = findTarget(draft, { model, environment });
      if (!record) {
        throw new NotFoundError(
          `${model} is not served in ${environment} from here`,
        );
      }
      const unready = wanted.find(
        ({ version }) => !this.isReady(record, version),
      );
      if (unready) {
        throw new InputError(
          `Version ${unready.version} has no server here that is ready`,
        );
      }
      record.shares = wanted;
    });
    this.logger.warn(
      `Traffic of ${model} in ${environment} was divided by hand: ${wanted
        .map(({ version, share }) => `${version} ${share} %`)
        .join(', ')}`,
    );
  }

  /** Percent of its target that a version has now. */
  shareOf(target: DeploymentTarget, version: string): number {
    const record = findTarget(this.state.current, target);
    return record ? shareOf(record, version) : 0;
  }
}

/** Under what the answers of copies are measured, apart from those that somebody got. */
function shadowKey(target: string): string {
  return `${target}|shadow`;
}

/** Under what the answers are measured that copies are compared with. */
function shadowedKey(target: string): string {
  return `${target}|shadowed`;
}
