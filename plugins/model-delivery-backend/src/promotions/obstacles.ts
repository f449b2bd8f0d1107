import { Knex } from 'knex';
import { isVerifiedIn } from '../deployments/deploymentStore';
import { DeploymentFact } from '../deployments/types';
import { Policy, PolicyEnvironment } from '../policies/types';
import { findSoak, missedSoak } from './holds';
import { noDeployer, noSource, Targets } from '../rollouts/targets';

/**
 * What keeps a version out of an environment whatever its gates say; undefined when nothing does. Asked when a promotion
 * is requested, at each evaluation, and just before traffic moves.
 */
export async function findObstacle(options: {
  knex: Knex;
  targets: Targets;
  policy: Policy;
  environment: PolicyEnvironment;
  modelRef: string;
  version: { name: string; digest: string };
  /** What serves there. */
  control: DeploymentFact | undefined;
  now: Date;
}): Promise<string | undefined> {
  const { knex, policy, environment, modelRef, version, control } = options;
  const target = { model: modelRef, environment: environment.name };
  if (control?.versionDigest === version.digest) {
    return `${version.name} already serves in ${environment.name}`;
  }
  const position = policy.environments.findIndex(
    each => each.name === environment.name,
  );
  if (position > 0) {
    const before = policy.environments[position - 1].name;
    if (!(await isVerifiedIn(knex, modelRef, before, version.digest))) {
      return `${version.name} has not proven itself in ${before}; promote it there first`;
    }
  }
  const missed = missedSoak(
    environment,
    await findSoak(knex, {
      policy,
      environment,
      modelRef,
      versionDigest: version.digest,
      now: options.now,
    }),
  );
  if (missed) {
    return `${version.name} has not soaked: ${missed}`;
  }
  if (!options.targets.deployerOf(target)) {
    return noDeployer(target);
  }
  const isCanary = control && environment.rollout.strategy === 'canary';
  if (isCanary && !(await options.targets.sourceOf(target))) {
    return noSource(target);
  }
  return undefined;
}
