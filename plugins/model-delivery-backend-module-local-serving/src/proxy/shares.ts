import { createHash } from 'node:crypto';
import { TrafficShare } from '@slipway/backstage-plugin-model-delivery-node';

/** Parts into which keys are divided; a share is exact to a hundredth of a percent. */
export const SLOTS = 10_000;

/**
 * Slot of a sticky key, 0 to 9,999, the same for ever. Targets are divided differently, so that nobody is always the
 * first to meet every new version.
 */
export function slotOfKey(target: string, key: string): number {
  const hash = createHash('sha256').update(`${target}\0${key}`).digest();
  return hash.readUInt32BE(0) % SLOTS;
}

/**
 * The version that takes a slot.
 *
 * The newest version has the slots from 0 upwards, the others follow by age. So while a newcomer's share grows, keys
 * only ever move to it, and while it shrinks only away from it.
 * @param versions - all versions of the target, oldest first
 * @returns undefined when nothing has traffic.
 */
export function versionOfSlot(
  versions: readonly string[],
  shares: readonly TrafficShare[],
  slot: number,
): string | undefined {
  let end = 0;
  let last: string | undefined;
  for (let i = versions.length - 1; i >= 0; i--) {
    const share = shares.find(({ version }) => version === versions[i]);
    if (share && share.share > 0) {
      end += (share.share * SLOTS) / 100;
      last = versions[i];
      // Rounding, so that shares such as 33.3 leave no slot without a version
      if (slot < Math.round(end)) return last;
    }
  }
  return last;
}
