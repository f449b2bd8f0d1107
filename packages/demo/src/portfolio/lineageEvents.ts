import { createHash } from 'node:crypto';
import { LineageEvent, ModelHistory, VersionHistory } from './types';

/** Versions of each model whose runs are told of: the newest. */
const VERSIONS = 12;
/** How long the runs took, in milliseconds. */
const LOAD_MS = 7 * 60_000;
const TRAIN_MS = 48 * 60_000;
const PRODUCER = 'https://git.harbour.example/platform/airflow';
const LAKE = 's3://harbour-lake';
/** Columns of the tables of which the lineage is told column by column. */
const COLUMNS: Record<string, [string, string][]> = {
  'loan-applications': [
    ['income', 'gross_income_eur'],
    ['debt_to_income', 'gross_income_eur'],
    ['debt_to_income', 'open_debt_eur'],
    ['defaulted_12m', 'days_past_due'],
  ],
  'card-transactions': [
    ['amount', 'amount_minor'],
    ['is_fraud', 'chargeback_code'],
  ],
};

/** What an orchestrator reports of the runs behind the newest versions of a model: that data were loaded, and it was trained. */
export function lineageEventsOf(
  model: Pick<ModelHistory, 'namespace' | 'name' | 'versions'>,
): LineageEvent[] {
  return model.versions
    .slice(-VERSIONS)
    .flatMap(version => [
      ...version.registration.parts.data.map(each =>
        loadOf(version, each.name, each.version),
      ),
      ...trainingOf(model, version),
    ]);
}

function loadOf(
  { registration }: VersionHistory,
  ref: string,
  version: string,
): LineageEvent {
  const name = ref.split('/').pop()!;
  return runEvent({
    type: 'COMPLETE',
    at: Date.parse(registration.parts.data[0].availableAt!) + LOAD_MS,
    run: `load ${ref} ${version}`,
    job: `load_${name.replaceAll('-', '_')}`,
    inputs: [
      dataset(LAKE, `landing/${name}`, { version: versionFacet(version) }),
    ],
    outputs: [
      dataset('backstage', ref, {
        version: versionFacet(version),
        ...(COLUMNS[name] && { columnLineage: columnsFacet(name) }),
      }),
    ],
  });
}

function trainingOf(
  model: Pick<ModelHistory, 'namespace' | 'name'>,
  { registration }: VersionHistory,
): LineageEvent[] {
  const { parts, version, createdAt } = registration;
  const end = Date.parse(createdAt!);
  const job = {
    run: `train ${model.name} ${version}`,
    job: `train_${model.name.replaceAll('-', '_')}`,
    inputs: parts.data.map(each =>
      dataset('backstage', each.name, { version: versionFacet(each.version) }),
    ),
    code: { repository: parts.code.repository!, commit: parts.code.commit },
  };
  return [
    runEvent({ ...job, type: 'START', at: end - TRAIN_MS, outputs: [] }),
    runEvent({
      ...job,
      type: 'COMPLETE',
      at: end,
      outputs: [
        dataset('backstage', `model:${model.namespace}/${model.name}`, {
          version: versionFacet(version),
          datasetType: facet('1-0-1/DatasetTypeDatasetFacet', {
            datasetType: 'MODEL',
          }),
        }),
      ],
    }),
  ];
}

function runEvent(options: {
  type: 'START' | 'COMPLETE';
  at: number;
  run: string;
  job: string;
  inputs: object[];
  outputs: object[];
  code?: { repository: string; commit: string };
}): LineageEvent {
  const { code } = options;
  return {
    eventType: options.type,
    eventTime: new Date(options.at).toISOString(),
    producer: PRODUCER,
    schemaURL:
      'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    run: { runId: uuidOf(options.run) },
    job: {
      namespace: 'airflow',
      name: options.job,
      facets: code
        ? {
            sourceCodeLocation: facet('1-1-0/SourceCodeLocationJobFacet', {
              type: 'git',
              url: code.repository,
              repoUrl: code.repository,
              version: code.commit,
            }),
          }
        : {},
    },
    inputs: options.inputs,
    outputs: options.outputs,
  };
}

function dataset(namespace: string, name: string, facets: object): object {
  return { namespace, name, facets };
}

function versionFacet(version: string): object {
  return facet('1-0-1/DatasetVersionDatasetFacet', { datasetVersion: version });
}

function columnsFacet(name: string): object {
  const fields: Record<string, { inputFields: object[] }> = {};
  for (const [column, source] of COLUMNS[name]) {
    (fields[column] ??= { inputFields: [] }).inputFields.push({
      namespace: LAKE,
      name: `landing/${name}`,
      field: source,
      transformations: [{ type: 'DIRECT', subtype: 'TRANSFORMATION' }],
    });
  }
  return facet('1-2-0/ColumnLineageDatasetFacet', { fields });
}

function facet(schema: string, content: object): object {
  return {
    _producer: PRODUCER,
    _schemaURL: `https://openlineage.io/spec/facets/${schema}.json`,
    ...content,
  };
}

/** The same id for the same run, however often the sample is loaded. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
