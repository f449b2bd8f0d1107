import { resolve } from 'node:path';
import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { assertPlaceholders } from './launching/placeholders';
import { isPointer, MLFLOW_SCORES, ScorePointers } from './proxy/readScore';

/** How servers of one kind of artifact are started. */
export interface Launcher {
  /** Scheme of the artifact URI, without colon. */
  scheme: string;
  /** Program and arguments with placeholders. */
  command: string[];
  /** Environment variables with placeholders. */
  env: Record<string, string>;
  /** Absolute. */
  workingDirectory: string;
  healthPath: string;
  predictPath: string;
  /** Lowest status that counts as an error. */
  failureStatus: number;
  /** Where answers have their score; not looked for when undefined. */
  scores?: ScorePointers;
  startTimeoutMilliseconds: number;
}

/** Bounds of one request to the proxy. */
export interface ProxyLimits {
  maxBodyBytes: number;
  answerTimeoutMilliseconds: number;
  maxConnections: number;
  /** Copies of requests that are on their way to candidates at a time. */
  maxMirrored: number;
  /** Largest body of a request that is copied, and of an answer that is compared. */
  maxMirroredBytes: number;
  /** Largest body of an answer whose score is read. */
  maxScoredBytes: number;
}

/** Settings of local serving, complete and checked. */
export interface LocalServingConfig {
  /** Absolute. */
  directory: string;
  /** A loopback address. */
  host: string;
  /** Port of the proxy; chosen when undefined. */
  port?: number;
  portRange?: { from: number; to: number };
  /** All when undefined. */
  environments?: string[];
  /** Entity references; all when undefined. */
  models?: string[];
  launchers: Launcher[];
  stopOnShutdown: boolean;
  /** By which operators of the target divide its traffic themselves; they cannot when undefined. */
  controlToken?: string;
  limits: ProxyLimits;
  retentionMilliseconds: number;
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|::1)$/;
const SHORTEST_TOKEN = 20;
const SCHEME = /^[a-z][a-z0-9+.-]{0,30}$/;
const PATH = /^\/[A-Za-z0-9._~/-]*$/;

/**
 * Reads `modelDelivery.localServing`.
 * @returns undefined when local serving is not enabled.
 * @throws InputError naming the setting that is wrong.
 */
export function readLocalServingConfig(
  root: Config,
): LocalServingConfig | undefined {
  const config = root.getOptionalConfig('modelDelivery.localServing');
  if (!config?.getOptionalBoolean('enabled')) {
    return undefined;
  }
  const at = (key: string) => `modelDelivery.localServing.${key}`;
  const host = config.getOptionalString('host') ?? '127.0.0.1';
  if (!LOOPBACK.test(host)) {
    throw new InputError(
      `${at(
        'host',
      )} is ${host}, which others can reach; the proxy asks for no credentials, so use a loopback address such as 127.0.0.1`,
    );
  }
  const launchers = config
    .getConfigArray('launchers')
    .map((launcher, i) => readLauncher(launcher, at(`launchers[${i}]`)));
  const schemes = launchers.map(launcher => launcher.scheme);
  const twice = schemes.find((scheme, i) => schemes.indexOf(scheme) !== i);
  if (twice) {
    throw new InputError(
      `${at('launchers')} has two launchers for the scheme ${twice}`,
    );
  }
  return {
    directory: resolve(config.getString('directory')),
    host,
    port: readPort(config, 'port', at('port')),
    portRange: readPortRange(config, at('portRange')),
    environments: config.getOptionalStringArray('environments'),
    models: config
      .getOptionalStringArray('models')
      ?.map(ref => ref.toLocaleLowerCase('en-US')),
    launchers,
    stopOnShutdown: config.getOptionalBoolean('stopOnShutdown') ?? false,
    controlToken: readControlToken(config, at('control.token')),
    limits: {
      maxBodyBytes: readPositive(
        config,
        'limits.maxBodyBytes',
        5 * 1024 * 1024,
      ),
      answerTimeoutMilliseconds:
        readPositive(config, 'limits.answerTimeoutSeconds', 30) * 1000,
      maxConnections: readPositive(config, 'limits.maxConnections', 256),
      maxMirrored: readPositive(config, 'limits.maxMirrored', 16),
      maxMirroredBytes: readPositive(
        config,
        'limits.maxMirroredBytes',
        256 * 1024,
      ),
      maxScoredBytes: readPositive(config, 'limits.maxScoredBytes', 64 * 1024),
    },
    retentionMilliseconds:
      readPositive(config, 'retentionHours', 72) * 3_600_000,
  };

  function readPositive(from: Config, key: string, fallback: number): number {
    const value = from.getOptionalNumber(key) ?? fallback;
    if (!(value > 0)) {
      throw new InputError(`${at(key)} is ${value}; it must be above 0`);
    }
    return value;
  }
}

function readControlToken(config: Config, at: string): string | undefined {
  const token = config.getOptionalString('control.token');
  if (token !== undefined && token.length < SHORTEST_TOKEN) {
    throw new InputError(
      `${at} is too short to be secret; it needs ${SHORTEST_TOKEN} characters`,
    );
  }
  return token;
}

function readLauncher(config: Config, at: string): Launcher {
  const scheme = config.getString('scheme');
  if (!SCHEME.test(scheme)) {
    throw new InputError(
      `${at}.scheme is "${scheme}"; a scheme such as "models" is expected, without colon`,
    );
  }
  const command = config.getStringArray('command');
  if (command.length === 0) {
    throw new InputError(`${at}.command is empty; it must name a program`);
  }
  const env = Object.fromEntries(
    Object.keys(config.getOptional<object>('env') ?? {}).map(name => [
      name,
      config.getConfig('env').getString(name),
    ]),
  );
  command.forEach((text, i) => assertPlaceholders(text, `${at}.command[${i}]`));
  Object.entries(env).forEach(([name, text]) =>
    assertPlaceholders(text, `${at}.env.${name}`),
  );
  // Backstage drops a text with a placeholder whose dollar sign is not doubled, without a word
  if (
    ![...command, ...Object.values(env)].some(text => text.includes('${port}'))
  ) {
    throw new InputError(
      `${at} tells the server its port neither in command nor in env; use the placeholder of the port, in YAML with a doubled dollar sign: $$\{port}`,
    );
  }
  const seconds = config.getOptionalNumber('startTimeoutSeconds') ?? 60;
  if (!(seconds > 0)) {
    throw new InputError(
      `${at}.startTimeoutSeconds is ${seconds}; it must be above 0`,
    );
  }
  const failureStatus = config.getOptionalNumber('failureStatus') ?? 500;
  if (!(failureStatus >= 400 && failureStatus <= 599)) {
    throw new InputError(
      `${at}.failureStatus is ${failureStatus}; a status from 400 to 599 is expected`,
    );
  }
  return {
    scheme,
    command,
    env,
    workingDirectory: resolve(
      config.getOptionalString('workingDirectory') ?? '.',
    ),
    healthPath: readPath(config, 'healthPath', '/ping', at),
    predictPath: readPath(config, 'predictPath', '/invocations', at),
    failureStatus,
    scores: readScores(config, at),
    startTimeoutMilliseconds: seconds * 1000,
  };
}

function readScores(config: Config, at: string): ScorePointers | undefined {
  if (config.getOptionalBoolean('scores.enabled') === false) {
    return undefined;
  }
  const read = (key: keyof ScorePointers) => {
    const pointer = config.getOptionalString(`scores.${key}`);
    if (pointer !== undefined && !isPointer(pointer)) {
      throw new InputError(
        `${at}.scores.${key} is "${pointer}"; a JSON pointer such as "/predictions" is expected`,
      );
    }
    return pointer ?? MLFLOW_SCORES[key];
  };
  return { predictions: read('predictions'), score: read('score') };
}

function readPath(config: Config, key: string, fallback: string, at: string) {
  const path = config.getOptionalString(key) ?? fallback;
  if (!PATH.test(path)) {
    throw new InputError(
      `${at}.${key} is "${path}"; a path such as "${fallback}" is expected`,
    );
  }
  return path;
}

function readPort(config: Config, key: string, at: string): number | undefined {
  const port = config.getOptionalNumber(key);
  if (
    port !== undefined &&
    !(Number.isInteger(port) && port > 0 && port < 65536)
  ) {
    throw new InputError(
      `${at} is ${port}; a port from 1 to 65535 is expected`,
    );
  }
  return port;
}

function readPortRange(config: Config, at: string) {
  if (!config.has('portRange')) {
    return undefined;
  }
  const from = readPort(config, 'portRange.from', `${at}.from`);
  const to = readPort(config, 'portRange.to', `${at}.to`);
  if (from === undefined || to === undefined || from > to) {
    throw new InputError(
      `${at} must have a "from" and a "to" that is not below it; it has ${from} and ${to}`,
    );
  }
  return { from, to };
}
