import { Transaction } from '../database/UnitOfWork';
import {
  recordDeploymentStarted,
  recordFullTraffic,
} from './recordDeployments';
import {
  RaisedChange,
  recordClosedChange,
  recordRaisedChange,
} from './recordOutsideChanges';
import { recordRemedy, recordRestored } from './remedies';

/**
 * Keeps the read models of the delivery metrics, in the transactions of the changes that they count. Only deployments
 * of kind `promotion`, and changes made without Slipway, in environments of tier `production` are counted; for others
 * every call does nothing.
 */
export class MetricsRecorder {
  /** The deployment took its first production traffic. */
  async deploymentStarted(
    tx: Transaction,
    deploymentId: string,
  ): Promise<void> {
    await recordDeploymentStarted(tx.knex, deploymentId);
  }

  /** The deployment took all of the traffic: its `full_traffic_at` is written. */
  async reachedFullTraffic(
    tx: Transaction,
    deploymentId: string,
  ): Promise<void> {
    await recordFullTraffic(tx.knex, deploymentId);
  }

  /** The deployment failed, by being rolled back or fixed at once by another one. */
  async failed(
    tx: Transaction,
    deploymentId: string,
    detectedAt: Date,
    failure: 'rolled-back' | 'hot-fixed',
  ): Promise<void> {
    await recordRemedy(tx.knex, deploymentId, detectedAt, failure);
  }

  /** The service was restored after the deployment's failure: the rollback is complete, or the fix took all traffic. */
  async restored(
    tx: Transaction,
    deploymentId: string,
    restoredAt: Date,
  ): Promise<void> {
    await recordRestored(tx.knex, deploymentId, restoredAt);
  }

  /** A change that was made without Slipway lasted, and was raised. */
  async outsideChangeRaised(
    tx: Transaction,
    change: RaisedChange,
  ): Promise<void> {
    await recordRaisedChange(tx.knex, change, tx.now);
  }

  /** Such a change is over. */
  async outsideChangeClosed(
    tx: Transaction,
    change: { id: number; promotion_id: number | null },
    because: 'gone' | 'reverted' | 'adopted',
  ): Promise<void> {
    await recordClosedChange(tx.knex, change, because);
  }
}
