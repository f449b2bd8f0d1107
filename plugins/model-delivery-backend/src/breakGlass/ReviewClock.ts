import { EngineContext } from '../context';
import { ENGINE_ACTOR } from '../promotions/changePromotion';
import { findPromotion } from '../promotions/promotionStore';
import { findUntoldOverdue, markOverdueTold } from './breakGlassStore';
import { notifyOverdue } from './notifications';

/** How many are told of at one look; the next look takes the rest. */
const BATCH = 50;

/** Tells those who should know, once, when the review of an emergency promotion is overdue. */
export class ReviewClock {
  readonly #context: Pick<EngineContext, 'work'>;

  constructor(context: Pick<EngineContext, 'work'>) {
    this.#context = context;
  }

  /** Looks for what became overdue. Any number of replicas may look at the same time: one of them tells. */
  async look(): Promise<void> {
    const { work } = this.#context;
    const overdue = await findUntoldOverdue(work.knex, work.now(), BATCH);
    for (const id of overdue) {
      await work.run(async tx => {
        const record = await findPromotion(tx.knex, id);
        if (!record?.breakGlass || !(await markOverdueTold(tx, id))) {
          return;
        }
        notifyOverdue(tx, record);
        tx.record({
          actor: ENGINE_ACTOR,
          action: 'promotion.review-overdue',
          model: record.modelRef,
          subject: `promotion:${id}`,
          summary: `The review of the emergency promotion of ${
            record.version
          } to ${
            record.environment
          } is overdue since ${record.breakGlass.reviewBy.toISOString()}`,
          details: { reviewRole: record.breakGlass.reviewRole.role },
        });
        tx.publish({
          topic: 'signal.promotion',
          payload: {
            id: String(id),
            model: record.modelRef,
            revision: record.revision,
          },
        });
      });
    }
  }
}
