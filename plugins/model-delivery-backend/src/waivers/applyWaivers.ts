import { GateVerdict } from '@slipway/backstage-plugin-model-delivery-common';
import { Bar } from '../approvals/bars';
import { blocks } from '../gates/evaluateGate';
import { Gate } from '../policies/types';
import { GrantedWaiver } from './waiverStore';
import { waiverSubject } from './waiverSubject';
import { whyNotCounted } from './whyNotCounted';

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
 * @param requestedBy - who requested the promotion that is judged
 * @param makers - who made the version as far as it is known now: a waiver is an approval, and nobody approves what they
 *   requested or made. Where one waiver does not count for that, another one may.
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
    makers: Bar[];
  },
): V[] {
  const { waivers, gates, versionDigest, environment } = options;
  return verdicts.map(verdict => {
    const gate = gates.find(each => each.id === verdict.gate);
    if (!gate || !blocks(verdict)) {
      return verdict;
    }
    const subject = waiverSubject({
      versionDigest,
      environment,
      gate,
      verdict,
    });
    const about = waivers
      .filter(each => each.gate === gate.id && each.subjectDigest === subject)
      .map(waiver => ({
        waiver,
        because: whyNotCounted(waiver.grantedBy, options),
      }));
    const counting = about.find(({ because }) => !because);
    if (counting) {
      return {
        ...verdict,
        verdict: 'waived',
        waiver: toMark(counting.waiver, verdict),
      };
    }
    return {
      ...verdict,
      explanation: [
        verdict.explanation,
        ...about.map(
          ({ waiver, because }) =>
            `The waiver of ${waiver.grantedBy} does not count, since ${because}`,
        ),
      ].join('. '),
    };
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
