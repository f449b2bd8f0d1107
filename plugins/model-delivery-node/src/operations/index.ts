export * from './createRememberingDeployer';
export * from './DatabaseDeployerOperations';
export * from './DeployerOperations';
export * from './deployerOperationsServiceRef';
export { assertTrafficShares } from './rules';
