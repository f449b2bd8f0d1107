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
