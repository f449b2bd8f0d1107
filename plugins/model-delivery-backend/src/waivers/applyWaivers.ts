import { GateVerdict } from '@slipway/backstage-plugin-model-delivery-common';
import { blocks } from '../gates/evaluateGate';
import { Gate } from '../policies/types';
import { GrantedWaiver } from './waiverStore';
import { waiverSubject } from './waiverSubject';

/** The waivers that verdicts rested on. */
export function waiversOf(
  verdicts: Pick<GateVerdict, 'gate' | 'waiver'>[],
): GrantedWaiver[] {
  return verdicts.flatMap(({ gate, waiver }) =>
    waiver
      ? [
          {
            ...waiver,
            id: Number(waiver.id),
            gate,
            expiresAt: new Date(waiver.expiresAt),
          },
        ]
      : [],
  );
}

/**
 * Waives the verdicts that keep a version out and that a waiver was granted for, as long as the waiver is about exactly
 * this. Pure.
 * @param waivers - those granted for the version and environment that have not expired
 * @param requestedBy - who requested the promotion that is judged: a waiver is an approval, and nobody approves their own
 *   request
 */
export function applyWaivers<
  V extends Omit<GateVerdict, 'policy' | 'evidenceDigest'>,
>(
  verdicts: V[],
  options: {
    waivers: GrantedWaiver[];
    gates: Gate[];
    versionDigest: string;
    environment: string;
    requestedBy?: string;
  },
): V[] {
  const { waivers, gates, versionDigest, environment, requestedBy } = options;
  return verdicts.map(verdict => {
    const waiver = waivers.find(each => each.gate === verdict.gate);
    const gate = gates.find(each => each.id === verdict.gate);
    if (!waiver || !gate || !blocks(verdict)) {
      return verdict;
    }
    const subject = waiverSubject({
      versionDigest,
      environment,
      gate,
      verdict,
    });
    if (subject !== waiver.subjectDigest) {
      return verdict;
    }
    return waiver.grantedBy === requestedBy
      ? {
          ...verdict,
          explanation: `${verdict.explanation}. The waiver of ${waiver.grantedBy} does not count, since they requested this promotion`,
        }
      : { ...verdict, verdict: 'waived', waiver: toMark(waiver, verdict) };
  });
}

function toMark(
  waiver: GrantedWaiver,
  { verdict }: Pick<GateVerdict, 'verdict'>,
): NonNullable<GateVerdict['waiver']> {
  return {
    id: String(waiver.id),
    verdict,
    subjectDigest: waiver.subjectDigest,
    grantedBy: waiver.grantedBy,
    role: waiver.role,
    reason: waiver.reason,
    expiresAt: waiver.expiresAt.toISOString(),
  };
}
