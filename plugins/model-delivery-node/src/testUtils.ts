/**
 * Tests that whoever adds a deployer or a model registry runs on it. They work under Jest, and under any runner with
 * global `describe` and `it`.
 *
 * @packageDocumentation
 */
export * from './testUtils/describeDeployerContract';
export * from './testUtils/describeRegistryContract';
export * from './testUtils/FakeService';
export type {
  DeployerContractHarness,
  DeployerContractOptions,
} from './testUtils/contractHarness';
export type {
  RegistryContractHarness,
  RegistryContractOptions,
} from './testUtils/registryHarness';
export { readAll } from './testUtils/registryHarness';
