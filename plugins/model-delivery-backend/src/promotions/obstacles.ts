import {
  Deployer,
  DeploymentTarget,
  MetricsSource,
} from '@slipway/backstage-plugin-model-delivery-node';
import { Knex } from 'knex';
import { findUnidentified } from '../approvals/bars';
import { findControl } from '../deployments/deploymentStore';
import { findVerified } from '../deployments/verifiedStore';
import { DeploymentFact } from '../deployments/types';
import { findShaken } from '../revocations/findShaken';
import { Directory } from '../people/Directory';
import { productionOf, slotsOf } from '../policies/environments';
import { Policy, PolicyEnvironment } from '../policies/types';
import { boundText, findBinding } from '../bundles/servingBundles';
import { VersionsService } from '../versions/VersionsService';
import { findSoak, missedSoak } from './holds';
import { findMissingSignal } from '../rollouts/missingSignals';
import {
  noDeployer,
  noMirror,
  noSignal,
  noSource,
  noSwitch,
  Targets,
} from '../rollouts/targets';

/** The environment before, if the version has no verified deployment there. */
export async function findUnproven(options: {
  knex: Knex;
  policy: Policy;
  environment: PolicyEnvironment;
  modelRef: string;
  versionDigest: string;
}): Promise<string | undefined> {
  const { knex, policy, environment, modelRef, versionDigest } = options;
  const position = policy.environments.findIndex(
    each => each.name === environment.name,
  );
  if (position < 1) {
    return undefined;
  }
  const before = policy.environments[position - 1].name;
  return (await findVerified(knex, modelRef, before, versionDigest))
    ? undefined
    : before;
}

/**
 * What keeps a version out of an environment whatever its gates say; undefined when nothing does. Asked when a promotion
 * is requested, at each evaluation, and just before traffic moves.
 */
export async function findObstacle(options: {
  knex: Knex;
  targets: Targets;
  versions: VersionsService;
  directory: Directory;
  policy: Policy;
  environment: PolicyEnvironment;
  modelRef: string;
  version: { id: string; name: string; digest: string };
  /** What serves there. */
  control: DeploymentFact | undefined;
  now: Date;
  /** Whether it is an emergency, which goes past the environment before and its soak, but not without a way back. */
  isEmergency?: boolean;
  /**
   * Whether the means to deploy and to watch it are not asked for: somebody else than Slipway brings them along, or they are
   * at work already, and a server that was just brought up has not been heard of yet.
   */
  hasMeans?: boolean;
  /** Entity refs of all models of its bundle, which are changed together; it goes alone without them. */
  models?: string[];
}): Promise<string | undefined> {
  const { knex, policy, environment, modelRef, version, control } = options;
  const target = { model: modelRef, environment: environment.name };
  if (control?.versionDigest === version.digest) {
    return `${version.name} already serves in ${environment.name}`;
  }
  if (options.isEmergency) {
    if (!control) {
      return `Nothing serves in ${environment.name}, so there is no way back from ${version.name}; the first version there asks for approval`;
    }
    return missingDeployer(options.targets, target);
  }
  const bound = await findBinding(knex, {
    modelRef,
    environment: environment.name,
    models: options.models,
  });
  if (bound) {
    return `${boundText(
      bound,
      modelRef,
    )}; promote a bundle of all of them, or roll it back as a whole first`;
  }
  const proof = {
    policy,
    environment,
    modelRef,
    versionDigest: version.digest,
  };
  const before = await findUnproven({ knex, ...proof });
  if (before) {
    return `${version.name} has not proven itself in ${before}; promote it there first`;
  }
  const shaken = await findShaken({ ...options, version });
  if (shaken) {
    return shaken;
  }
  const missed = missedSoak(
    environment,
    await findSoak(knex, { ...proof, now: options.now }),
  );
  if (missed) {
    return `${version.name} has not soaked: ${missed}`;
  }
  const unidentified = await findUnidentifiedMakers(options);
  if (unidentified) {
    return unidentified;
  }
  if (options.hasMeans) {
    return undefined;
  }
  return control
    ? findMissingMeans(options, target, control)
    : missingDeployer(options.targets, target);
}

/** Where people are asked, those who may not be among them have to be known. */
async function findUnidentifiedMakers(
  options: Parameters<typeof findObstacle>[0],
): Promise<string | undefined> {
  const { knex, versions, directory, policy, modelRef, version } = options;
  if (slotsOf(options.environment, options.control).length === 0) {
    return undefined;
  }
  const production = await findControl(
    knex,
    modelRef,
    productionOf(policy).name,
  );
  return findUnidentified(directory, {
    version: await versions.byId(knex, version.id),
    since: await versions.since(
      knex,
      production?.versionId ?? null,
      version.id,
    ),
  });
}

function missingDeployer(
  targets: Targets,
  target: DeploymentTarget,
): string | undefined {
  return targets.deployerOf(target) ? undefined : noDeployer(target);
}

/** What a target lacks for a rollout beside what serves there. */
async function findMissingMeans(
  options: Pick<
    Parameters<typeof findObstacle>[0],
    'targets' | 'environment' | 'now'
  >,
  target: DeploymentTarget,
  { version }: DeploymentFact,
): Promise<string | undefined> {
  const { targets, now } = options;
  const plan = options.environment.rollout;
  const { strategy, shadow } = plan;
  const deployer = targets.deployerOf(target);
  if (!deployer) {
    return noDeployer(target);
  }
  if (strategy === 'blue-green' && !deployer.blueGreen) {
    return noSwitch(target, deployer.id);
  }
  const source = await targets.sourceOf(target);
  if (strategy !== 'direct' && !source) {
    return noSource(target);
  }
  if (
    source &&
    (strategy !== 'direct' || shadow) &&
    (await isSilent({ source, deployer, target, version, now }))
  ) {
    return noSignal(target, source.id, version);
  }
  if (shadow && !(deployer.setMirror && source?.readComparison)) {
    return noMirror(target);
  }
  return source && findMissingSignal(source, target, plan);
}

/**
 * Whether nothing is heard of what serves. What has no server yet cannot be heard, and gets one before the rollout; where it
 * cannot be told now, the rollout finds out, and does not pass without a signal either.
 */
async function isSilent(options: {
  source: MetricsSource;
  deployer: Deployer;
  target: DeploymentTarget;
  version: string;
  now: Date;
}): Promise<boolean> {
  const { source, deployer, target, version, now } = options;
  if (!source.isSilent) {
    return false;
  }
  try {
    const { versions } = await deployer.observe(target);
    return (
      versions.some(each => each.version === version && each.ready) &&
      (await source.isSilent({ target, version, now }))
    );
  } catch {
    return false;
  }
}
