import { creditRiskProfiles } from './profiles/creditRisk';
import { fraudProfiles } from './profiles/fraud';
import { supplyProfiles } from './profiles/supply';
import { ModelProfile } from './types';

/**
 * The models of the sample company, as `examples/models` describes them. Fraud and credit risk stay near their targets;
 * supply loses too many runs and takes too long, which the delivery metrics show.
 */
export const profiles: readonly ModelProfile[] = [
  ...creditRiskProfiles,
  ...fraudProfiles,
  ...supplyProfiles,
];
