import { Knex } from 'knex';
import { BundleLink } from '../bundles/types';
import { Deployment } from '@slipway/backstage-plugin-model-delivery-common';

/** A deployment as the engine works with it: its row, and what names its version. */
export interface DeploymentFact {
  id: string;
  modelRef: string;
  versionId: string;
  version: string;
  versionDigest: string;
  environment: string;
  environmentTier: Deployment['tier'];
  origin: Deployment['origin'];
  kind: Deployment['kind'];
  /** Percent. */
  share: number;
  startedAt: Date;
  fullTrafficAt: Date | null;
  endedAt: Date | null;
  outcome: Deployment['outcome'];
  promotionId: number | null;
  requestedBy: string | null;
  /** Of a rollback who approved the version that is back when it first came there. */
  approvedBy: string[];
  /** Those of them who stood in for somebody, and for whom. */
  standIns: { by: string; onBehalfOf: string }[];
  /** The promotion whose gates and approvals let the version in; null for what passed none here. */
  evidencePromotionId: number | null;
  /** Of a rollback who made it, as far as that is known, and why; null for others. */
  rolledBack: { by: string | null; because: string | null } | null;
  reason: Deployment['reason'];
  /** The bundle that it was deployed with; null for what went alone. */
  bundle: BundleLink | null;
  /** Of what was deployed outside: who told so, as far as that is known; null for others. */
  recordedBy: string | null;
  /** Whether evidence of the model was ever revoked: of most models none, and nothing else needs to be read of them. */
  modelHasRevocations: boolean;
}

/** What other capabilities may ask of deployments. */
export interface Deployments {
  /** Deployments that take traffic now, in every environment, largest share first. */
  serving(knex: Knex, modelRef: string): Promise<DeploymentFact[]>;
  /** Deployments as the API shows them, by id, with the revoked evidence that each rests on. */
  toDeployments(
    knex: Knex,
    records: DeploymentFact[],
  ): Promise<Map<string, Deployment>>;
  /** The last deployments of the versions that could return there, the one that a rollback would restore first. */
  rollbackTargets(
    knex: Knex,
    modelRef: string,
    environment: string,
  ): Promise<DeploymentFact[]>;
}
