import {
  ChangeKind,
  Measurement,
  Version,
  VersionParts,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  DatabaseTime,
  toBoolean,
  toDate,
  toDateOrNull,
  toNumber,
} from '../database/values';

/** A commit as a pipeline reported it. */
export type Commit = Version['commits'][number];

/** Somebody as a pipeline named them, and who the catalog knew by that name when the version was registered. */
export interface NamedPerson {
  given: string;
  /** Entity ref of a user; the same as `given` when nobody is known by it. */
  ref: string;
}

/** A row of `versions`. */
export interface VersionRow {
  id: string;
  model_ref: string;
  name: string;
  digest: string;
  parts: string;
  commits: string;
  authors: string;
  first_commit_at: DatabaseTime | null;
  change_kinds: string;
  run_id: string | null;
  registry_uri: string | null;
  trained_by: string;
  created_at: DatabaseTime;
  registered_at: DatabaseTime;
  registered_by: string;
  position: number | string;
}

/** An immutable version of a model. */
export interface VersionRecord {
  id: string;
  modelRef: string;
  /** Its name within the model. */
  name: string;
  digest: string;
  parts: VersionParts;
  /** Commits since the version before it, newest first. */
  commits: Commit[];
  authors: NamedPerson[];
  /** Earliest of the commits. */
  firstCommitAt: Date | null;
  changeKinds: ChangeKind[];
  /** External id of the pipeline run. */
  runId: string | null;
  registryUri: string | null;
  /** Entity ref of the user that trained it, as far as the catalog knew them; otherwise as given. */
  trainedBy: string;
  createdAt: Date;
  registeredAt: Date;
  registeredBy: string;
  /** Order of registration within the model, from 1 without gaps. */
  position: number;
}

/** Reads a row. */
export function toVersionRecord(row: VersionRow): VersionRecord {
  return {
    id: row.id,
    modelRef: row.model_ref,
    name: row.name,
    digest: row.digest,
    parts: JSON.parse(row.parts),
    commits: JSON.parse(row.commits),
    authors: JSON.parse(row.authors),
    firstCommitAt: toDateOrNull(row.first_commit_at),
    changeKinds: JSON.parse(row.change_kinds),
    runId: row.run_id,
    registryUri: row.registry_uri,
    trainedBy: row.trained_by,
    createdAt: toDate(row.created_at),
    registeredAt: toDate(row.registered_at),
    registeredBy: row.registered_by,
    position: toNumber(row.position),
  };
}

/** The row of a version that is to be written. */
export function toVersionRow(version: VersionRecord): VersionRow {
  return {
    id: version.id,
    model_ref: version.modelRef,
    name: version.name,
    digest: version.digest,
    parts: JSON.stringify(version.parts),
    commits: JSON.stringify(version.commits),
    authors: JSON.stringify(version.authors),
    first_commit_at: version.firstCommitAt,
    change_kinds: JSON.stringify(version.changeKinds),
    run_id: version.runId,
    registry_uri: version.registryUri,
    trained_by: version.trainedBy,
    created_at: version.createdAt,
    registered_at: version.registeredAt,
    registered_by: version.registeredBy,
    position: version.position,
  };
}

/** What of a row of `measurements` says what was measured. */
export interface ValueRow {
  version_id: string;
  fact: FactMeasurement['fact'];
  name: string;
  value: number;
  low: number | null;
  high: number | null;
  level: number | null;
  sample_size: number | null;
  unit: string | null;
  higher_is_better: boolean | number | null;
}

/** A row of `measurements`, with the external id and source of its evaluation. */
export interface MeasurementRow extends ValueRow {
  evaluation_id: string;
  measured_at: DatabaseTime;
  evaluation_external_id: string;
  evaluation_source: string | null;
}

/** The latest measurement of one fact of a version, whole population. */
export interface FactMeasurement {
  fact:
    | 'candidate'
    | 'training'
    | 'data'
    | 'tests'
    | 'card'
    | 'scan'
    | 'serving'
    | 'cost'
    | 'drift';
  /** Metric, such as `f1`. */
  name: string;
  value: number;
  interval?: { low: number; high: number; level: number };
  sampleSize?: number;
  unit?: string;
  higherIsBetter?: boolean;
  measuredAt: Date;
  /** External id of the evaluation that it comes from. */
  evaluation: string;
  /** Tool that measured. */
  source: string | null;
}

/** What was measured, as the API says it. */
export function toMeasured(row: ValueRow): Measurement {
  return {
    name: row.name,
    value: row.value,
    ...(row.low !== null &&
      row.high !== null &&
      row.level !== null && {
        interval: { low: row.low, high: row.high, level: row.level },
      }),
    ...(row.sample_size !== null && { sampleSize: row.sample_size }),
    ...(row.unit !== null && { unit: row.unit }),
    ...(row.higher_is_better !== null && {
      higherIsBetter: toBoolean(row.higher_is_better),
    }),
  };
}

/** Reads a row. */
export function toFactMeasurement(row: MeasurementRow): FactMeasurement {
  return {
    fact: row.fact,
    ...toMeasured(row),
    measuredAt: toDate(row.measured_at),
    evaluation: row.evaluation_external_id,
    source: row.evaluation_source,
  };
}

/** The measurement as the API says it. */
export function toMeasurement(fact: FactMeasurement): Measurement {
  return {
    name: fact.name,
    value: fact.value,
    ...(fact.interval && { interval: fact.interval }),
    ...(fact.sampleSize !== undefined && { sampleSize: fact.sampleSize }),
    ...(fact.unit !== undefined && { unit: fact.unit }),
    ...(fact.higherIsBetter !== undefined && {
      higherIsBetter: fact.higherIsBetter,
    }),
  };
}
