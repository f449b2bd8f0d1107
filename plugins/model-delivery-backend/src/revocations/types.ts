import { RevocationMark } from '@slipway/backstage-plugin-model-delivery-common';
import { FactMeasurement } from '../versions/VersionRecord';

/** A measurement that counts no more, since the evaluation that it came from was revoked. */
export interface WithdrawnFact {
  fact: FactMeasurement['fact'];
  /** Metric, such as `f1`. */
  name: string;
  mark: RevocationMark;
}

/** What names an evaluation. */
export interface EvaluationName {
  versionId: string;
  versionDigest: string;
  /** External id. */
  evaluation: string;
}

/** What a policy makes of a data set that was found faulty. */
export interface Enforcement {
  /** Row of `data_faults`. */
  fault: number;
  /** Digest of the policy. */
  policy: string;
}
