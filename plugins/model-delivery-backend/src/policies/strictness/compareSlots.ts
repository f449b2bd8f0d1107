import { ApprovalSlot } from '@slipway/backstage-plugin-model-delivery-common';
import { Finding } from './findings';

/** Groups of which each may stand in for a group of the looser policy, by that policy's own word. */
export type Outranked = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * What makes approvals looser than those they have to cover. Each person that the looser policy asks for has to be asked
 * for by the stricter one too, in the same group or one that outranks it, and no person counts for two.
 */
export function compareSlots(
  what: string,
  stricter: readonly ApprovalSlot[],
  looser: readonly ApprovalSlot[],
  outranked: Outranked,
): Finding[] {
  const asked = stricter.flatMap(slot =>
    Array.from({ length: slot.minimum }, () => slot),
  );
  const takenBy = new Map<number, { group: string; reason: boolean }>();

  const covers = (slot: ApprovalSlot, group: string, reason: boolean) =>
    (slot.group === group || outranked.get(group)?.has(slot.group) === true) &&
    (slot.reasonRequired || !reason);
  /** Finds a person for the demand, moving earlier ones to others where that makes room. */
  const place = (
    demand: { group: string; reason: boolean },
    tried: Set<number>,
  ): boolean =>
    asked.some((slot, i) => {
      if (tried.has(i) || !covers(slot, demand.group, demand.reason)) {
        return false;
      }
      tried.add(i);
      const before = takenBy.get(i);
      if (before && !place(before, tried)) {
        return false;
      }
      takenBy.set(i, demand);
      return true;
    });

  return looser.flatMap(slot => {
    const uncovered = Array.from({ length: slot.minimum }).filter(
      () =>
        !place({ group: slot.group, reason: slot.reasonRequired }, new Set()),
    ).length;
    return uncovered > 0
      ? [
          {
            at: what,
            what: `do not cover ${slot.minimum} of ${slot.title} (${
              slot.group
            })${slot.reasonRequired ? ' with a reason' : ''}`,
          },
        ]
      : [];
  });
}
