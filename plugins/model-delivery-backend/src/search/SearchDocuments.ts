import {
  modelReadPermission,
  SearchDocumentPage,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { ModelFilter } from '../access/Authorizer';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { decodeCursor, PageRequest, toPage } from '../database/paging';
import { DatabaseTime, toDateOrNull } from '../database/values';
import { OperationRequest } from '../http/operations';
import { visibleModels } from '../models/modelFilters';
import { toVersionRecord, VersionRow } from '../versions/VersionRecord';
import { findMeasurements } from '../versions/versionStore';
import { CardRow, toCardDocument } from './cardDocument';
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
    const asked = { limit: query.limit ?? DEFAULT_LIMIT, cursor: query.cursor };
    return query.about === 'cards'
      ? listCards(knex, visible, asked)
      : listVersions(knex, visible, asked);
  }
}

async function listVersions(
  knex: Knex,
  visible: ModelFilter,
  { limit, cursor }: PageRequest,
): Promise<SearchDocumentPage> {
  // Before the page: what changes meanwhile is another state
  const state = await latest(knex, 'models', 'changed_at');
  const rows: Row[] = await visibleModels(knex, visible)
    .join('versions', 'versions.model_ref', 'models.ref')
    .modify(builder => {
      if (cursor !== undefined) {
        const [id] = decodeCursor(cursor, 'text');
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

async function listCards(
  knex: Knex,
  visible: ModelFilter,
  { limit, cursor }: PageRequest,
): Promise<SearchDocumentPage> {
  const state = await findCardsState(knex);
  const rows: CardRow[] = await visibleModels(knex, visible)
    .join('card_words', 'card_words.model_ref', 'models.ref')
    .whereRaw(`(card_words.stated <> '' or card_words.written <> '')`)
    .modify(builder => {
      if (cursor !== undefined) {
        const [ref] = decodeCursor(cursor, 'text');
        builder.where('models.ref', '>', ref);
      }
    })
    .orderBy('models.ref')
    .limit(limit + 1)
    .select(
      'models.ref',
      'models.namespace',
      'models.name',
      'models.title',
      'models.owner',
      'models.lifecycle',
      'models.risk',
      'card_words.stated',
      'card_words.written',
    );
  return { ...toPage(rows, limit, row => [row.ref], toCardDocument), state };
}

/** Says when the words of any card, or what results show beside them, last changed. */
async function findCardsState(knex: Knex): Promise<string> {
  const [changed, removed] = await Promise.all([
    latest(knex, 'card_words', 'changed_at'),
    latest(knex, 'models', 'removed_at'),
  ]);
  return `${changed} ${removed}`;
}

async function latest(
  knex: Knex,
  table: 'models' | 'card_words',
  column: string,
): Promise<string> {
  const row: { at: DatabaseTime | null } | undefined = await knex(table).first(
    knex.raw('max(??) as at', [column]),
  );
  return toDateOrNull(row?.at ?? null)?.toISOString() ?? 'empty';
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
