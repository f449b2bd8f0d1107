import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';

/** A service that deploys when it is told to. */
export interface WebhookConnection {
  id: string;
  url: string;
  secret: string;
  /** With the placeholder of the operation key. */
  statusUrl?: string;
  environments?: string[];
  /** Entity refs in lower case. */
  models?: string[];
  dividesTraffic: boolean;
  blueGreen: boolean;
  timeoutMs: number;
  pollIntervalMs: number;
  operationLimitMs: number;
  backOffMs: number;
  attempts: number;
}

const SHORTEST_SECRET = 32;

/**
 * Reads `modelDelivery.webhook`; none configured is an empty list.
 * @throws InputError that names the key which is wrong.
 */
export function readWebhookConnections(root: Config): WebhookConnection[] {
  const connections = root.getOptionalConfig('modelDelivery.webhook');
  return (connections?.keys() ?? []).map(id => {
    const path = `modelDelivery.webhook.${id}`;
    const config = connections!.getConfig(id);
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(id)) {
      throw new InputError(
        `${path}: a connection is named by letters, digits, '-' and '_'`,
      );
    }
    const secret = config.getString('secret');
    if (secret.length < SHORTEST_SECRET) {
      throw new InputError(
        `${path}.secret is shorter than ${SHORTEST_SECRET} characters`,
      );
    }
    const statusUrl = config.getOptionalString('statusUrl');
    if (statusUrl && !statusUrl.includes('${operationKey}')) {
      throw new InputError(
        `${path}.statusUrl has no placeholder of the operation key; in YAML, double the dollar sign: $$\{operationKey}`,
      );
    }
    const attempts = config.getOptionalNumber('attempts') ?? 8;
    if (!(Number.isInteger(attempts) && attempts >= 1)) {
      throw new InputError(
        `${path}.attempts is ${attempts}; a whole number from 1 is expected`,
      );
    }
    return {
      id,
      url: checkUrl(config.getString('url'), `${path}.url`),
      secret,
      statusUrl: statusUrl && checkUrl(statusUrl, `${path}.statusUrl`),
      environments: config.getOptionalStringArray('environments'),
      models: config
        .getOptionalStringArray('models')
        ?.map(ref => ref.toLocaleLowerCase('en-US')),
      dividesTraffic: config.getOptionalBoolean('dividesTraffic') ?? true,
      blueGreen: config.getOptionalBoolean('blueGreen') ?? false,
      timeoutMs: readDuration(config, 'timeout', 10_000),
      pollIntervalMs: readDuration(config, 'pollInterval', 5_000),
      operationLimitMs: readDuration(config, 'operationLimit', 3_600_000),
      backOffMs: readDuration(config, 'backOff', 2_000),
      attempts,
    };
  });
}

function checkUrl(text: string, at: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new InputError(
      `${at} is "${text}"; a URL that starts with http:// or https:// is expected`,
    );
  }
  if (url.username || url.password) {
    throw new InputError(`${at} must not contain credentials`);
  }
  return text;
}

function readDuration(config: Config, key: string, otherwise: number): number {
  return config.has(key)
    ? durationToMilliseconds(readDurationFromConfig(config, { key }))
    : otherwise;
}
