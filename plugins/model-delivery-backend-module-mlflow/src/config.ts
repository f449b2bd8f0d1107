import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';

/** A shorter secret can be guessed from one delivery. */
const SHORTEST_SECRET = 20;

/**
 * How the server knows who asks.
 * @public
 */
export type MlflowCredentials =
  | { username: string; password: string }
  | { token: string };

/**
 * A connection to one MLflow server.
 * @public
 */
export interface MlflowConnection {
  id: string;
  /** Without a slash at the end. */
  baseUrl: string;
  /** What people open, without a slash at the end. */
  publicUrl: string;
  credentials?: MlflowCredentials;
  /** With which the server signs its webhooks; none are taken without. */
  webhookSecret?: string;
  timeoutMs: number;
  aliasIntervalMs: number;
  fullReadIntervalMs: number;
}

/**
 * Reads `modelDelivery.mlflow`; none configured is an empty list.
 * @throws InputError that names the key which is wrong.
 * @public
 */
export function readMlflowConnections(root: Config): MlflowConnection[] {
  const connections = root.getOptionalConfig('modelDelivery.mlflow');
  return (connections?.keys() ?? []).map(id => {
    const path = `modelDelivery.mlflow.${id}`;
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(id)) {
      throw new InputError(
        `${path}: a connection is named by letters, digits, '-' and '_', because annotations refer to it`,
      );
    }
    const config = connections!.getConfig(id);
    const baseUrl = readUrl(config, 'baseUrl', path)!;
    return {
      id,
      baseUrl,
      publicUrl: readUrl(config, 'publicUrl', path) ?? baseUrl,
      credentials: readCredentials(config, path),
      webhookSecret: readWebhookSecret(config, path),
      timeoutMs: readDuration(config, 'timeout', 15_000),
      aliasIntervalMs: readDuration(config, 'aliasInterval', 5 * 60_000),
      fullReadIntervalMs: readDuration(
        config,
        'fullReadInterval',
        6 * 3_600_000,
      ),
    };
  });
}

function readUrl(
  config: Config,
  key: 'baseUrl' | 'publicUrl',
  path: string,
): string | undefined {
  const text =
    key === 'baseUrl' ? config.getString(key) : config.getOptionalString(key);
  if (text === undefined) {
    return undefined;
  }
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new InputError(`${path}.${key}: '${text}' is not a URL`);
  }
  if (!['http:', 'https:'].includes(url.protocol)) {
    throw new InputError(`${path}.${key} must start with http:// or https://`);
  }
  if (url.username || url.password) {
    // Otherwise the password would be shown with the address
    throw new InputError(
      `${path}.${key} must not contain credentials; use username and password, or token`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function readCredentials(
  config: Config,
  path: string,
): MlflowCredentials | undefined {
  const token = config.getOptionalString('token');
  const username = config.getOptionalString('username');
  const password = config.getOptionalString('password');
  if (token !== undefined && (username ?? password) !== undefined) {
    throw new InputError(
      `${path}: use either token, or username and password, not both`,
    );
  }
  if ((username === undefined) !== (password === undefined)) {
    throw new InputError(
      `${path}: username and password belong together; ${
        username === undefined ? 'username' : 'password'
      } is missing`,
    );
  }
  if (token !== undefined) {
    return { token };
  }
  return username !== undefined && password !== undefined
    ? { username, password }
    : undefined;
}

function readWebhookSecret(config: Config, path: string): string | undefined {
  const secret = config.getOptionalString('webhookSecret');
  if (secret !== undefined && secret.length < SHORTEST_SECRET) {
    throw new InputError(
      `${path}.webhookSecret is shorter than ${SHORTEST_SECRET} characters`,
    );
  }
  return secret;
}

function readDuration(config: Config, key: string, otherwise: number): number {
  return config.has(key)
    ? durationToMilliseconds(readDurationFromConfig(config, { key }))
    : otherwise;
}
