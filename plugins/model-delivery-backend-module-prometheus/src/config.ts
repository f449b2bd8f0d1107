import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import { countsByItself, unknownPlaceholders } from './templates';

/** A connection to one Prometheus server. */
export interface PrometheusConnection {
  id: string;
  /** Without a slash at the end. */
  baseUrl: string;
  /** Of each request, with the credentials. */
  headers: Record<string, string>;
  timeoutMs: number;
  environments?: string[];
  /** Entity refs in lower case. */
  models?: string[];
  /** Values with placeholders by name of the label. */
  labels: Record<string, string>;
  queries: {
    requests: string;
    errors?: string;
    latencies?: string;
    scores?: string;
  };
  errorLabel: string;
  /** For the whole value. */
  errorPattern: RegExp;
  /** Milliseconds in one unit of the latency buckets. */
  latencyUnitMs: number;
  trustInterpolation: boolean;
  scrapeIntervalMs: number;
}

const LABEL = /^[A-Za-z_][A-Za-z0-9_]*$/;
const DEFAULT_LABELS = {
  model: '${name}',
  environment: '${environment}',
  version: '${version}',
};

/**
 * Reads `modelDelivery.prometheus`; none configured is an empty list.
 * @throws InputError that names the key which is wrong.
 */
export function readPrometheusConnections(
  root: Config,
): PrometheusConnection[] {
  const connections = root.getOptionalConfig('modelDelivery.prometheus');
  return (connections?.keys() ?? []).map(id => {
    const path = `modelDelivery.prometheus.${id}`;
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(id)) {
      throw new InputError(
        `${path}: a connection is named by letters, digits, '-' and '_'`,
      );
    }
    return readConnection(id, connections!.getConfig(id), path);
  });
}

function readConnection(
  id: string,
  config: Config,
  path: string,
): PrometheusConnection {
  const queries = {
    requests: readQuery(config, 'requests', path)!,
    errors: readQuery(config, 'errors', path),
    latencies: readQuery(config, 'latencies', path),
    scores: readQuery(config, 'scores', path),
  };
  if (!queries.errors && countsByItself(queries.requests)) {
    throw new InputError(
      `${path}.queries.errors is missing; it can be left out only if queries.requests is a selector, without range`,
    );
  }
  const unit = config.getOptionalString('latencyUnit') ?? 'seconds';
  if (unit !== 'seconds' && unit !== 'milliseconds') {
    throw new InputError(
      `${path}.latencyUnit is "${unit}"; it must be seconds or milliseconds`,
    );
  }
  return {
    id,
    baseUrl: readUrl(config, path),
    headers: {
      ...readTexts(config, 'headers'),
      ...readCredentials(config, path),
    },
    timeoutMs: readDuration(config, 'timeout', 15_000),
    environments: config.getOptionalStringArray('environments'),
    models: config
      .getOptionalStringArray('models')
      ?.map(ref => ref.toLocaleLowerCase('en-US')),
    labels: readLabels(config, path),
    queries,
    errorLabel: config.getOptionalString('errorLabel') ?? 'status',
    errorPattern: readPattern(config, path),
    latencyUnitMs: unit === 'seconds' ? 1000 : 1,
    trustInterpolation:
      config.getOptionalBoolean('trustInterpolation') ?? false,
    scrapeIntervalMs: readDuration(config, 'scrapeInterval', 15_000),
  };
}

function readUrl(config: Config, path: string): string {
  const text = config.getString('baseUrl');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new InputError(
      `${path}.baseUrl is "${text}"; a URL that starts with http:// or https:// is expected`,
    );
  }
  if (url.username || url.password) {
    // Otherwise the password would be shown with the address
    throw new InputError(
      `${path}.baseUrl must not contain credentials; use username and password, or token`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function readCredentials(config: Config, path: string): Record<string, string> {
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
      `${path}: username and password belong together; one is missing`,
    );
  }
  if (token !== undefined) {
    return { authorization: `Bearer ${token}` };
  }
  const pair = Buffer.from(`${username}:${password}`).toString('base64');
  return username === undefined ? {} : { authorization: `Basic ${pair}` };
}

function readQuery(
  config: Config,
  key: keyof PrometheusConnection['queries'],
  path: string,
): string | undefined {
  const query =
    key === 'requests'
      ? config.getString('queries.requests')
      : config.getOptionalString(`queries.${key}`);
  if (query !== undefined) {
    assertKnown(query, 'query', `${path}.queries.${key}`);
    // Backstage drops a text with a placeholder whose dollar sign is not doubled, without a word
    if (!/\$\{(matchers|version)\}/.test(query)) {
      throw new InputError(
        `${path}.queries.${key} does not tell the versions apart: it has neither the placeholder of the matchers nor that of the version; in YAML, double the dollar sign: $$\{matchers}`,
      );
    }
  }
  return query;
}

function readLabels(config: Config, path: string): Record<string, string> {
  const labels = readTexts(config, 'labels') ?? DEFAULT_LABELS;
  for (const [label, value] of Object.entries(labels)) {
    if (!LABEL.test(label)) {
      throw new InputError(
        `${path}.labels.${label}: a label is named by letters, digits and '_'`,
      );
    }
    assertKnown(value, 'label', `${path}.labels.${label}`);
  }
  if (!Object.values(labels).some(value => value.includes('${version}'))) {
    throw new InputError(
      `${path}.labels does not tell the versions apart; give one label the placeholder of the version, in YAML with a doubled dollar sign: $$\{version}`,
    );
  }
  return labels;
}

function assertKnown(text: string, where: 'label' | 'query', at: string) {
  const [unknown] = unknownPlaceholders(text, where);
  if (unknown !== undefined) {
    throw new InputError(`${at} has the unknown placeholder "${unknown}"`);
  }
}

function readPattern(config: Config, path: string): RegExp {
  const pattern = config.getOptionalString('errorPattern') ?? '5..';
  try {
    return new RegExp(`^(?:${pattern})$`, 'u');
  } catch {
    throw new InputError(
      `${path}.errorPattern is "${pattern}"; a regular expression is expected`,
    );
  }
}

function readTexts(
  config: Config,
  key: string,
): Record<string, string> | undefined {
  const texts = config.getOptionalConfig(key);
  return (
    texts &&
    Object.fromEntries(texts.keys().map(name => [name, texts.getString(name)]))
  );
}

function readDuration(config: Config, key: string, otherwise: number): number {
  return config.has(key)
    ? durationToMilliseconds(readDurationFromConfig(config, { key }))
    : otherwise;
}
