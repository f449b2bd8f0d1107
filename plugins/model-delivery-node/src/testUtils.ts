/**
 * Tests that whoever adds a deployer runs on it. They work under Jest, and under any runner with global `describe`
 * and `it`.
 *
 * @packageDocumentation
 */
export * from './testUtils/describeDeployerContract';
export type {
  DeployerContractHarness,
  DeployerContractOptions,
} from './testUtils/contractHarness';
