import {
  Risk,
  TeamSize,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { ModelRow } from './ModelRecord';

const DAY_MS = 86_400_000;

/** How old a card may be for models of one risk and size of team. */
export interface CardLimit {
  risk: Risk;
  teamSize: TeamSize;
  /** In days; null where the policy does not ask. */
  days: number | null;
}

/** How a card of that age stands against what the policy asks; it ages on after it was measured. */
export function cardStateOf(
  writtenAt: Date | null,
  days: number | null,
  now: Date,
): ModelRow['card_state'] {
  if (writtenAt === null) {
    return 'unmeasured';
  }
  return days !== null && writtenAt < oldest(days, now) ? 'stale' : 'fresh';
}

/**
 * Marks the cards that became stale by time alone, and those that a changed policy or risk makes fresh or stale. Touches only
 * the rows that change, each found by an index.
 */
export async function sweepCardStates(
  knex: Knex,
  limits: CardLimit[],
  now: Date,
): Promise<void> {
  for (const { risk, teamSize, days } of limits) {
    const marked = (state: ModelRow['card_state']) =>
      knex<ModelRow>('models')
        .whereNull('removed_at')
        .where({ risk, team_size: teamSize })
        .whereIn(
          'card_state',
          (['unmeasured', 'fresh', 'stale'] as const).filter(
            each => each !== state,
          ),
        );
    if (days !== null) {
      await marked('stale')
        .where('card_at', '<', oldest(days, now))
        .update({ card_state: 'stale', changed_at: now });
    }
    await marked('fresh')
      .modify(builder =>
        days === null
          ? builder.whereNotNull('card_at')
          : builder.where('card_at', '>=', oldest(days, now)),
      )
      .update({ card_state: 'fresh', changed_at: now });
  }
}

function oldest(days: number, now: Date): Date {
  return new Date(now.getTime() - days * DAY_MS);
}
