import { Knex } from 'knex';
import { isDeepStrictEqual } from 'node:util';
import { Transaction } from '../database/UnitOfWork';
import { toBoolean, toDateOrNull } from '../database/values';
import { CatalogColumns } from './modelProjection';
import { ModelRow } from './ModelRecord';

const CATALOG_COLUMNS = [
  'ref',
  'namespace',
  'name',
  'title',
  'task',
  'owner',
  'system',
  'lifecycle',
  'risk',
  'risk_rank',
  'team_size',
  'sample',
  'registry_type',
  'registry_id',
  'registry_model',
  'search_text',
  'framework',
  'to_be_completed',
] as const satisfies (keyof CatalogColumns)[];

/** The row of a model, those gone from the catalog too. */
export async function findModel(
  knex: Knex,
  ref: string,
): Promise<ModelRow | undefined> {
  return knex<ModelRow>('models').where({ ref }).first();
}

/** The rows of models, in no order. */
export async function findModels(
  knex: Knex,
  refs: string[],
): Promise<ModelRow[]> {
  return knex<ModelRow>('models').whereIn('ref', refs);
}

/** When a model, or what is known of its delivery, last changed; null before the first. */
export async function findLastChange(knex: Knex): Promise<Date | null> {
  const row = await knex<ModelRow>('models')
    .whereNotNull('changed_at')
    .orderBy('changed_at', 'desc')
    .first('changed_at');
  return toDateOrNull(row?.changed_at ?? null);
}

/**
 * Stores what the catalog says of some models, and that it still shows them. Rows that did not change are only marked
 * as seen, since at each comparison with the catalog that is nearly all of them.
 * @returns how many are new or changed.
 */
export async function saveFromCatalog(
  tx: Transaction,
  models: CatalogColumns[],
  seenAt: Date,
): Promise<number> {
  const refs = models.map(model => model.ref);
  const known = new Map(
    (await findModels(tx.knex, refs)).map(row => [row.ref, row]),
  );
  const changed = models.filter(model => {
    const row = known.get(model.ref);
    return !row || row.removed_at !== null || !isSame(row, model);
  });
  if (changed.length > 0) {
    await tx
      .knex('models')
      .insert(
        changed.map(model => ({
          ...model,
          seen_at: seenAt,
          removed_at: null,
          changed_at: seenAt,
        })),
      )
      .onConflict('ref')
      .merge([...CATALOG_COLUMNS, 'seen_at', 'removed_at', 'changed_at']);
  }
  await tx.knex('models').whereIn('ref', refs).update({ seen_at: seenAt });
  for (const model of changed) {
    const before = known.get(model.ref);
    if (before) {
      recordGovernance(tx, before, model);
    }
  }
  return changed.length;
}

/** What decides who may do what to a model, and by which policy. */
const GOVERNING = [
  ['risk', 'risk'],
  ['team_size', 'team size'],
  ['owner', 'owner'],
] as const;

/** Writes to the audit log that the catalog says otherwise by now who owns a model, or how risky it is. */
function recordGovernance(
  tx: Transaction,
  before: ModelRow,
  after: CatalogColumns,
): void {
  const changes = GOVERNING.filter(([key]) => before[key] !== after[key]);
  if (changes.length > 0) {
    tx.record({
      actor: 'service:catalog',
      action: 'model.changed',
      model: after.ref,
      subject: after.ref,
      summary: `The catalog says otherwise of ${after.ref} now: ${changes
        .map(([key, name]) => `${name} ${after[key]} instead of ${before[key]}`)
        .join(', ')}`,
      details: Object.fromEntries(
        changes.map(([key, name]) => [
          name,
          { before: before[key], after: after[key] },
        ]),
      ),
    });
  }
}

/** Takes from the lists the models that the catalog has not shown since `time`; their history stays. */
export async function markRemoved(
  tx: Knex.Transaction,
  notSeenSince: Date,
  at: Date,
): Promise<number> {
  return tx('models')
    .where('seen_at', '<', notSeenSince)
    .whereNull('removed_at')
    .update({ removed_at: at, changed_at: at });
}

function isSame(row: ModelRow, model: CatalogColumns): boolean {
  return CATALOG_COLUMNS.every(column =>
    column === 'sample'
      ? toBoolean(row.sample) === model.sample
      : isDeepStrictEqual(row[column], model[column]),
  );
}
