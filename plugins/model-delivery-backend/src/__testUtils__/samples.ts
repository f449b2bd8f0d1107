import {
  EvaluationReport,
  VersionParts,
  VersionRegistration,
} from '@slipway/backstage-plugin-model-delivery-common';

/** Parts of a version, all of them filled in. */
export function sampleParts(changes: Partial<VersionParts> = {}): VersionParts {
  return {
    code: { repository: 'https://git.example.com/credit', commit: 'abc1234' },
    data: [{ name: 'loans', version: '2026-10', digest: 'sha256:d1' }],
    artifact: {
      digest: `sha256:${'1'.repeat(64)}`,
      uri: 'models:/credit-default/1',
    },
    configuration: [{ name: 'thresholds', digest: 'c1' }],
    parameters: { depth: '4' },
    trainedBy: 'user:default/dana',
    ...changes,
  };
}

/** What a pipeline sends to register a version. */
export function sampleRegistration(
  version: string,
  changes: Partial<VersionRegistration> = {},
): VersionRegistration {
  return { version, parts: sampleParts(), ...changes };
}

/** What a pipeline sends of an evaluation. */
export function sampleEvaluation(
  id: string,
  changes: Partial<EvaluationReport> = {},
): EvaluationReport {
  return {
    id,
    fact: 'candidate',
    measuredAt: '2026-11-20T10:00:00.000Z',
    metrics: [
      {
        name: 'f1',
        value: 0.8,
        interval: { low: 0.78, high: 0.82, level: 0.95 },
        sampleSize: 1000,
        higherIsBetter: true,
      },
    ],
    ...changes,
  };
}
