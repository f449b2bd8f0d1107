import {
  ChangeKind,
  DeploymentRecord,
  EvaluationReport,
  IncidentReport,
  PipelineRunReport,
  Risk,
  VersionRegistration,
} from '@slipway/backstage-plugin-model-delivery-common';

/** A metric of a model over its year. */
export interface MetricCourse {
  name: string;
  /** Value a year ago. */
  from: number;
  /** Value today. */
  to: number;
  /** Standard deviation between versions. */
  noise: number;
  /** Half the width of its 95 % interval. */
  half: number;
  unit?: string;
  higherIsBetter: boolean;
}

/** Something that went wrong with a release. */
export interface Trouble {
  /** Weeks before today; it hits the production release next to that. */
  weeksAgo: number;
  kind: 'rolled-back' | 'hot-fixed' | 'incident';
  /** Minutes from when it was noticed until service was restored. */
  minutes: number;
  /** Title of the incident; without one, nobody opened one. */
  incident?: string;
}

/** An incident that no release caused. */
export interface OutsideIncident {
  /** Days before today. */
  daysAgo: number;
  title: string;
  /** Absent while it is open. */
  minutes?: number;
}

/** A data set as versions name it. */
export interface DataSource {
  name: string;
  /** Rows today. */
  rows: number;
  /** Days between two versions of it. */
  everyDays: number;
}

/** The people who work on a model; names of users. */
export interface Crew {
  scientists: string[];
  engineers: string[];
  lead: string;
}

/** What the history of one model is made from. */
export interface ModelProfile {
  name: string;
  risk: Risk;
  crew: Crew;
  /** What the names of its versions begin with. */
  prefix: string;
  /** Number of its first version in the year. */
  firstNumber: number;
  /** Production releases in the year; rollbacks not counted. */
  releases: number;
  /** Days since the last production release. */
  lastReleaseDaysAgo: number;
  /** Versions after the one in production. */
  ahead: number;
  /** Share (0 to 1) of its versions that never got to production. */
  held: number;
  /** What a release changes, by weight. */
  changes: Partial<Record<ChangeKind, number>>;
  /** Median hours from commit to production today, by kind of change. */
  leadHours: Partial<Record<ChangeKind, number>>;
  /** Pipeline runs in the year. */
  runs: number;
  /** Share (0 to 1) of runs that infrastructure lost. */
  errorShare: number;
  /** Share (0 to 1) of runs in which quality said no. */
  failureShare: number;
  /** How old its card was when that was last measured, in days; a few where it is not said. */
  cardAgeDays?: number;
  metrics: MetricCourse[];
  /** What it tells apart, the rarer one second. */
  labels?: [string, string];
  data: DataSource[];
  configuration?: string[];
  baseModel?: string;
  parameters: Record<string, string>;
  troubles: Trouble[];
  incidents: OutsideIncident[];
}

/** A version with what was measured of it, in the order in which it is sent. */
export interface VersionHistory {
  registration: VersionRegistration;
  evaluations: EvaluationReport[];
}

/** A pipeline run with its id. */
export interface RunHistory {
  id: string;
  report: PipelineRunReport;
}

/** An incident with its id. */
export interface IncidentHistory {
  id: string;
  report: IncidentReport;
}

/** An event as OpenLineage says it. */
export interface LineageEvent {
  [key: string]: unknown;
  eventTime: string;
  producer: string;
  schemaURL: string;
}

/** All that is reported of one model. */
export interface ModelHistory {
  namespace: string;
  name: string;
  /** Oldest first. */
  versions: VersionHistory[];
  /** What an orchestrator tells of the runs behind the newest versions. */
  lineage: LineageEvent[];
  /** Oldest first. */
  runs: RunHistory[];
  /** Oldest first in each environment. */
  deployments: DeploymentRecord[];
  incidents: IncidentHistory[];
}

/** The sample company's year. */
export interface Portfolio {
  /** Start of the day on which the year ends. */
  asOf: Date;
  /** The first holds the landmark by which the year is known again, so it is reported before the others. */
  models: ModelHistory[];
}
