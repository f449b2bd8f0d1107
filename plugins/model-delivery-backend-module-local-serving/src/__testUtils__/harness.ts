import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { JsonObject } from '@backstage/types';
import {
  DeployableVersion,
  OperationStatus,
} from '@slipway/backstage-plugin-model-delivery-node';
import { readLocalServingConfig } from '../config';
import { LocalServing } from '../LocalServing';
import { LocalServingDeployer } from '../LocalServingDeployer';
import { LocalServingMetricsSource } from '../LocalServingMetricsSource';

export const target = {
  model: 'model:default/churn',
  environment: 'production',
};

/** Settings whose launcher runs the server of the tests. */
export function settings(directory: string, more: JsonObject = {}): JsonObject {
  return {
    enabled: true,
    directory,
    launchers: [
      {
        scheme: 'test',
        command: [
          '${node}',
          join(__dirname, 'modelServer.mjs'),
          '${host}',
          '${port}',
          '${artifactPath}',
          '${version}',
        ],
        env: {
          MODEL: '${artifactUri}',
          LATE_FILE: join(directory, 'late'),
        },
        startTimeoutSeconds: 5,
      },
    ],
    ...more,
  };
}

/** Local serving in a folder of its own, which can be restarted, and is cleared away in the end. */
export class Harness {
  serving!: LocalServing;
  deployer!: LocalServingDeployer;
  metrics!: LocalServingMetricsSource;
  /** How often the proxy was told to divide its traffic. */
  trafficMoves = 0;
  #key = 0;

  private constructor(
    readonly directory: string,
    private readonly more: JsonObject,
  ) {}

  static async start(more: JsonObject = {}): Promise<Harness> {
    const directory = await mkdtemp(join(tmpdir(), 'slipway-serving-'));
    const harness = new Harness(directory, more);
    await harness.startAgain();
    return harness;
  }

  async startAgain(): Promise<void> {
    const config = readLocalServingConfig(
      new ConfigReader({
        modelDelivery: { localServing: settings(this.directory, this.more) },
      }),
    )!;
    const logger = mockServices.logger.mock();
    logger.info.mockImplementation(message => {
      this.trafficMoves += message.startsWith('Traffic of') ? 1 : 0;
    });
    this.serving = await LocalServing.start({
      config,
      logger,
      times: { backOff: 300, startInterval: 30, interval: 100, grace: 1000 },
    });
    this.deployer = new LocalServingDeployer(this.serving);
    this.metrics = new LocalServingMetricsSource(this.serving);
  }

  /** Ends all servers and removes the folder. */
  async end(): Promise<void> {
    await this.serving.servers.close(true);
    await this.serving.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  nextKey(): string {
    this.#key += 1;
    return `key-${this.#key}`;
  }

  /** Asks again until the operation is not pending any longer. */
  async settle(ask: () => Promise<OperationStatus>): Promise<OperationStatus> {
    for (let i = 0; i < 400; i++) {
      const status = await ask();
      if (status.state !== 'pending') return status;
      await delay(25);
    }
    throw new Error('The operation stayed pending');
  }

  prepare(version: DeployableVersion, operationKey = this.nextKey()) {
    return this.settle(() =>
      this.deployer.prepare({ operationKey, target, version }),
    );
  }

  setTraffic(shares: Record<string, number>, operationKey = this.nextKey()) {
    return this.settle(() =>
      this.deployer.setTraffic({
        operationKey,
        target,
        shares: Object.entries(shares).map(([version, share]) => ({
          version,
          share,
        })),
      }),
    );
  }

  release(version: string, operationKey = this.nextKey()) {
    return this.settle(() =>
      this.deployer.release({ operationKey, target, version }),
    );
  }

  async endpoint(): Promise<string> {
    return (await this.deployer.observe(target)).endpoint!;
  }

  /** Sends one request to the endpoint, or to a path below it. */
  async ask(
    options: {
      key?: string;
      path?: string;
      method?: string;
      headers?: Record<string, string>;
      body?: string;
      signal?: AbortSignal;
    } = {},
  ): Promise<Answer> {
    return send(`${await this.endpoint()}${options.path ?? ''}`, options);
  }

  /** Everything measured of a version so far. */
  measured(version: string) {
    return this.metrics.read({
      target,
      version,
      from: new Date(Date.now() - 3_600_000),
      to: new Date(Date.now() + 2000),
    });
  }
}

export interface Answer {
  status: number;
  version?: string;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
  /** The text as JSON. */
  json(): Record<string, any>;
}

/** A request as bare as Node makes it, so that every header can be set. */
export function send(
  url: string,
  options: {
    key?: string;
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    signal?: AbortSignal;
  } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: options.method ?? 'POST',
        agent: false,
        signal: options.signal,
        headers: {
          ...(options.key === undefined
            ? {}
            : { 'x-slipway-key': options.key }),
          ...options.headers,
        },
      },
      response => {
        let text = '';
        response.on('data', chunk => {
          text += chunk;
        });
        response.once('error', reject);
        response.once('end', () =>
          resolve({
            status: response.statusCode!,
            version: response.headers['x-slipway-version'] as string,
            headers: response.headers,
            text,
            json: () => JSON.parse(text),
          }),
        );
      },
    );
    sent.once('error', reject);
    sent.end(options.body ?? '{}');
  });
}

export function versionOf(
  name: string,
  kind: string = 'good',
): DeployableVersion {
  return {
    version: name,
    digest: `sha256:${name.padEnd(64, '0')}`,
    artifactUri: `test:${kind}/${name}`,
    artifactDigest: `sha256:${'a'.repeat(64)}`,
    parameters: {},
  };
}
