import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  readMilliseconds,
  readRegistryConnections,
  readServiceUrl,
  requireServiceUrl,
} from '@slipway/backstage-plugin-model-delivery-node';

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
  /** Whether what was measured of logged models is read. */
  evaluations: boolean;
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
  return readRegistryConnections(root, 'mlflow', (config, { id, path }) => {
    const baseUrl = requireServiceUrl(config, 'baseUrl', path);
    return {
      id,
      baseUrl,
      publicUrl: readServiceUrl(config, 'publicUrl', path) ?? baseUrl,
      credentials: readCredentials(config, path),
      webhookSecret: readWebhookSecret(config, path),
      evaluations: config.getOptionalBoolean('evaluations') ?? false,
      timeoutMs: readMilliseconds(config, 'timeout', 15_000),
      aliasIntervalMs: readMilliseconds(config, 'aliasInterval', 5 * 60_000),
      fullReadIntervalMs: readMilliseconds(
        config,
        'fullReadInterval',
        6 * 3_600_000,
      ),
    };
  });
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
