import { InputError } from '@backstage/errors';
import { LineageName, ThingKind, VersionedName } from './names';

type Facets = Record<string, Record<string, unknown> | undefined>;

/** What the facet `parent` of a run says. */
interface ParentFacet {
  run: { runId: string };
  job: { namespace: string; name: string };
}

/** A data set of an event. */
interface EventDataset {
  namespace: string;
  name: string;
  facets?: Facets;
}

/** An event of OpenLineage 2-0-2, as far as the engine reads it: of a run, or of a job or data set alone. */
export interface OpenLineageEvent {
  eventTime: string;
  eventType?: string;
  producer: string;
  run?: { runId: string; facets?: Facets };
  job?: { namespace: string; name: string; facets?: Facets };
  dataset?: EventDataset;
  inputs?: EventDataset[];
  outputs?: EventDataset[];
}

/** Data sets that one event may name, on both sides together. */
const MAX_DATASETS = 500;
/** Pairs of columns that one event may tell of. */
const MAX_COLUMNS = 5_000;
/** Characters of a name, and of a version or column. */
const MAX_NAME = 2_000;
const MAX_SHORT = 500;

/** A data set or model as an event names it. */
export interface ThingFact extends VersionedName {
  /** Further names of the same thing. */
  aliases: LineageName[];
}

/** A column that was made of another one. */
export interface ColumnFact {
  target: VersionedName;
  targetColumn: string;
  source: LineageName;
  sourceColumn: string;
  transformation: string | null;
}

/** What an event tells. */
export interface EventFacts {
  at: Date;
  /** What ran, or the job itself when no run is named; null for an event of a data set alone. */
  process: VersionedName | null;
  job: { namespace: string; name: string } | null;
  /** Such as QUERY; null where that was not said. */
  jobType: string | null;
  /** The run that it is part of. */
  partOf: {
    run: VersionedName;
    job: { namespace: string; name: string };
  } | null;
  /** Such as START; null for what says nothing of a run. */
  state: string | null;
  commit: string | null;
  repository: string | null;
  inputs: ThingFact[];
  outputs: ThingFact[];
  /** What is told of, without being read or written. */
  mentioned: ThingFact[];
  columns: ColumnFact[];
}

/**
 * Reads an event that the published schemas allow.
 * @throws InputError for what is too much or too long, naming its path.
 */
export function readOpenLineageEvent(event: OpenLineageEvent): EventFacts {
  const inputs = event.inputs ?? [];
  const outputs = event.outputs ?? [];
  if (inputs.length + outputs.length > MAX_DATASETS) {
    throw new InputError(
      `request/body names ${
        inputs.length + outputs.length
      } data sets; ${MAX_DATASETS} are taken at most`,
    );
  }
  const source = event.job?.facets?.sourceCodeLocation;
  const facts: EventFacts = {
    at: momentOf(event.eventTime),
    process: processOf(event),
    job: event.job ? jobAt('request/body/job', event.job) : null,
    jobType: optional(
      'request/body/job/facets/jobType/jobType',
      present(event.job?.facets?.jobType)?.jobType,
    ),
    partOf: parentOf(event.run),
    state: event.run ? event.eventType ?? null : null,
    commit: optional(
      'request/body/job/facets/sourceCodeLocation/version',
      source?.version,
    ),
    repository: optional(
      'request/body/job/facets/sourceCodeLocation/repoUrl',
      source?.repoUrl ?? source?.url,
      MAX_NAME,
    ),
    inputs: inputs.map((each, i) => thingOf(`request/body/inputs/${i}`, each)),
    outputs: outputs.map((each, i) =>
      thingOf(`request/body/outputs/${i}`, each),
    ),
    mentioned: event.dataset
      ? [thingOf('request/body/dataset', event.dataset)]
      : [],
    columns: [],
  };
  facts.columns = [
    ...outputs.flatMap((each, i) =>
      columnsOf(`request/body/outputs/${i}`, each, facts.outputs[i]),
    ),
    ...(event.dataset
      ? columnsOf('request/body/dataset', event.dataset, facts.mentioned[0])
      : []),
  ];
  if (facts.columns.length > MAX_COLUMNS) {
    throw new InputError(
      `request/body tells of ${facts.columns.length} pairs of columns; ${MAX_COLUMNS} are taken at most`,
    );
  }
  return facts;
}

function processOf({ run, job }: OpenLineageEvent): VersionedName | null {
  if (run) {
    return runOf(run.runId);
  }
  return job
    ? {
        name: {
          class: 'job',
          kind: 'job',
          ...namesOf('request/body/job', job),
        },
        version: '',
      }
    : null;
}

/** The run that a run is part of, unless that is itself. */
function parentOf(run: OpenLineageEvent['run']): EventFacts['partOf'] {
  const parent = present(run?.facets?.parent) as ParentFacet | undefined;
  return parent && parent.run.runId.toLowerCase() !== run!.runId.toLowerCase()
    ? {
        run: runOf(parent.run.runId),
        job: jobAt('request/body/run/facets/parent/job', parent.job),
      }
    : null;
}

function runOf(runId: string): VersionedName {
  return {
    name: {
      class: 'run',
      kind: 'run',
      namespace: 'run',
      name: runId.toLowerCase(),
    },
    version: '',
  };
}

function jobAt(
  path: string,
  { namespace, name }: { namespace: string; name: string },
): { namespace: string; name: string } {
  return {
    namespace: textAt(`${path}/namespace`, namespace, MAX_NAME),
    name: textAt(`${path}/name`, name, MAX_NAME),
  };
}

function thingOf(path: string, dataset: EventDataset): ThingFact {
  const facets = dataset.facets ?? {};
  const kind: ThingKind =
    String(present(facets.datasetType)?.datasetType).toUpperCase() === 'MODEL'
      ? 'model'
      : 'dataset';
  const identifiers = (present(facets.symlinks)?.identifiers ?? []) as {
    namespace: string;
    name: string;
  }[];
  return {
    name: { class: 'thing', kind, ...namesOf(path, dataset) },
    version:
      optional(
        `${path}/facets/version/datasetVersion`,
        present(facets.version)?.datasetVersion,
      ) ?? '',
    aliases: identifiers.map((each, i) => ({
      class: 'thing',
      kind,
      ...namesOf(`${path}/facets/symlinks/identifiers/${i}`, each),
    })),
  };
}

function columnsOf(
  path: string,
  dataset: EventDataset,
  target: VersionedName,
): ColumnFact[] {
  const at = `${path}/facets/columnLineage/fields`;
  const fields = (present(dataset.facets?.columnLineage)?.fields ??
    {}) as Record<
    string,
    {
      inputFields: {
        namespace: string;
        name: string;
        field: string;
        transformations?: { type: string; subtype?: string }[];
      }[];
      transformationType?: string;
    }
  >;
  return Object.entries(fields).flatMap(([targetColumn, field]) =>
    field.inputFields.map((input, i) => {
      const [first] = input.transformations ?? [];
      return {
        target,
        targetColumn: textAt(at, targetColumn, MAX_SHORT),
        source: {
          class: 'thing' as const,
          kind: 'dataset' as const,
          ...namesOf(`${at}/${targetColumn}/inputFields/${i}`, input),
        },
        sourceColumn: textAt(
          `${at}/${targetColumn}/inputFields/${i}/field`,
          input.field,
          MAX_SHORT,
        ),
        transformation: optional(
          `${at}/${targetColumn}/inputFields/${i}/transformations`,
          first?.subtype ?? first?.type ?? field.transformationType,
        ),
      };
    }),
  );
}

/** Lower case where the catalog's own names are used: it does not tell them apart by case. */
function namesOf(
  path: string,
  given: { namespace: string; name: string },
): { namespace: string; name: string } {
  const namespace = textAt(`${path}/namespace`, given.namespace, MAX_NAME);
  const name = textAt(`${path}/name`, given.name, MAX_NAME);
  return {
    namespace,
    name: namespace === 'backstage' ? name.toLocaleLowerCase('en-US') : name,
  };
}

/** The facet, unless the event says that it is gone. */
function present(
  facet: Record<string, unknown> | undefined,
): Record<string, unknown> | undefined {
  return facet?._deleted === true ? undefined : facet;
}

function optional(
  path: string,
  value: unknown,
  limit = MAX_SHORT,
): string | null {
  return typeof value === 'string' && value !== ''
    ? textAt(path, value, limit)
    : null;
}

function textAt(path: string, text: string, limit: number): string {
  if (text.length > limit) {
    throw new InputError(
      `${path} has ${text.length} characters; ${limit} are taken at most`,
    );
  }
  if (text.includes('\0')) {
    throw new InputError(`${path} has a character that is none: U+0000`);
  }
  return text;
}

/** The schema allows leap seconds, which neither JavaScript nor a database knows. */
function momentOf(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) {
    throw new InputError(
      `request/body/eventTime is ${text}, which is no moment`,
    );
  }
  return at;
}
