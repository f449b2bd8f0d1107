import { RootConfigService } from '@backstage/backend-plugin-api';
import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import { NameConfig, readNameConfig } from './people/nameConfig';
import { HookConfig, readHookConfig } from './hooks/hookConfig';
import { ANSWER_LIMIT_MS } from './rollouts/answerInTime';
import { TargetRule } from './rollouts/targets';

const DEFAULT_CONCURRENCY = 64;
/** The longest cards on Hugging Face have a tenth of it. */
const DEFAULT_CARD_BYTES = 1_000_000;

/** The configuration below `modelDelivery`, read once. */
export interface ModelDeliveryConfig {
  /** Where one's own policy files are, besides the built-in ones. */
  policies: {
    directory?: string;
    url?: string;
    /** How often they are read again, in milliseconds. */
    reloadIntervalMs: number;
  };
  /** How often the workers look for work that nobody woke them for, in milliseconds. */
  pollIntervalMs: number;
  /** How long a replica may hold a piece of work before another one takes it over, in milliseconds. */
  leaseMs: number;
  /** How long a deployer or a metrics source may take for one answer, in milliseconds. */
  answerLimitMs: number;
  /** How many promotions one replica works on at a time. */
  concurrency: number;
  /** How often each model registry is read, in milliseconds. */
  registryIntervalMs: number;
  /** Connections, as `TYPE://ID`, in which aliases are set to what serves. */
  writtenRegistries: string[];
  /** How often the models are compared with the catalog, in milliseconds. */
  catalogIntervalMs: number;
  /** Who deploys where and who watches, as far as the configuration decides that. */
  targets: TargetRule[];
  /** How changes that were made without Slipway are seen. */
  outsideChanges: {
    /** How long a difference has to last before it is raised, in milliseconds. */
    debounceMs: number;
    /** The alias of the registry that follows each environment, by the environment's name. */
    aliases: Record<string, string>;
  };
  /** Names of people and programs besides those in the catalog. */
  people: NameConfig;
  /** Which other tools may ask whether a version may go on. */
  hooks: HookConfig;
  /** The teams' texts that complete model cards. */
  cards: {
    /** Largest text that is read, in bytes. */
    maxBytes: number;
    /** How long a text counts as unchanged, in milliseconds. */
    refreshIntervalMs: number;
    /** How long the search finds a text as it was, in milliseconds. */
    indexIntervalMs: number;
  };
  /** Samples that serving sides push. */
  samples: {
    /** How long they are kept, in milliseconds. */
    retentionMs: number;
    /** How long after the last ones a target counts as watched, in milliseconds. */
    silenceMs: number;
  };
}

/**
 * Reads the configuration.
 * @throws InputError naming the path of what is malformed.
 */
export function readModelDeliveryConfig(
  root: RootConfigService,
): ModelDeliveryConfig {
  const config = root.getOptionalConfig('modelDelivery');
  const duration = (path: string, fallback: number) =>
    config?.has(path)
      ? durationToMilliseconds(readDurationFromConfig(config, { key: path }))
      : fallback;
  return {
    policies: {
      ...readPolicyLocation(config),
      reloadIntervalMs: duration('policies.reloadInterval', 30_000),
    },
    pollIntervalMs: duration('workers.pollInterval', 1_000),
    leaseMs: duration('workers.lease', 20_000),
    answerLimitMs: duration('workers.answerLimit', ANSWER_LIMIT_MS),
    concurrency: readPositive(
      config,
      'workers.concurrency',
      DEFAULT_CONCURRENCY,
    ),
    registryIntervalMs: duration('registries.pollInterval', 30_000),
    writtenRegistries:
      config?.getOptionalStringArray('registries.writeAliases') ?? [],
    catalogIntervalMs: duration('catalog.pollInterval', 60_000),
    targets: (config?.getOptionalConfigArray('targets') ?? []).map(rule => ({
      environment: rule.getOptionalString('environment'),
      model: rule.getOptionalString('model')?.toLocaleLowerCase('en-US'),
      deployer: rule.getOptionalString('deployer'),
      metricsSource: rule.getOptionalString('metricsSource'),
    })),
    outsideChanges: {
      debounceMs: duration('outsideChanges.debounce', 30_000),
      aliases: readAliases(config),
    },
    people: readNameConfig(config),
    hooks: readHookConfig(root),
    cards: {
      maxBytes: readPositive(config, 'cards.maxBytes', DEFAULT_CARD_BYTES),
      refreshIntervalMs: duration('cards.refreshInterval', 60_000),
      indexIntervalMs: duration('cards.indexInterval', 6 * 3_600_000),
    },
    samples: {
      retentionMs: duration('pushedSamples.retention', 7 * 86_400_000),
      silenceMs: duration('pushedSamples.silence', 15 * 60_000),
    },
  };
}

function readPositive(
  config: Config | undefined,
  path: string,
  fallback: number,
): number {
  const given = config?.getOptionalNumber(path) ?? fallback;
  if (!Number.isInteger(given) || given < 1) {
    throw new InputError(
      `modelDelivery.${path} is ${given}; it must be a whole number of at least 1`,
    );
  }
  return given;
}

function readAliases(config: Config | undefined): Record<string, string> {
  const aliases = config?.getOptionalConfig('outsideChanges.aliases');
  return aliases
    ? Object.fromEntries(
        aliases.keys().map(each => [each, aliases.getString(each)]),
      )
    : { production: 'champion' };
}

function readPolicyLocation(
  config: Config | undefined,
): Pick<ModelDeliveryConfig['policies'], 'directory' | 'url'> {
  const directory = config?.getOptionalString('policies.directory');
  const url = config?.getOptionalString('policies.url');
  if (directory && url) {
    throw new InputError(
      'modelDelivery.policies has both directory and url; give one of them',
    );
  }
  return { ...(directory && { directory }), ...(url && { url }) };
}
