import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import { CiPlatform } from './platforms/CiPlatform';
import { GitHubActions } from './platforms/GitHubActions';
import { GitLabPipelines } from './platforms/GitLabPipelines';
import { JenkinsJob } from './platforms/JenkinsJob';

const OPERATIONS = ['prepare', 'setTraffic', 'release'] as const;
const PLATFORMS = ['github', 'gitlab', 'jenkins'] as const;

/** A job that deploys. */
export interface CiJobConnection {
  id: string;
  platform: CiPlatform;
  environments?: string[];
  /** Entity refs in lower case. */
  models?: string[];
  operations: readonly (typeof OPERATIONS)[number][];
  dividesTraffic: boolean;
  pollIntervalMs: number;
  operationLimitMs: number;
  appearWithinMs: number;
  /** How long the platform may be out of reach before a person has to look. */
  outageLimitMs: number;
}

/**
 * Reads `modelDelivery.ciJob`; none configured is an empty list.
 * @throws InputError that names the key which is wrong.
 */
export function readCiJobConnections(root: Config): CiJobConnection[] {
  const connections = root.getOptionalConfig('modelDelivery.ciJob');
  return (connections?.keys() ?? []).map(id => {
    const path = `modelDelivery.ciJob.${id}`;
    const config = connections!.getConfig(id);
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(id)) {
      throw new InputError(
        `${path}: a connection is named by letters, digits, '-' and '_'`,
      );
    }
    const operations = config.getOptionalStringArray('operations');
    const wrong = operations?.find(
      each => !(OPERATIONS as readonly string[]).includes(each),
    );
    if (wrong !== undefined) {
      throw new InputError(
        `${path}.operations has "${wrong}"; ${OPERATIONS.join(', ')} are known`,
      );
    }
    return {
      id,
      platform: readPlatform(config, path),
      environments: config.getOptionalStringArray('environments'),
      models: config
        .getOptionalStringArray('models')
        ?.map(ref => ref.toLocaleLowerCase('en-US')),
      operations: (operations as CiJobConnection['operations']) ?? OPERATIONS,
      dividesTraffic: config.getOptionalBoolean('dividesTraffic') ?? true,
      pollIntervalMs: readDuration(config, 'pollInterval', 15_000),
      operationLimitMs: readDuration(config, 'operationLimit', 6 * 3_600_000),
      appearWithinMs: readDuration(config, 'appearWithin', 120_000),
      outageLimitMs: readDuration(config, 'outageLimit', 15 * 60_000),
    };
  });
}

function readPlatform(config: Config, path: string): CiPlatform {
  const named = PLATFORMS.filter(each => config.has(each));
  if (named.length !== 1) {
    throw new InputError(
      `${path} must have exactly one of ${PLATFORMS.join(', ')}; it has ${
        named.join(' and ') || 'none'
      }`,
    );
  }
  const [platform] = named;
  const of = config.getConfig(platform);
  const at = `${path}.${platform}`;
  const timeoutMs = readDuration(config, 'timeout', 15_000);
  if (platform === 'github') {
    const repository = of.getString('repository');
    if (!/^[A-Za-z0-9][\w-]*\/(?!\.{1,2}$)[\w.-]+$/.test(repository)) {
      throw new InputError(
        `${at}.repository is "${repository}"; owner and name are expected, such as acme/churn`,
      );
    }
    return new GitHubActions({
      apiBaseUrl: readUrl(of, 'apiBaseUrl', at, 'https://api.github.com'),
      repository,
      workflow: of.getString('workflow'),
      ref: of.getString('ref'),
      token: of.getString('token'),
      timeoutMs,
    });
  }
  if (platform === 'gitlab') {
    return new GitLabPipelines({
      baseUrl: readUrl(of, 'baseUrl', at, 'https://gitlab.com'),
      project: of.getString('project'),
      ref: of.getString('ref'),
      triggerToken: of.getString('triggerToken'),
      token: of.getString('token'),
      timeoutMs,
    });
  }
  return new JenkinsJob({
    baseUrl: readUrl(of, 'baseUrl', at),
    job: of.getString('job').split('/'),
    username: of.getString('username'),
    token: of.getString('token'),
    timeoutMs,
  });
}

function readUrl(
  config: Config,
  key: string,
  at: string,
  otherwise?: string,
): string {
  const text = otherwise
    ? config.getOptionalString(key) ?? otherwise
    : config.getString(key);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username) {
    throw new InputError(
      `${at}.${key} is "${text}"; a URL that starts with http:// or https://, without credentials, is expected`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function readDuration(config: Config, key: string, otherwise: number): number {
  return config.has(key)
    ? durationToMilliseconds(readDurationFromConfig(config, { key }))
    : otherwise;
}
