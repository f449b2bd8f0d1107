/**
 * Deployer of Slipway model delivery that runs jobs of GitHub Actions, GitLab CI or Jenkins.
 *
 * @packageDocumentation
 */
export { modelDeliveryModuleCiJob as default } from './modelDeliveryModuleCiJob';
