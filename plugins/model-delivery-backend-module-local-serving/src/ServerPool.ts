import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LoggerService } from '@backstage/backend-plugin-api';
import { DeploymentTarget } from '@slipway/backstage-plugin-model-delivery-node';
import { LocalServingConfig } from './config';
import { findLauncher, ServableVersion } from './launching/launchPlan';
import { ModelServer, WATCH_TIMES, WatchTimes } from './processes/ModelServer';
import { Ports } from './processes/ports';
import {
  endGroup,
  findMarkedGroups,
  isAlive,
  signalGroup,
} from './processes/processIdentity';
import { ProcessRegistry } from './processes/ProcessRegistry';
import { ServingState, targetKey } from './state/ServingState';

/** The servers of all targets. */
export class ServerPool {
  readonly #servers = new Map<string, ModelServer>();
  readonly #stopping = new Map<string, Promise<void>>();
  readonly #ports: Ports;

  private constructor(
    private readonly config: LocalServingConfig,
    private readonly registry: ProcessRegistry,
    private readonly logger: LoggerService,
    private readonly times: WatchTimes,
  ) {
    this.#ports = new Ports({ host: config.host, range: config.portRange });
  }

  static async open(
    config: LocalServingConfig,
    logger: LoggerService,
    times: Partial<WatchTimes> = {},
  ): Promise<ServerPool> {
    await mkdir(join(config.directory, 'logs'), { recursive: true });
    const registry = await ProcessRegistry.open(config.directory);
    return new ServerPool(config, registry, logger, {
      ...WATCH_TIMES,
      ...times,
    });
  }

  /** Ends what runs but is not wanted any longer, and starts or finds what is. */
  async recover(state: ServingState): Promise<void> {
    const wanted = new Set(
      state.targets.flatMap(target =>
        target.versions.map(({ version }) => keyOf(target, version)),
      ),
    );
    const kept = new Set<number>();
    for (const entry of this.registry.all()) {
      if (!(await isAlive(entry))) {
        await this.registry.remove(entry);
      } else if (wanted.has(keyOf(entry, entry.version))) {
        kept.add(entry.pid);
      } else {
        await endGroup(entry, this.times.grace);
        await this.registry.remove(entry);
        this.logger.info(
          `Ended the server of ${entry.model} ${entry.version} in ${entry.environment}, which is not wanted any longer`,
        );
      }
    }
    // What a kill of the backend left between starting a process and writing it down, or a dead server its children
    for (const group of await findMarkedGroups(this.config.directory)) {
      if (!kept.has(group)) {
        this.logger.info(`Ending process group ${group} of a former backend`);
        signalGroup(group, 'SIGKILL');
      }
    }
    for (const target of state.targets) {
      for (const version of target.versions) {
        try {
          this.ensure(target, version);
        } catch (error) {
          this.logger.error(
            `${target.model} ${version.version} cannot be served in ${target.environment} any longer: ${error}`,
          );
        }
      }
    }
  }

  get(target: DeploymentTarget, version: string): ModelServer | undefined {
    return this.#servers.get(keyOf(target, version));
  }

  /**
   * Sees to it that a version's server is kept running.
   * @returns undefined while a former server of the same version still ends.
   * @throws InputError when no launcher can start it.
   */
  ensure(
    target: DeploymentTarget,
    version: ServableVersion,
  ): ModelServer | undefined {
    const key = keyOf(target, version.version);
    const found = this.#servers.get(key);
    if (found || this.#stopping.has(key)) {
      return found;
    }
    const launcher = findLauncher(this.config.launchers, version);
    const name = {
      model: target.model,
      environment: target.environment,
      version: version.version,
    };
    const server = new ModelServer({
      name,
      version,
      launcher,
      host: this.config.host,
      directory: this.config.directory,
      logFile: join(
        this.config.directory,
        'logs',
        `${key.replace(/[^A-Za-z0-9._+-]+/g, '_')}.log`,
      ),
      ports: this.#ports,
      registry: this.registry,
      logger: this.logger,
      times: this.times,
    });
    this.#servers.set(key, server);
    server.start();
    return server;
  }

  /** Begins to end a version's server. */
  remove(target: DeploymentTarget, version: string): void {
    const key = keyOf(target, version);
    const server = this.#servers.get(key);
    if (server) {
      this.#servers.delete(key);
      const stopped = server
        .stop()
        .catch(error =>
          this.logger.error(
            `Server of ${target.model} ${version} could not be ended: ${error}`,
          ),
        )
        .finally(() => this.#stopping.delete(key));
      this.#stopping.set(key, stopped);
    }
  }

  /** Whether nothing of a version's server is left. */
  isGone(target: DeploymentTarget, version: string): boolean {
    const key = keyOf(target, version);
    return !this.#servers.has(key) && !this.#stopping.has(key);
  }

  /** @param stop - whether the servers are ended too, or left to the next backend */
  async close(stop: boolean): Promise<void> {
    await Promise.all([
      ...[...this.#servers.values()].map(server =>
        stop ? server.stop() : server.abandon(),
      ),
      ...this.#stopping.values(),
    ]);
  }
}

function keyOf(target: DeploymentTarget, version: string): string {
  return `${targetKey(target)}|${version}`;
}
