import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import { createPrivateKey, KeyObject } from 'node:crypto';

/** Where a tool's environment or project lies in Slipway's terms. */
export interface Mapped {
  /** Entity ref, in lower case. */
  model: string;
  /** Name in the policy. */
  environment: string;
}

/** A Flagger that may ask. */
export interface FlaggerConnection {
  name: string;
  password: string;
  /** Entity refs in lower case; any unless set. */
  models?: string[];
  environments?: string[];
}

/** A GitHub App whose deployment protection rule asks. */
export interface GitHubConnection {
  name: string;
  /** Without a slash at the end. */
  apiBaseUrl: string;
  webhookSecret: string;
  appId: string;
  privateKey: KeyObject;
  /** `repository` in lower case, as `owner/name`; `githubEnvironment` as GitHub writes it. */
  deployments: Array<
    Mapped & { repository: string; githubEnvironment: string }
  >;
}

/** A GitLab whose external status checks ask. */
export interface GitLabConnection {
  name: string;
  /** Without a slash at the end. */
  baseUrl: string;
  sharedSecret: string;
  token: string;
  /** `project` in lower case, as `group/name`. */
  checks: Array<Mapped & { project: string; targetBranch?: string }>;
}

/** Who may ask through hooks, and how they are answered. */
export interface HookConfig {
  flagger: FlaggerConnection[];
  github: GitHubConnection[];
  gitlab: GitLabConnection[];
  /** How often a question that waits is judged again, in milliseconds. */
  recheckMs: number;
  /** After how long without a decision the answer is no, in milliseconds. */
  patienceMs: number;
  /** How long one request to GitHub or GitLab may take, in milliseconds. */
  timeoutMs: number;
}

const SHORTEST_SECRET = 20;
const DAY_MS = 86_400_000;

/**
 * Reads `modelDelivery.releaseHooks`; what it does not name may not ask.
 * @throws InputError naming the key that is wrong, never its value where that is a secret
 */
export function readHookConfig(root: Config): HookConfig {
  const config = root.getOptionalConfig('modelDelivery.releaseHooks');
  return {
    flagger: connectionsOf(config, 'flagger').map(({ name, path, each }) => ({
      name,
      password: readSecret(each, 'password', path),
      models: each.getOptionalStringArray('models')?.map(lower),
      environments: each.getOptionalStringArray('environments'),
    })),
    github: connectionsOf(config, 'github').map(({ name, path, each }) => ({
      name,
      apiBaseUrl: readUrl(
        each.getOptionalString('apiBaseUrl') ?? 'https://api.github.com',
        `${path}.apiBaseUrl`,
      ),
      webhookSecret: readSecret(each, 'webhookSecret', path),
      appId: String(each.get('appId')),
      privateKey: readKey(each.getString('privateKey'), `${path}.privateKey`),
      deployments: each.getConfigArray('deployments').map(mapped => ({
        repository: lower(mapped.getString('repository')),
        githubEnvironment: mapped.getString('githubEnvironment'),
        ...readMapped(mapped, `${path}.deployments`),
      })),
    })),
    gitlab: connectionsOf(config, 'gitlab').map(({ name, path, each }) => ({
      name,
      baseUrl: readUrl(
        each.getOptionalString('baseUrl') ?? 'https://gitlab.com',
        `${path}.baseUrl`,
      ),
      sharedSecret: readSecret(each, 'sharedSecret', path),
      token: each.getString('token'),
      checks: each.getConfigArray('checks').map(mapped => ({
        project: lower(mapped.getString('project')),
        targetBranch: mapped.getOptionalString('targetBranch'),
        ...readMapped(mapped, `${path}.checks`),
      })),
    })),
    recheckMs: readDuration(config, 'recheckInterval', 10_000),
    patienceMs: readDuration(config, 'patience', 7 * DAY_MS),
    timeoutMs: readDuration(config, 'timeout', 10_000),
  };
}

function connectionsOf(config: Config | undefined, platform: string) {
  const connections = config?.getOptionalConfig(platform);
  return (connections?.keys() ?? []).map(name => {
    const path = `modelDelivery.releaseHooks.${platform}.${name}`;
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name)) {
      throw new InputError(
        `${path}: a connection is named by letters, digits, '-' and '_'`,
      );
    }
    return { name, path, each: connections!.getConfig(name) };
  });
}

function readMapped(config: Config, path: string): Mapped {
  const model = lower(config.getString('model'));
  if (!/^model:[^/]+\/[^/]+$/.test(model)) {
    throw new InputError(
      `${path}: the model is "${model}"; an entity reference such as model:default/churn is expected`,
    );
  }
  return { model, environment: config.getString('environment') };
}

function readSecret(config: Config, key: string, path: string): string {
  const secret = config.getString(key);
  if (secret.length < SHORTEST_SECRET) {
    throw new InputError(
      `${path}.${key} is shorter than ${SHORTEST_SECRET} characters`,
    );
  }
  return secret;
}

function readKey(pem: string, path: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // What is wrong with it may quote it
  }
  if (key?.asymmetricKeyType !== 'rsa') {
    throw new InputError(
      `${path} is no RSA private key in PEM, as GitHub makes for an app`,
    );
  }
  return key;
}

function readUrl(text: string, path: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new InputError(
      `${path} is "${text}"; a URL that starts with http:// or https:// is expected`,
    );
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new InputError(
      `${path} must have no credentials, query or fragment in it`,
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function readDuration(
  config: Config | undefined,
  key: string,
  otherwise: number,
): number {
  return config?.has(key)
    ? durationToMilliseconds(readDurationFromConfig(config, { key }))
    : otherwise;
}

function lower(text: string): string {
  return text.toLocaleLowerCase('en-US');
}
