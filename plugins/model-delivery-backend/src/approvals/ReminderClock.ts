import { findTogether } from '../bundles/bundlePromotionStore';
import { findDecisionsTogether } from '../bundles/decisionsTogether';
import { slotsTogether } from '../bundles/together';
import { EngineContext } from '../context';
import { ENGINE_ACTOR } from '../promotions/changePromotion';
import { notifyEscalated, notifyReminded } from '../promotions/notifications';
import { findPromotion } from '../promotions/promotionStore';
import { duration, secondsBetween } from '../words';
import { countFilled } from './decisionStore';
import {
  findDueReminders,
  findReminders,
  moveReminder,
  ReminderRecord,
} from './reminderStore';

/** How many are told of at one look; the next look takes the rest. */
const BATCH = 50;

/** Reminds those who are asked to decide, and tells whom the policy names when nobody does. */
export class ReminderClock {
  readonly #context: Pick<EngineContext, 'work'>;

  constructor(context: Pick<EngineContext, 'work'>) {
    this.#context = context;
  }

  /** Looks for what is due. Any number of replicas may look at the same time: one of them tells. */
  async look(): Promise<void> {
    const { work } = this.#context;
    for (const id of await findDueReminders(work.knex, work.now(), BATCH)) {
      await this.#remind(id);
    }
  }

  async #remind(id: number): Promise<void> {
    await this.#context.work.run(async tx => {
      const record = await findPromotion(tx.knex, id);
      const reminder = await findReminders(tx.knex, [id]);
      if (!record || !reminder?.nextAt || reminder.nextAt > tx.now) {
        return;
      }
      if (record.state !== 'awaiting-approval') {
        await moveReminder(tx, reminder, { next_at: null });
        return;
      }
      const { escalation } = reminder;
      const escalates =
        escalation !== null && !reminder.escalatedAt && escalation.at <= tx.now;
      const reminds = nextReminder(reminder) <= tx.now;
      // However long nobody looked, one reminder is told
      const told = reminds
        ? Math.floor(
            secondsBetween(reminder.askedAt, tx.now) / reminder.everySeconds,
          )
        : reminder.told;
      const next = nextReminder({ ...reminder, told });
      const upcoming =
        escalation && !reminder.escalatedAt && !escalates
          ? [next, escalation.at]
          : [next];
      const isMine = await moveReminder(tx, reminder, {
        told,
        escalated_at: escalates ? tx.now : reminder.escalatedAt,
        next_at: new Date(Math.min(...upcoming.map(at => at.getTime()))),
      });
      if (!isMine) {
        return;
      }
      const together = await findTogether(tx.knex, record);
      const slots = slotsTogether(together);
      const filled = countFilled(
        slots,
        await findDecisionsTogether(tx.knex, together),
      );
      const open = slots.filter((_, i) => filled[i].filled < filled[i].minimum);
      const waited = duration(secondsBetween(reminder.askedAt, tx.now));
      if (reminds) {
        await notifyReminded(tx, record, open, waited);
      }
      if (escalates) {
        notifyEscalated(tx, record, { ...escalation, open, waited });
      }
      tx.record({
        actor: ENGINE_ACTOR,
        action: escalates ? 'promotion.escalated' : 'promotion.reminded',
        model: record.modelRef,
        subject: `promotion:${id}`,
        summary: escalates
          ? `${escalation.title} was told that nobody has decided on ${record.version} for ${record.environment} for ${waited}`
          : `Those who are asked to decide on ${record.version} for ${record.environment} were reminded after ${waited}`,
        details: { roles: open.map(slot => slot.role), reminders: told },
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

function nextReminder({
  askedAt,
  told,
  everySeconds,
}: Pick<ReminderRecord, 'askedAt' | 'told' | 'everySeconds'>): Date {
  return new Date(askedAt.getTime() + (told + 1) * everySeconds * 1000);
}
