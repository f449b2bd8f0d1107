import {
  ApprovalSlot,
  Decision,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Bar } from '../approvals/bars';
import { secondsBetween } from '../words';
import { toDate } from '../database/values';
import { Directory } from '../people/Directory';
import { PolicyEnvironment } from '../policies/types';
import { DelegationRow, findHandedOnTo } from './delegationStore';

/** Whether somebody may decide in a role that was handed on to them, on whose behalf, or why not. */
export type StandIn = { from: string } | { refusedBecause: string };

/**
 * Whom a person stands in for in a role that they do not hold themselves; undefined when nobody handed it on to them.
 *
 * What was handed on is never wider than what is held: it counts only as long as the one who gave it holds the role,
 * where the environment's policy allows it for that long, and not where that one is barred or has decided already.
 */
export async function findStandIn(
  { knex, directory, now }: { knex: Knex; directory: Directory; now: Date },
  about: {
    person: string;
    slot: Pick<ApprovalSlot, 'group' | 'title'>;
    environment: Pick<PolicyEnvironment, 'name' | 'delegation'>;
    bars: Bar[];
    /** Who decided on it already, for themselves or through others. */
    decided: string[];
  },
): Promise<StandIn | undefined> {
  const given = (await findHandedOnTo(knex, about.person, now)).filter(
    each => each.group_ref === about.slot.group,
  );
  let refused: StandIn | undefined;
  for (const each of given) {
    const why = await whyNot(directory, each, about);
    if (!why) {
      return { from: each.from_person };
    }
    refused ??= { refusedBecause: why };
  }
  return refused;
}

async function whyNot(
  directory: Directory,
  delegation: DelegationRow,
  about: Parameters<typeof findStandIn>[1],
): Promise<string | undefined> {
  const { from_person: from } = delegation;
  const { environment, slot } = about;
  const longest = environment.delegation?.longestSeconds;
  if (longest === undefined) {
    return `The policy does not allow ${slot.title} to be handed on for ${environment.name}`;
  }
  const seconds = secondsBetween(
    toDate(delegation.since),
    toDate(delegation.until),
  );
  if (seconds > longest) {
    return `${from} handed on ${slot.title} for longer than the policy of ${environment.name} allows`;
  }
  if (about.bars.some(bar => bar.person === from)) {
    return `${from}, for whom you stand in, may not decide on it either`;
  }
  if (about.decided.includes(from)) {
    return `${from}, for whom you stand in, has decided on it already`;
  }
  return (await directory.groupsOf(from)).has(slot.group)
    ? undefined
    : `${from}, who handed it on to you, is not in ${slot.group} any more`;
}

/** Everybody whose say is in the decisions that hold: those who decided, and those on whose behalf they did. */
export function peopleOf(decisions: Decision[]): string[] {
  return decisions
    .filter(each => each.voided === null)
    .flatMap(each => [each.decidedBy, each.onBehalfOf ?? each.decidedBy]);
}
