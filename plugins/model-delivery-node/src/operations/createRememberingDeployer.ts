import { InputError } from '@backstage/errors';
import {
  Deployer,
  DeploymentTarget,
  OperationStatus,
  TargetState,
} from '../deployer';
import {
  DeployerOperation,
  DeployerOperations,
  OperationMemory,
  OperationRequest,
} from './DeployerOperations';
import { assertTrafficShares } from './rules';

/**
 * What makes a deployer out of a way to carry out operations.
 * @public
 */
export interface RememberingDeployerOptions {
  id: string;
  operations: DeployerOperations;
  serves(target: DeploymentTarget): boolean;
  /** See {@link Deployer.operationLimitSeconds}. */
  operationLimitSeconds?: number;
  /** See {@link Deployer.blueGreen}. */
  blueGreen?: boolean;
  /**
   * Begins an operation, or goes on with it. It is called again while it answers `pending` or throws, never again after
   * `done` or `failed`, and by one caller at a time. After a crash it is called again with the notes written so far.
   */
  carryOut(
    operation: DeployerOperation,
    memory: OperationMemory,
  ): Promise<OperationStatus>;
  /** Looks at the target, where that can be done; what the operations made of it unless set. */
  observe?(
    target: DeploymentTarget,
    remembered: TargetState,
  ): Promise<TargetState>;
}

/**
 * Makes a deployer that keeps the contract for a target which does not know operation keys: each is remembered in the
 * database, done once, and refused when it comes again with other arguments.
 * @public
 */
export function createRememberingDeployer(
  options: RememberingDeployerOptions,
): Deployer {
  const { id, operations } = options;

  const carryOut = async (
    operationKey: string,
    target: DeploymentTarget,
    request: OperationRequest,
  ): Promise<OperationStatus> => {
    if (!options.serves(target)) {
      throw new InputError(
        `The deployer ${id} does not serve ${target.model} in ${target.environment}`,
      );
    }
    return operations.once(
      { deployer: id, operationKey, target, request },
      (operation, memory) => options.carryOut(operation, memory),
    );
  };

  return {
    id,
    operationLimitSeconds: options.operationLimitSeconds,
    blueGreen: options.blueGreen,
    serves: target => options.serves(target),
    prepare: async ({ operationKey, target, version }) =>
      carryOut(operationKey, target, { kind: 'prepare', version }),
    setTraffic: async ({ operationKey, target, shares }) => {
      assertTrafficShares(shares);
      return carryOut(operationKey, target, { kind: 'setTraffic', shares });
    },
    release: async ({ operationKey, target, version }) =>
      carryOut(operationKey, target, { kind: 'release', version }),
    observe: async target => {
      const remembered = await operations.stateOf(id, target);
      return options.observe?.(target, remembered) ?? remembered;
    },
  };
}
