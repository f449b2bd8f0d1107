import {
  Deployer,
  DeploymentTarget,
  MetricsSource,
  OperationStatus,
  SignalsBucket,
  TargetState,
  VersionSignals,
} from '@slipway/backstage-plugin-model-delivery-node';

/** How long a deployer or a metrics source may take for one answer unless the configuration says otherwise, in milliseconds. */
export const ANSWER_LIMIT_MS = 15_000;

class TimelyDeployer implements Deployer {
  readonly #deployer: Deployer;
  readonly #limitMs: number;

  constructor(deployer: Deployer, limitMs: number) {
    this.#deployer = deployer;
    this.#limitMs = limitMs;
  }

  get id(): string {
    return this.#deployer.id;
  }

  get operationLimitSeconds(): number | undefined {
    return this.#deployer.operationLimitSeconds;
  }

  get blueGreen(): boolean | undefined {
    return this.#deployer.blueGreen;
  }

  get setMirror(): Deployer['setMirror'] {
    const deployer = this.#deployer;
    return deployer.setMirror
      ? options => this.#inTime(async () => deployer.setMirror!(options))
      : undefined;
  }

  serves(target: DeploymentTarget): boolean {
    return this.#deployer.serves(target);
  }

  prepare(
    options: Parameters<Deployer['prepare']>[0],
  ): Promise<OperationStatus> {
    return this.#inTime(async () => this.#deployer.prepare(options));
  }

  setTraffic(
    options: Parameters<Deployer['setTraffic']>[0],
  ): Promise<OperationStatus> {
    return this.#inTime(async () => this.#deployer.setTraffic(options));
  }

  release(
    options: Parameters<Deployer['release']>[0],
  ): Promise<OperationStatus> {
    return this.#inTime(async () => this.#deployer.release(options));
  }

  observe(target: DeploymentTarget): Promise<TargetState> {
    return this.#inTime(async () => this.#deployer.observe(target));
  }

  #inTime<T>(ask: () => Promise<T>): Promise<T> {
    return inTime(ask(), this.#limitMs, `The deployer '${this.id}'`);
  }
}

class TimelySource implements MetricsSource {
  readonly #source: MetricsSource;
  readonly #limitMs: number;

  constructor(source: MetricsSource, limitMs: number) {
    this.#source = source;
    this.#limitMs = limitMs;
  }

  get id(): string {
    return this.#source.id;
  }

  get readComparison(): MetricsSource['readComparison'] {
    const source = this.#source;
    return source.readComparison
      ? options => this.#inTime(async () => source.readComparison!(options))
      : undefined;
  }

  get gives(): MetricsSource['gives'] {
    const source = this.#source;
    return source.gives
      ? target => this.#inTime(async () => source.gives!(target))
      : undefined;
  }

  get isSilent(): MetricsSource['isSilent'] {
    const source = this.#source;
    return source.isSilent
      ? options => this.#inTime(async () => source.isSilent!(options))
      : undefined;
  }

  watches(target: DeploymentTarget): Promise<boolean> {
    return this.#inTime(async () => this.#source.watches(target));
  }

  read(options: Parameters<MetricsSource['read']>[0]): Promise<VersionSignals> {
    return this.#inTime(async () => this.#source.read(options));
  }

  readSeries(
    options: Parameters<MetricsSource['readSeries']>[0],
  ): Promise<SignalsBucket[]> {
    return this.#inTime(async () => this.#source.readSeries(options));
  }

  #inTime<T>(ask: () => Promise<T>): Promise<T> {
    return inTime(ask(), this.#limitMs, `The metrics source '${this.id}'`);
  }
}

/** What hangs must not hold a promotion, and with it a place among those that are worked on, for ever. */
async function inTime<T>(
  answer: Promise<T>,
  limitMs: number,
  who: string,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(new Error(`${who} has not answered for ${limitMs / 1000} s`)),
      limitMs,
    );
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/**
 * A deployer whose every answer comes in time or counts as technical trouble. What it does all the same is not undone, and
 * what it says later is ignored: the same is asked again under the same operation key.
 * @throws Error from each of its operations when it has not answered within `limitMs`
 */
export function answerInTime(deployer: Deployer, limitMs: number): Deployer {
  return new TimelyDeployer(deployer, limitMs);
}

/**
 * A metrics source whose every answer comes in time or counts as technical trouble.
 * @throws Error from each of its operations when it has not answered within `limitMs`
 */
export function readInTime(
  source: MetricsSource,
  limitMs: number,
): MetricsSource {
  return new TimelySource(source, limitMs);
}
