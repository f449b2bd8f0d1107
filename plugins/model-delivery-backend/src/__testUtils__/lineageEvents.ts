const PRODUCER = 'https://example.com/pipeline';
const FACETS = 'https://openlineage.io/spec/facets';

/** A data set of an event, in the words of the tests. */
interface SetWords {
  namespace: string;
  name: string;
  facets?: Record<string, object>;
  /** Further names: namespace and name. */
  aliases?: [string, string][];
  /** By column what it was made of: namespace, name and column. */
  columns?: Record<string, [string, string, string][]>;
}

/** A data set of one version, or of none in particular. */
export function versionedSet(
  namespace: string,
  name: string,
  version?: string,
): SetWords {
  return {
    namespace,
    name,
    facets: version
      ? {
          version: facet('1-0-1/DatasetVersionDatasetFacet', {
            datasetVersion: version,
          }),
        }
      : {},
  };
}

/** A version of a model, as OpenLineage says it. */
export function modelSet(
  namespace: string,
  name: string,
  version: string,
): SetWords {
  const set = versionedSet(namespace, name, version);
  return {
    ...set,
    facets: {
      ...set.facets,
      datasetType: facet('1-0-1/DatasetTypeDatasetFacet', {
        datasetType: 'MODEL',
      }),
    },
  };
}

/** A run event of OpenLineage. */
export function lineageEvent(
  eventType: string,
  runId: string,
  job: string,
  options: {
    at: string;
    job?: { facets: Record<string, object> };
    inputs?: SetWords[];
    outputs?: SetWords[];
  },
): object {
  return {
    eventType,
    eventTime: options.at,
    producer: PRODUCER,
    schemaURL:
      'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    run: { runId },
    job: { namespace: 'pipelines', name: job, ...options.job },
    inputs: (options.inputs ?? []).map(toSet),
    outputs: (options.outputs ?? []).map(toSet),
  };
}

function toSet({ aliases, columns, ...set }: SetWords): object {
  return {
    ...set,
    facets: {
      ...set.facets,
      ...(aliases && {
        symlinks: facet('1-0-1/SymlinksDatasetFacet', {
          identifiers: aliases.map(([namespace, name]) => ({
            namespace,
            name,
            type: 'TABLE',
          })),
        }),
      }),
      ...(columns && {
        columnLineage: facet('1-2-0/ColumnLineageDatasetFacet', {
          fields: Object.fromEntries(
            Object.entries(columns).map(([column, inputs]) => [
              column,
              {
                inputFields: inputs.map(([namespace, name, field]) => ({
                  namespace,
                  name,
                  field,
                  transformations: [{ type: 'DIRECT', subtype: 'IDENTITY' }],
                })),
              },
            ]),
          ),
        }),
      }),
    },
  };
}

function facet(schema: string, content: object): object {
  return {
    _producer: PRODUCER,
    _schemaURL: `${FACETS}/${schema}.json`,
    ...content,
  };
}
