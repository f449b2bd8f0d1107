import { Bar } from '../approvals/bars';

/**
 * Why a waiver that was granted does not let anything through, though it has not ended: it is an approval, and nobody
 * approves their own request or what they made. Continues "does not count, since …"; undefined when it counts. Pure.
 * @param on - who requested what is judged, if anybody did, and who made the version as far as it is known now
 */
export function whyNotCounted(
  grantedBy: string,
  on: { requestedBy?: string; makers: Bar[] },
): string | undefined {
  if (grantedBy === on.requestedBy) {
    return 'they requested this promotion';
  }
  const maker = on.makers.find(({ person }) => person === grantedBy);
  return maker?.because.replace(/^You /, 'they ');
}
