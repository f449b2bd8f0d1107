import { InputError, NotFoundError } from '@backstage/errors';
import { EngineContext } from '../context';
import { Transaction } from '../database/UnitOfWork';
import { toDate } from '../database/values';
import { ModelsService } from '../models/ModelsService';
import { changeModel } from '../promotions/changeModel';
import { Promotions } from '../promotions/types';
import { VersionsService } from '../versions/VersionsService';
import { endWaiverRow } from './endWaiver';
import { GateNow } from './GateNow';
import {
  JoinedWaiverRow,
  OPEN_STATES,
  selectWaivers,
  WaiverEnd,
} from './waiverStore';

const SWEEP_SIZE = 100;

/** Ends waivers that do not hold any more. */
export class WaiverUpkeep {
  readonly #context: Pick<EngineContext, 'work'>;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  readonly #promotions: Promotions;
  readonly #gateNow: GateNow;

  constructor(options: {
    context: Pick<EngineContext, 'work'>;
    models: ModelsService;
    versions: VersionsService;
    promotions: Promotions;
    gateNow: GateNow;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#versions = options.versions;
    this.#promotions = options.promotions;
    this.#gateNow = options.gateNow;
  }

  /**
   * Ends the open waivers whose time is over, or which are about something else than when they were asked for.
   * @param versionId - looks at those of one version alone
   */
  async sweep(versionId?: string): Promise<void> {
    const { knex } = this.#context.work;
    let after = 0;
    for (;;) {
      const rows: JoinedWaiverRow[] = await selectWaivers(knex)
        .whereIn('waivers.state', [...OPEN_STATES])
        .where('waivers.id', '>', after)
        .where(versionId ? { 'waivers.version_id': versionId } : {})
        .orderBy('waivers.id')
        .limit(SWEEP_SIZE);
      for (const row of rows) {
        const outdated = await this.whyOutdated(row);
        if (outdated) {
          await this.end(row, outdated);
        }
        after = row.id;
      }
      if (rows.length < SWEEP_SIZE) {
        return;
      }
    }
  }

  /** Why an open waiver does not hold any more; undefined while it does. */
  async whyOutdated(row: JoinedWaiverRow): Promise<WaiverEnd | undefined> {
    const { work } = this.#context;
    if (toDate(row.expires_at) <= work.now()) {
      return { state: 'expired', because: 'its time is over' };
    }
    try {
      const model = await this.#models.require(row.model_ref);
      const version = await this.#versions.byId(work.knex, row.version_id);
      const { subject, verdict } = await this.#gateNow.judge(
        model,
        version,
        row,
      );
      return subject === row.subject_digest
        ? undefined
        : {
            state: 'void',
            because: `the gate was judged anew since: ${verdict.explanation}`,
          };
    } catch (error) {
      if (error instanceof InputError) {
        return {
          state: 'void',
          because: 'the policy has no such gate there any more',
        };
      }
      if (error instanceof NotFoundError) {
        return {
          state: 'void',
          because: 'its model is not in the catalog any more',
        };
      }
      throw error;
    }
  }

  /**
   * Ends an open waiver, and sends promotions that rest on it back to their gates.
   * @returns whether it was this call that ended it
   */
  async end(row: JoinedWaiverRow, end: WaiverEnd): Promise<boolean> {
    return changeModel(
      { work: this.#context.work, models: this.#models },
      row.model_ref,
      async (tx: Transaction) => {
        const isEnded = await endWaiverRow(tx, row, end);
        if (isEnded && row.state === 'granted') {
          await this.#promotions.evidenceChanged(
            tx,
            row.version_id,
            'a waiver ended',
          );
        }
        return isEnded;
      },
    );
  }
}
