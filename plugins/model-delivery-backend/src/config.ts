import { RootConfigService } from '@backstage/backend-plugin-api';
import { readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import { TargetRule } from './rollouts/targets';

/** The configuration below `modelDelivery`, read once. */
export interface ModelDeliveryConfig {
  /** Folder of policy files that replace the built-in ones. */
  policiesDirectory?: string;
  /** How often the workers look for work that nobody woke them for, in milliseconds. */
  pollIntervalMs: number;
  /** How long a replica may hold a piece of work before another one takes it over, in milliseconds. */
  leaseMs: number;
  /** How often each model registry is read, in milliseconds. */
  registryIntervalMs: number;
  /** How often the models are compared with the catalog, in milliseconds. */
  catalogIntervalMs: number;
  /** Who deploys where and who watches, as far as the configuration decides that. */
  targets: TargetRule[];
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
    policiesDirectory: config?.getOptionalString('policies.directory'),
    pollIntervalMs: duration('workers.pollInterval', 1_000),
    leaseMs: duration('workers.lease', 20_000),
    registryIntervalMs: duration('registries.pollInterval', 30_000),
    catalogIntervalMs: duration('catalog.pollInterval', 60_000),
    targets: (config?.getOptionalConfigArray('targets') ?? []).map(rule => ({
      environment: rule.getOptionalString('environment'),
      model: rule.getOptionalString('model')?.toLocaleLowerCase('en-US'),
      deployer: rule.getOptionalString('deployer'),
      metricsSource: rule.getOptionalString('metricsSource'),
    })),
  };
}
