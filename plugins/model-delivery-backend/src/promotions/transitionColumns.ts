import { PromotionEvent } from '@slipway/backstage-plugin-model-delivery-common';
import { Transaction } from '../database/UnitOfWork';
import { pausedColumns } from '../rollouts/holdsTraffic';
import { PromotionColumns } from './promotionStore';
import { isTrafficTouched } from './transitions';
import { PromotionRecord } from './types';

/** What an event that a person lets happen sets besides the state. */
export function transitionColumns(
  tx: Transaction,
  record: PromotionRecord,
  event: PromotionEvent,
): PromotionColumns {
  switch (event) {
    case 'pause':
      return pausedColumns(tx.now);
    case 'resume':
      return {
        obstacle: null,
        attempts: 0,
        error_message: null,
        due_at: tx.now,
        operation: resumed(record),
        operation_since: tx.now,
        operation_attempt: record.operationAttempt + 1,
      };
    case 'skip':
      return {
        operation: 'traffic',
        operation_since: tx.now,
        step_index: (record.stepIndex ?? 0) + 1,
        due_at: tx.now,
        attempts: 0,
        error_message: null,
      };
    case 'abort':
      return {
        obstacle: null,
        due_at: tx.now,
        operation: 'restore',
        operation_since: tx.now,
        operation_attempt: record.operationAttempt + 1,
        resume_state: null,
        attempts: 0,
        error_message: null,
      };
    case 'cancel': {
      const hasServer = ['rolling-out', 'paused', 'errored'].includes(
        record.state,
      );
      return {
        due_at: hasServer ? tx.now : null,
        operation: hasServer ? 'release' : null,
        operation_since: tx.now,
        rollout_finished_at: record.rolloutStartedAt ? tx.now : null,
        attempts: 0,
        error_message: null,
      };
    }
    case 'retry':
      return {
        obstacle: null,
        due_at: tx.now,
        operation_since: tx.now,
        operation_attempt: record.operationAttempt + 1,
        resume_state: null,
        attempts: 0,
        error_message: null,
      };
    default:
      return { due_at: tx.now };
  }
}

/** What is done first once a promotion is resumed: what was measured is measured anew. */
function resumed(record: PromotionRecord): PromotionRecord['operation'] {
  if (isTrafficTouched(record)) {
    return 'traffic';
  }
  return record.operation === 'compare' ? 'mirror' : record.operation;
}
