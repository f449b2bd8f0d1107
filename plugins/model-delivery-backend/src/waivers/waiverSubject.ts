import { GateVerdict } from '@slipway/backstage-plugin-model-delivery-common';
import { digestOf } from '../policies/digest';
import { Gate } from '../policies/types';

/**
 * What a waiver is for, as one digest: the SHA-256 of the RFC 8785 form of the version's digest, the environment, the
 * gate's rule, the values that it was judged on and its verdict. Anything else of it, such as a second measurement that
 * came to the same value, leaves a waiver as it is.
 */
export function waiverSubject(parts: {
  versionDigest: string;
  environment: string;
  gate: Gate;
  verdict: Pick<GateVerdict, 'verdict' | 'inputs'>;
}): string {
  const { versionDigest, environment, gate, verdict } = parts;
  return digestOf({
    versionDigest,
    environment,
    gate: {
      id: gate.id,
      when: gate.when,
      requires: gate.requires,
      maxAgeSeconds: gate.maxAgeSeconds,
      tolerance: gate.tolerance ?? null,
    },
    verdict: verdict.verdict,
    facts: verdict.inputs.map(({ fact, value, interval }) => ({
      fact,
      value,
      interval: interval ?? null,
    })),
  });
}
