import {
  modelReadPermission,
  SearchDocumentPage,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { decodeCursor, toPage } from '../database/paging';
import { DatabaseTime, toDateOrNull } from '../database/values';
import { OperationRequest } from '../http/operations';
import { visibleModels } from '../models/modelFilters';
import { toVersionRecord, VersionRow } from '../versions/VersionRecord';
import { findMeasurements } from '../versions/versionStore';
import { DocumentModel, toVersionDocument } from './versionDocument';

const DEFAULT_LIMIT = 50;

/** A version with its model. */
type Row = VersionRow &
  Omit<DocumentModel, 'name'> & { ref: string; model_name: string };

/** Hands search engines what there is to index, page by page in the order of ids, which registrations do not disturb. */
export class SearchDocuments {
  readonly #context: EngineContext;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /**
   * One page of the documents that the caller may see.
   * @throws InputError for a cursor of another list; NotAllowedError when the caller may see none.
   */
  async list(
    principal: Principal,
    query: OperationRequest<'listSearchDocuments'>['query'],
  ): Promise<SearchDocumentPage> {
    const { work, authorizer } = this.#context;
    const { knex } = work;
    const visible = await authorizer.modelFilter(
      principal,
      modelReadPermission,
    );
    const limit = query.limit ?? DEFAULT_LIMIT;
    // Before the page: what changes meanwhile is another state
    const state = await findState(knex);
    const rows: Row[] = await visibleModels(knex, visible)
      .join('versions', 'versions.model_ref', 'models.ref')
      .modify(builder => {
        if (query.cursor !== undefined) {
          const [id] = decodeCursor(query.cursor, 'text');
          builder.where('versions.id', '>', id);
        }
      })
      .orderBy('versions.id')
      .limit(limit + 1)
      .select(
        'versions.*',
        'models.ref',
        'models.namespace',
        'models.name as model_name',
        'models.title',
        'models.owner',
        'models.lifecycle',
        'models.risk',
      );
    const ids = rows.slice(0, limit).map(row => row.id);
    const environments = await findEnvironments(knex, ids);
    const measurements = await findMeasurements(knex, ids);
    const page = toPage(
      rows,
      limit,
      row => [row.id],
      row =>
        toVersionDocument(
          { ...row, name: row.model_name },
          toVersionRecord(row),
          {
            environments: environments.filter(
              ({ version_id }) => version_id === row.id,
            ),
            measurements: measurements.get(row.id) ?? [],
          },
        ),
    );
    return { ...page, state };
  }
}

/** Says when anything that documents tell of last changed. */
async function findState(knex: Knex): Promise<string> {
  const row: { changed: DatabaseTime | null } | undefined = await knex(
    'models',
  ).first(knex.raw('max(changed_at) as changed'));
  return toDateOrNull(row?.changed ?? null)?.toISOString() ?? 'empty';
}

async function findEnvironments(
  knex: Knex,
  versionIds: string[],
): Promise<{ version_id: string; environment: string; share: number }[]> {
  return knex('deployments')
    .whereIn('version_id', versionIds)
    .whereNull('ended_at')
    .orderBy('started_at')
    .select('version_id', 'environment', 'share');
}
