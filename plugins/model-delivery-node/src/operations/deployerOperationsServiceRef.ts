import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { DatabaseDeployerOperations } from './DatabaseDeployerOperations';
import { DeployerOperations } from './DeployerOperations';

/**
 * The memory of deployers, for modules of model delivery.
 * @public
 */
export const deployerOperationsServiceRef =
  createServiceRef<DeployerOperations>({
    id: 'model-delivery.deployer-operations',
    scope: 'plugin',
    defaultFactory: async service =>
      createServiceFactory({
        service,
        deps: { database: coreServices.database },
        factory: ({ database }) =>
          DatabaseDeployerOperations.create({ database }),
      }),
  });
