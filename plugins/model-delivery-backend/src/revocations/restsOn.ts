import { parseFact } from '../gates/facts';
import { Evidence } from '../promotions/types';
import { EvaluationName } from './types';

/**
 * The facts that gates read of an evaluation, such as `candidate.metrics.f1`. Facts of the production come from the
 * version that served there when the gates were judged, all others from the promoted one. Pure.
 */
export function restsOn(
  promoted: { versionId: string; evidence: Evidence | null },
  { versionId, versionDigest, evaluation }: EvaluationName,
): string[] {
  const { evidence } = promoted;
  return (evidence?.facts ?? [])
    .filter(({ fact, source }) => {
      const isOfVersion =
        parseFact(fact)?.fact === 'production'
          ? evidence?.production === versionDigest
          : promoted.versionId === versionId;
      return isOfVersion && source === evaluation;
    })
    .map(({ fact }) => fact);
}
