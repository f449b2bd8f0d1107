import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';

/**
 * Reads connections from `modelDelivery.KEY`, one for each name; none configured is an empty list.
 * @param read - reads one connection; `path` is for messages, such as `modelDelivery.mlflow.main`
 * @throws InputError when a name is none that an annotation can refer to, and what `read` throws
 * @public
 */
export function readRegistryConnections<T>(
  root: Config,
  key: string,
  read: (config: Config, connection: { id: string; path: string }) => T,
): T[] {
  const connections = root.getOptionalConfig(`modelDelivery.${key}`);
  return (connections?.keys() ?? []).map(id => {
    const path = `modelDelivery.${key}.${id}`;
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(id)) {
      throw new InputError(
        `${path}: a connection is named by letters, digits, '-' and '_', because annotations refer to it`,
      );
    }
    return read(connections!.getConfig(id), { id, path });
  });
}

/**
 * Reads the address of a service, without a slash at its end.
 * @param path - of the connection, for messages
 * @throws InputError when it is none, or holds credentials, which would be shown with it
 * @public
 */
export function readServiceUrl(
  config: Config,
  key: string,
  path: string,
): string | undefined {
  const text = config.getOptionalString(key);
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
    throw new InputError(
      `${path}.${key} must not contain credentials; there are keys of their own for them`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/**
 * Reads an address that must be there, as `readServiceUrl` does.
 * @throws also when it is missing
 * @public
 */
export function requireServiceUrl(
  config: Config,
  key: string,
  path: string,
): string {
  // Says itself which key is missing
  config.getString(key);
  return readServiceUrl(config, key, path)!;
}

/**
 * Reads a duration in milliseconds.
 * @param otherwise - what it is unless set, in milliseconds
 * @public
 */
export function readMilliseconds(
  config: Config,
  key: string,
  otherwise: number,
): number {
  return config.has(key)
    ? durationToMilliseconds(readDurationFromConfig(config, { key }))
    : otherwise;
}

/**
 * How a registry is asked, as far as all are alike.
 * @public
 */
export interface RegistryPace {
  /** How long one request may take. */
  timeoutMs: number;
  /** How often a request that is throttled is made in all. */
  attempts: number;
  /** How often everything is read again. */
  fullReadIntervalMs: number;
}

/**
 * Reads `timeout`, `attempts` and `fullReadInterval` of a connection.
 * @param path - of the connection, for messages
 * @param otherwise - what they are unless set: 15 seconds, 5 times and 6 hours unless told otherwise
 * @throws InputError when `attempts` are not 1 to 20
 * @public
 */
export function readRegistryPace(
  config: Config,
  path: string,
  otherwise: Partial<RegistryPace> = {},
): RegistryPace {
  const attempts =
    config.getOptionalNumber('attempts') ?? otherwise.attempts ?? 5;
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > 20) {
    throw new InputError(`${path}.attempts must be a whole number, 1 to 20`);
  }
  return {
    attempts,
    timeoutMs: readMilliseconds(
      config,
      'timeout',
      otherwise.timeoutMs ?? 15_000,
    ),
    fullReadIntervalMs: readMilliseconds(
      config,
      'fullReadInterval',
      otherwise.fullReadIntervalMs ?? 6 * 3_600_000,
    ),
  };
}
