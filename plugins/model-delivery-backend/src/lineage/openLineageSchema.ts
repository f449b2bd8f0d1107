import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import Ajv2020, { ErrorObject, ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import type { OpenLineageEvent } from './openLineage';

const MAX_FAULTS = 10;
const SPEC = 'OpenLineage';

/** Facets that the engine reads, by where they are found. Others are let be, as long as they are facets at all. */
const FACETS = {
  dataset: {
    version: 'DatasetVersionDatasetFacet',
    datasetType: 'DatasetTypeDatasetFacet',
    symlinks: 'SymlinksDatasetFacet',
    columnLineage: 'ColumnLineageDatasetFacet',
  },
  job: { sourceCodeLocation: 'SourceCodeLocationJobFacet' },
} as const;

/** What the engine reads of the run facet `parent`, in every version of it. */
const PARENT = {
  $id: 'ParentRunFacet',
  $defs: {
    ParentRunFacet: {
      type: 'object',
      required: ['run', 'job'],
      properties: {
        run: {
          type: 'object',
          required: ['runId'],
          properties: { runId: { type: 'string', format: 'uuid' } },
        },
        job: {
          type: 'object',
          required: ['namespace', 'name'],
          properties: {
            namespace: { type: 'string' },
            name: { type: 'string' },
          },
        },
      },
    },
  },
};

type Check = { path: string; facet: string; value: unknown };
type Checks = (schema: string) => ValidateFunction;

let checks: Checks | undefined;

/**
 * Checks an event against the schemas that OpenLineage publishes.
 * @throws InputError naming the path of each fault.
 */
export function checkOpenLineageEvent(
  event: unknown,
): asserts event is OpenLineageEvent {
  checks ??= compile();
  // By its own kind alone: a fault in a run event is not told as one of a job event too
  const kind = kindOf(event);
  const validate = checks(kind);
  if (!validate(event)) {
    fail('request/body', validate.errors ?? []);
  }
  for (const { path, facet, value } of facetsOf(event as OpenLineageEvent)) {
    const validateFacet = checks(facet);
    if (!validateFacet(value)) {
      fail(path, validateFacet.errors ?? []);
    }
  }
}

function kindOf(event: unknown): 'RunEvent' | 'DatasetEvent' | 'JobEvent' {
  const has = (key: string) =>
    typeof event === 'object' && event !== null && key in event;
  if (has('dataset') && !has('run') && !has('job')) {
    return 'DatasetEvent';
  }
  return has('job') && !has('run') ? 'JobEvent' : 'RunEvent';
}

function* facetsOf(event: OpenLineageEvent): Generator<Check> {
  const things = [
    ...(['inputs', 'outputs'] as const).flatMap(side =>
      (event[side] ?? []).map((each, i) => ({
        path: `request/body/${side}/${i}`,
        each,
      })),
    ),
    ...(event.dataset
      ? [{ path: 'request/body/dataset', each: event.dataset }]
      : []),
  ];
  for (const { path, each } of things) {
    for (const [key, facet] of Object.entries(FACETS.dataset)) {
      yield* facetAt(`${path}/facets/${key}`, facet, each.facets?.[key]);
    }
  }
  for (const [key, facet] of Object.entries(FACETS.job)) {
    yield* facetAt(
      `request/body/job/facets/${key}`,
      facet,
      event.job?.facets?.[key],
    );
  }
  yield* facetAt(
    'request/body/run/facets/parent',
    PARENT.$id,
    event.run?.facets?.parent,
  );
}

function* facetAt(
  path: string,
  facet: string,
  value: Record<string, unknown> | undefined,
): Generator<Check> {
  if (value !== undefined && value._deleted !== true) {
    yield { path, facet, value };
  }
}

function compile(): Checks {
  const ajv = new Ajv2020({ allErrors: false, strict: false });
  addFormats(ajv);
  const ids = new Map<string, string>();
  const facets = [
    ...Object.values(FACETS.dataset),
    ...Object.values(FACETS.job),
  ];
  for (const name of [SPEC, ...facets]) {
    const schema = JSON.parse(
      readFileSync(
        resolvePackagePath(
          '@slipway/backstage-plugin-model-delivery-backend',
          'openlineage',
          `${name}.json`,
        ),
        'utf8',
      ),
    );
    ajv.addSchema(schema);
    ids.set(name, schema.$id);
  }
  ajv.addSchema(PARENT);
  ids.set(PARENT.$id, PARENT.$id);
  return name => {
    const file = ids.has(name) ? name : SPEC;
    return ajv.getSchema(`${ids.get(file)}#/$defs/${name}`)!;
  };
}

function fail(path: string, errors: ErrorObject[]): never {
  const faults = errors
    .slice(0, MAX_FAULTS)
    .map(({ instancePath, message }) => ({
      path: `${path}${instancePath}`,
      message: message ?? 'is not what OpenLineage says',
    }));
  throw Object.assign(
    new InputError(
      faults.map(fault => `${fault.path} ${fault.message}`).join('; '),
    ),
    { errors: faults },
  );
}
