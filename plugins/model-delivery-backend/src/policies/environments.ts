import { InputError } from '@backstage/errors';
import { Policy, PolicyEnvironment } from './types';

/**
 * The environment of that name.
 * @throws InputError naming those there are.
 */
export function requireEnvironment(
  policy: Policy,
  name: string,
): PolicyEnvironment {
  const found = policy.environments.find(each => each.name === name);
  if (!found) {
    throw new InputError(
      `request/body/environment '${name}' is not one of policy '${
        policy.name
      }'; it has ${policy.environments.map(each => each.name).join(', ')}`,
    );
  }
  return found;
}

/** The environment whose version is what `production` means to a gate: the last one. */
export function productionOf(
  policy: Pick<Policy, 'environments'>,
): PolicyEnvironment {
  return policy.environments[policy.environments.length - 1];
}

/** Who is asked before a version enters an environment: others may be for the first one there. */
export function slotsOf(
  environment: PolicyEnvironment,
  control: object | undefined,
): PolicyEnvironment['slots'] {
  return control ? environment.slots : environment.firstDeploymentSlots;
}
