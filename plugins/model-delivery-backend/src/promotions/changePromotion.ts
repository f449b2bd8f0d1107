import { ConflictError } from '@backstage/errors';
import { Transaction } from '../database/UnitOfWork';
import { StaleStateError } from '../database/values';
import {
  findPromotion,
  PromotionColumns,
  PromotionRow,
  withRow,
} from './promotionStore';
import { LifecycleEvent, nextState } from './transitions';
import { PromotionRecord, TERMINAL_STATES } from './types';

/** What is said of a change in the audit log. */
export interface ChangeNote {
  /** Entity ref of a user, or `service:NAME`. */
  actor: string;
  /** Such as `promotion.approved`. */
  action: string;
  /** One sentence for people. */
  summary: string;
  details?: Record<string, unknown>;
}

/** Who acts when nobody asked: the engine itself. */
export const ENGINE_ACTOR = 'service:model-delivery';

/**
 * Lets an event happen to a promotion: one conditional update on id, state and revision, with its history, audit entry
 * and signal. Call it within `changeModel`, which brings the model's own status up to date afterwards.
 * @param holder - the worker that holds the lease, when it is one that acts
 * @throws ConflictError when the event cannot happen in this state
 * @throws StaleStateError when somebody else changed the promotion first; nothing is written then
 */
export async function changePromotion(
  tx: Transaction,
  record: PromotionRecord,
  change: {
    event: LifecycleEvent;
    note: ChangeNote;
    set?: PromotionColumns;
    holder?: string;
  },
): Promise<PromotionRecord> {
  const to = nextState(record, change.event);
  if (!to) {
    throw new ConflictError(
      `Promotion ${record.id} is ${record.state}: '${change.event}' is not possible now`,
    );
  }
  const stays = to === record.state;
  const leavesServer =
    record.operation === 'release' && TERMINAL_STATES.includes(to);
  return write(tx, record, change.holder, change.note, {
    ...change.set,
    ...(leavesServer && { operation: 'release', due_at: tx.now }),
    state: to,
    revision: record.revision + 1,
    ...(!stays && {
      state_since: tx.now,
      history: JSON.stringify([
        ...record.history,
        { state: to, at: tx.now.toISOString() },
      ]),
    }),
  });
}

/**
 * Writes progress within a state. The revision stays, so that nobody's click is refused because traffic moved on.
 * @param holder - the worker that must still hold the lease; without one the revision goes up
 * @throws StaleStateError when the lease or the promotion is somebody else's by now
 */
export async function progressPromotion(
  tx: Transaction,
  record: PromotionRecord,
  change: {
    set: PromotionColumns;
    note?: ChangeNote;
    holder?: string;
  },
): Promise<PromotionRecord> {
  return write(tx, record, change.holder, change.note, {
    ...change.set,
    ...(!change.holder && { revision: record.revision + 1 }),
  });
}

async function write(
  tx: Transaction,
  record: PromotionRecord,
  holder: string | undefined,
  note: ChangeNote | undefined,
  set: PromotionColumns,
): Promise<PromotionRecord> {
  const [row]: PromotionRow[] = await tx
    .knex('promotions')
    .where({
      id: record.id,
      state: record.state,
      revision: record.revision,
      ...(holder && { lease_owner: holder }),
    })
    .update(set)
    .returning('*');
  if (!row) {
    throw staleError(record, await findPromotion(tx.knex, record.id));
  }
  const current = await withRow(tx.knex, record, row);
  if (note) {
    tx.record({
      actor: note.actor,
      action: note.action,
      model: record.modelRef,
      subject: `promotion:${record.id}`,
      summary: note.summary,
      details: {
        version: record.version,
        environment: record.environment,
        from: record.state,
        to: current.state,
        revision: current.revision,
        ...note.details,
      },
    });
  }
  tx.publish({
    topic: 'signal.promotion',
    payload: {
      id: String(record.id),
      model: record.modelRef,
      revision: current.revision,
    },
  });
  return current;
}

/** The refusal of what was meant for an earlier state of the promotion. */
export function staleError(
  record: { id: number },
  current: PromotionRecord | undefined,
  why = 'it changed meanwhile; look at it again',
): StaleStateError {
  return new StaleStateError(
    `Promotion ${record.id} is ${current?.state ?? 'gone'} now (revision ${
      current?.revision
    }): ${why}`,
    {
      state: current?.state,
      revision: current?.revision,
      subjectDigest: current?.subjectDigest,
    },
  );
}
