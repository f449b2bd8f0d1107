import { ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { LoggerService } from '@backstage/backend-plugin-api';
import { Launcher } from '../config';
import { planLaunch, ServableVersion } from '../launching/launchPlan';
import { answersHealthCheck } from './healthCheck';
import { Ports } from './ports';
import {
  endGroup,
  isAlive,
  MARKER,
  signalGroup,
  startTimeOf,
} from './processIdentity';
import { ProcessEntry, ProcessRegistry, ServerName } from './ProcessRegistry';
import { boundLog, openLog, tailOfLog } from './serverLog';

/** How a server is watched; in milliseconds. */
export interface WatchTimes {
  /** Between health checks until the first success. */
  startInterval: number;
  /** Between health checks after it. */
  interval: number;
  /** Until a health check counts as failed. */
  timeout: number;
  /** Before the first restart; doubled each time. */
  backOff: number;
  longestBackOff: number;
  /** Between asking a server to end and killing it. */
  grace: number;
}

export const WATCH_TIMES: WatchTimes = {
  startInterval: 150,
  interval: 1000,
  timeout: 2000,
  backOff: 500,
  longestBackOff: 30_000,
  grace: 5000,
};

/** Failed health checks in a row after which a server gets no traffic, and after which it is replaced. */
const UNREADY_AFTER = 2;
const REPLACED_AFTER = 15;

export interface ModelServerOptions {
  name: ServerName;
  version: ServableVersion;
  launcher: Launcher;
  host: string;
  /** Absolute folder of the state, by which the process is marked. */
  directory: string;
  logFile: string;
  ports: Ports;
  registry: ProcessRegistry;
  logger: LoggerService;
  times: WatchTimes;
}

/**
 * Keeps the server process of one version running: starts it, or takes over the one that a former backend left, watches
 * its health, and replaces it with growing pauses when it ends or hangs.
 */
export class ModelServer {
  readonly #options: ModelServerOptions;
  #ending = false;
  #wake = () => {};
  #process?: ProcessEntry;
  #ready = false;
  #everReady = false;
  #failedStarts = 0;
  #running?: Promise<void>;

  constructor(options: ModelServerOptions) {
    this.#options = options;
  }

  /** Whether it answers its health check. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Where it listens, undefined while no process runs. */
  get address(): { host: string; port: number } | undefined {
    return this.#process;
  }

  get launcher(): Launcher {
    return this.#options.launcher;
  }

  /** Processes that ended without ever having answered, since the last one that did. */
  get failedStarts(): number {
    return this.#failedStarts;
  }

  /** The last lines that the server wrote. */
  get lastLines(): string {
    return tailOfLog(this.#options.logFile);
  }

  /** Begins to keep it running. */
  start(): void {
    this.#running ??= this.#keepRunning();
  }

  /** Takes it out of traffic until its next successful health check, because it refused a connection. */
  noteRefused(): void {
    this.#ready = false;
  }

  /** Stops watching and leaves the process to whoever comes next. */
  async abandon(): Promise<void> {
    this.#ending = true;
    this.#wake();
    await this.#running;
  }

  /** Ends the process and everything it started. */
  async stop(): Promise<void> {
    this.#ready = false;
    await this.abandon();
    if (this.#process) {
      await this.#end(this.#process);
    }
  }

  async #keepRunning(): Promise<void> {
    const { logger, times } = this.#options;
    let restarts = 0;
    while (!this.#ending) {
      try {
        this.#everReady = false;
        this.#process = (await this.#takeOver()) ?? (await this.#spawn());
        const since = Date.now();
        const why = await this.#watch(this.#process);
        if (why === undefined) {
          return;
        }
        this.#ready = false;
        logger.warn(`${this.#title} ${why}; it will be started again`);
        await this.#end(this.#process);
        restarts = Date.now() - since > 60_000 ? 0 : restarts;
      } catch (error) {
        logger.error(`${this.#title} could not be started: ${error}`);
      }
      if (!this.#everReady) {
        this.#failedStarts += 1;
      }
      const pause = Math.min(
        times.backOff * 2 ** restarts,
        times.longestBackOff,
      );
      restarts += 1;
      await this.#pause(pause);
    }
  }

  /** Finds the process that a former backend started, if it still is what the configuration asks for. */
  async #takeOver(): Promise<ProcessEntry | undefined> {
    const { name, registry, ports, logger, host } = this.#options;
    const entry = registry.get(name);
    if (!entry || this.#ending) {
      return undefined;
    }
    const alive = await isAlive(entry);
    const { command } = this.#plan(entry.port);
    const asked =
      entry.host === host &&
      JSON.stringify(command) === JSON.stringify(entry.command);
    if (alive && asked) {
      ports.note(entry.port);
      logger.info(`${this.#title} found again as process ${entry.pid}`);
      return entry;
    }
    if (alive) {
      logger.info(
        `${this.#title} is replaced, because its launcher was changed`,
      );
      await this.#end(entry);
    } else {
      await registry.remove(entry);
    }
    return undefined;
  }

  async #spawn(): Promise<ProcessEntry> {
    const { name, host, directory, logFile, ports, registry, logger } =
      this.#options;
    const port = await ports.take();
    const { command, env } = this.#plan(port);
    const log = openLog(logFile);
    let child: ChildProcess;
    try {
      child = spawn(command[0], command.slice(1), {
        cwd: this.launcher.workingDirectory,
        // The port is there for a search in the process table, the marker for finding it when all else is lost
        env: { ...env, [MARKER]: directory },
        stdio: ['ignore', log, log],
        detached: true,
      });
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', reject);
      });
    } catch (error) {
      ports.giveBack(port);
      throw error;
    } finally {
      closeSync(log);
    }
    child.on('error', () => {});
    // The watch then sees it at once instead of at its next look
    child.once('exit', () => this.#wake());
    child.unref();
    const pid = child.pid!;
    const entry: ProcessEntry = {
      ...name,
      pid,
      startTime: (await startTimeOf(pid)) ?? '',
      host,
      port,
      command,
    };
    await registry.set(entry);
    logger.info(`${this.#title} started as process ${pid} on port ${port}`);
    return entry;
  }

  /** @returns why the process has to be replaced, undefined when nobody wants to watch any longer. */
  async #watch(entry: ProcessEntry): Promise<string | undefined> {
    const { times, logFile, logger } = this.#options;
    const since = Date.now();
    let failures = 0;
    for (;;) {
      if (this.#ending) return undefined;
      if (!(await isAlive(entry))) {
        return `ended${this.#everReady ? '' : ' before it was ready'}`;
      }
      const healthy = await answersHealthCheck(
        { ...entry, path: this.launcher.healthPath },
        times.timeout,
      );
      if (this.#ending) return undefined;
      if (healthy && !this.#ready) {
        logger.info(`${this.#title} is ready`);
      }
      failures = healthy ? 0 : failures + 1;
      if (healthy) {
        this.#ready = true;
        this.#everReady = true;
        this.#failedStarts = 0;
      } else if (this.#ready && failures >= UNREADY_AFTER) {
        this.#ready = false;
        logger.warn(`${this.#title} does not answer its health check`);
      }
      if (this.#everReady && failures >= REPLACED_AFTER) {
        return 'hangs';
      }
      if (
        !this.#everReady &&
        Date.now() - since > this.launcher.startTimeoutMilliseconds
      ) {
        return `was not ready after ${
          this.launcher.startTimeoutMilliseconds / 1000
        } s`;
      }
      boundLog(logFile);
      await this.#pause(this.#ready ? times.interval : times.startInterval);
    }
  }

  async #end(entry: ProcessEntry): Promise<void> {
    const { times, registry, ports } = this.#options;
    if (!(await endGroup(entry, times.grace)) && entry === this.#process) {
      // It was watched until it ended, so the group can only hold what it left behind
      signalGroup(entry.pid, 'SIGKILL');
    }
    ports.giveBack(entry.port);
    await registry.remove(entry);
    if (entry === this.#process) {
      this.#process = undefined;
    }
  }

  #plan(port: number) {
    const { launcher, version, host } = this.#options;
    return planLaunch(launcher, version, host, port);
  }

  get #title(): string {
    const { model, environment, version } = this.#options.name;
    return `Server of ${model} ${version} in ${environment}`;
  }

  /** Waits, unless the process ends or nobody wants to watch any longer. */
  async #pause(milliseconds: number): Promise<void> {
    if (this.#ending) return;
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
