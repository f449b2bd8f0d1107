import { parseEntityRef } from '@backstage/catalog-model';
import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds, JsonObject } from '@backstage/types';
import { DeploymentTarget } from '@slipway/backstage-plugin-model-delivery-node';

/** Kinds of objects that Slipway knows how to move traffic with. */
export const TARGET_KINDS = ['InferenceService', 'Rollout', 'Canary'] as const;

/** Where a model is deployed. */
export interface KubernetesTarget {
  kind: (typeof TARGET_KINDS)[number];
  namespace: string;
  /** Named by the configuration; without it the model's name is taken, and the object needs Slipway's label. */
  name?: string;
  /** Entity ref in lower case. */
  model?: string;
  environment: string;
  storageUri?: string;
  predictor?: JsonObject;
  container?: string;
  image?: string;
  env: Record<string, string>;
}

/** How an API server is reached. */
export type ClusterAccess =
  | { kind: 'inCluster' }
  | { kind: 'kubeconfig'; file: string; context?: string }
  | { kind: 'url'; url: string; token: string; caFile?: string };

/** A cluster to deploy to. */
export interface KubernetesConnection {
  id: string;
  access: ClusterAccess;
  targets: KubernetesTarget[];
  timeoutMs: number;
  pollIntervalMs: number;
  operationLimitMs: number;
  outageLimitMs: number;
}

/** A name that Kubernetes takes (RFC 1123 label), so that none can lead out of its path. */
const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether Kubernetes takes this as a name of an object or a namespace. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/**
 * Reads `modelDelivery.kubernetes`; none configured is an empty list.
 * @throws InputError that names the key which is wrong.
 */
export function readKubernetesConnections(
  root: Config,
): KubernetesConnection[] {
  const connections = root.getOptionalConfig('modelDelivery.kubernetes');
  return (connections?.keys() ?? []).map(id => {
    const path = `modelDelivery.kubernetes.${id}`;
    const config = connections!.getConfig(id);
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(id)) {
      throw new InputError(
        `${path}: a connection is named by letters, digits, '-' and '_'`,
      );
    }
    return {
      id,
      access: readAccess(config.getOptionalConfig('access'), `${path}.access`),
      targets: config
        .getConfigArray('targets')
        .map((target, index) =>
          readTarget(target, `${path}.targets[${index}]`),
        ),
      timeoutMs: readDuration(config, 'timeout', 10_000),
      pollIntervalMs: readDuration(config, 'pollInterval', 3_000),
      operationLimitMs: readDuration(config, 'operationLimit', 3_600_000),
      outageLimitMs: readDuration(config, 'outageLimit', 600_000),
    };
  });
}

/** The first target that fits, with the name of its object. */
export function findTarget(
  { targets }: KubernetesConnection,
  { model, environment }: DeploymentTarget,
): (KubernetesTarget & { name: string; mustBeLabelled: boolean }) | undefined {
  const ref = model.toLocaleLowerCase('en-US');
  const found = targets.find(
    each =>
      each.environment === environment && (!each.model || each.model === ref),
  );
  const name = found?.name ?? parseEntityRef(ref).name;
  return found && isName(name)
    ? { ...found, name, mustBeLabelled: !found.name }
    : undefined;
}

function readAccess(config: Config | undefined, at: string): ClusterAccess {
  const file = config?.getOptionalString('kubeconfig');
  const url = config?.getOptionalString('url');
  if (file && url) {
    throw new InputError(`${at} has both kubeconfig and url; set one`);
  }
  if (file) {
    const context = config?.getOptionalString('context');
    return { kind: 'kubeconfig', file, context };
  }
  if (!config || !url) {
    return { kind: 'inCluster' };
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isLocal =
    parsed?.protocol === 'http:' &&
    ['127.0.0.1', 'localhost', '[::1]'].includes(parsed.hostname);
  if (parsed?.protocol !== 'https:' && !isLocal) {
    throw new InputError(
      `${at}.url is not an address that starts with https://; http:// is taken on this machine only`,
    );
  }
  if (parsed.username || parsed.password) {
    throw new InputError(`${at}.url must not contain credentials`);
  }
  return {
    kind: 'url',
    url: url.replace(/\/+$/, ''),
    token: config.getString('token'),
    caFile: config.getOptionalString('caFile'),
  };
}

function readTarget(config: Config, at: string): KubernetesTarget {
  const kind = TARGET_KINDS.find(each => each === config.getString('kind'));
  if (!kind) {
    throw new InputError(`${at}.kind is not one of ${TARGET_KINDS.join(', ')}`);
  }
  const namespace = config.getString('namespace');
  const name = config.getOptionalString('name');
  for (const [key, text] of Object.entries({ namespace, name })) {
    if (text !== undefined && !isName(text)) {
      throw new InputError(
        `${at}.${key} is not a name that Kubernetes takes: up to 63 small letters, digits and '-'`,
      );
    }
  }
  const model = config.getOptionalString('model')?.toLocaleLowerCase('en-US');
  if (name && !model) {
    throw new InputError(
      `${at} has a name but no model; one object serves one model`,
    );
  }
  const env = config.getOptional<Record<string, string>>('env') ?? {};
  const image = config.getOptionalString('image');
  const predictor = config.getOptional<JsonObject>('predictor');
  if (kind !== 'InferenceService') {
    if (!image && Object.keys(env).length === 0) {
      throw new InputError(
        `${at} has neither image nor env; one of them has to say which version the container serves`,
      );
    }
    if (predictor) {
      throw new InputError(`${at}.predictor is for an InferenceService only`);
    }
  } else if (predictor && !isModelPredictor(predictor)) {
    throw new InputError(
      `${at}.predictor has no model.modelFormat.name; KServe needs it to choose a runtime`,
    );
  }
  return {
    kind,
    namespace,
    name,
    model,
    environment: config.getString('environment'),
    storageUri: config.getOptionalString('storageUri'),
    predictor,
    container: config.getOptionalString('container'),
    image,
    env,
  };
}

function isModelPredictor(predictor: JsonObject): boolean {
  const model = predictor.model as
    | { modelFormat?: { name?: unknown } }
    | undefined;
  return typeof model?.modelFormat?.name === 'string';
}

function readDuration(config: Config, key: string, otherwise: number): number {
  return config.has(key)
    ? durationToMilliseconds(readDurationFromConfig(config, { key }))
    : otherwise;
}
