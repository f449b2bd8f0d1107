import {
  ApprovalSlot,
  Decision,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Bar } from '../approvals/bars';
import { environmentOf } from '../approvals/presentBars';
import { EngineContext } from '../context';
import { PoliciesService } from '../policies/PoliciesService';
import { PromotionRecord } from '../promotions/types';
import { findStandIn, peopleOf, StandIn } from './findStandIn';

/** What a person who does not hold the role of a slot may do about it. */
export interface SlotStandIn {
  slot: ApprovalSlot;
  /** Undefined when nobody handed it on to them. */
  standIn: StandIn | undefined;
}

/** The slots of what is decided on together that ask for a role that a person does not hold, and whom they stand in for. */
export async function findStandIns(
  context: Pick<EngineContext, 'work' | 'directory'> & {
    policies: PoliciesService;
  },
  about: {
    person: string;
    together: PromotionRecord[];
    decisions: Decision[];
    /** Who may not decide, as far as they are among those who hand on. */
    bars: Bar[];
    /** The only role that is asked about; all of them unless set. */
    role?: string;
  },
): Promise<SlotStandIn[]> {
  const { work, directory, policies } = context;
  const { person, together, decisions, bars, role } = about;
  const groups = await directory.groupsOf(person);
  const decided = peopleOf(decisions);
  const found: SlotStandIn[] = [];
  for (const record of together) {
    const asked = record.slots.filter(
      each => !groups.has(each.group) && (!role || each.role === role),
    );
    for (const slot of asked) {
      const standIn = await findStandIn(
        { knex: work.knex, directory, now: work.now() },
        {
          person,
          slot,
          environment: await environmentOf(policies, work.knex, record),
          bars,
          decided,
        },
      );
      found.push({ slot, standIn });
    }
  }
  return found;
}
