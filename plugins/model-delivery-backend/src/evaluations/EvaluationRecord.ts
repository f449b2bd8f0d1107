import {
  Evaluation,
  EvaluationReport,
  RevocationMark,
} from '@slipway/backstage-plugin-model-delivery-common';
import { DatabaseTime, toIso } from '../database/values';

/** A row of `evaluations`. */
export interface EvaluationRow {
  id: string;
  version_id: string;
  external_id: string;
  fact: EvaluationReport['fact'];
  stage: Evaluation['stage'];
  measured_at: DatabaseTime;
  received_at: DatabaseTime;
  reported_by: string;
  dataset: string | null;
  run_id: string | null;
  source: string | null;
  digest: string;
  metrics: string;
  confusion_matrix: string | null;
}

/** The evaluation as the API shows it. */
export function toEvaluation(
  row: EvaluationRow,
  version: { modelRef: string; name: string },
  revoked?: RevocationMark,
): Evaluation {
  return {
    id: row.external_id,
    model: version.modelRef,
    version: version.name,
    fact: row.fact,
    stage: row.stage,
    measuredAt: toIso(row.measured_at),
    receivedAt: toIso(row.received_at),
    reportedBy: row.reported_by,
    dataset: row.dataset === null ? null : JSON.parse(row.dataset),
    run: row.run_id,
    source: row.source,
    digest: row.digest,
    metrics: JSON.parse(row.metrics),
    ...(row.confusion_matrix !== null && {
      confusionMatrix: JSON.parse(row.confusion_matrix),
    }),
    ...(revoked && { revoked }),
  };
}
