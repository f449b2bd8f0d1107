import {
  GateVerdict,
  RevocationMark,
} from '@slipway/backstage-plugin-model-delivery-common';
import { parseFact } from '../gates/facts';
import { JoinedRevocationRow, toMark } from './revocationStore';

/**
 * Marks what verdicts were given on and was revoked since. The verdicts stay what they were. Pure.
 * @param judged - the version that was judged, and the digest of the one that served in production then
 */
export function markVerdicts(
  verdicts: GateVerdict[],
  judged: { versionId: string; productionDigest: string | null },
  revocations: JoinedRevocationRow[],
): GateVerdict[] {
  if (revocations.length === 0) {
    return verdicts;
  }
  const markOf = (fact: string, source: string): RevocationMark | undefined => {
    const isProduction = parseFact(fact)?.fact === 'production';
    const row = revocations.find(
      each =>
        each.evaluation === source &&
        (isProduction
          ? each.version_digest === judged.productionDigest
          : each.version_id === judged.versionId),
    );
    return row && toMark(row);
  };
  return verdicts.map(verdict => ({
    ...verdict,
    inputs: verdict.inputs.map(input => {
      const revoked = input.source && markOf(input.fact, input.source);
      return revoked ? { ...input, revoked } : input;
    }),
  }));
}
