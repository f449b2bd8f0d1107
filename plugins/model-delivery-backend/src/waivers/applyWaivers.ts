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
  },
): V[] {
  const { waivers, gates, versionDigest, environment } = options;
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
    return subject === waiver.subjectDigest
      ? { ...verdict, verdict: 'waived', waiver: toMark(waiver, verdict) }
      : verdict;
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
