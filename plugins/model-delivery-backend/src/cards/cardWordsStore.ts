import { Knex } from 'knex';
import { DatabaseTime } from '../database/values';
import { CardCompletion } from './readCardText';

/** A row of `card_words`. */
export interface CardWordsRow {
  model_ref: string;
  stated: string;
  stated_digest: string;
  written: string;
  read_as: string | null;
  looked_at: DatabaseTime;
  changed_at: DatabaseTime;
}

/** When a text counts as looked for that never was. */
const NEVER = new Date(0);

/** Keeps what the catalog states of some models. Rows that say the same are left alone. */
export async function saveStated(
  knex: Knex,
  stated: Pick<CardWordsRow, 'model_ref' | 'stated' | 'stated_digest'>[],
  at: Date,
): Promise<void> {
  const known: Pick<CardWordsRow, 'model_ref' | 'stated_digest'>[] =
    await knex<CardWordsRow>('card_words')
      .whereIn(
        'model_ref',
        stated.map(({ model_ref }) => model_ref),
      )
      .select('model_ref', 'stated_digest');
  const digests = new Map(
    known.map(each => [each.model_ref, each.stated_digest]),
  );
  const changed = stated.filter(
    ({ model_ref, stated_digest }) => digests.get(model_ref) !== stated_digest,
  );
  if (changed.length > 0) {
    await knex('card_words')
      .insert(
        changed.map(each => ({
          ...each,
          written: '',
          looked_at: NEVER,
          changed_at: at,
        })),
      )
      .onConflict('model_ref')
      .merge(['stated', 'stated_digest', 'changed_at']);
  }
}

/** Some models whose texts were looked for before a time, or never: the longest ago first. */
export async function findDueWords(
  knex: Knex,
  before: Date,
  limit: number,
): Promise<Pick<CardWordsRow, 'model_ref' | 'written' | 'read_as'>[]> {
  return knex('card_words')
    .join('models', 'models.ref', 'card_words.model_ref')
    .whereNull('models.removed_at')
    .where('card_words.looked_at', '<', before)
    .orderBy('card_words.looked_at')
    .limit(limit)
    .select('card_words.model_ref', 'card_words.written', 'card_words.read_as');
}

/** Notes that a text was looked for, and what was found if it is something else than before. */
export async function saveWritten(
  knex: Knex,
  modelRef: string,
  found: Partial<Pick<CardWordsRow, 'written' | 'read_as' | 'changed_at'>>,
  at: Date,
): Promise<void> {
  await knex('card_words')
    .where({ model_ref: modelRef })
    .update({ ...found, looked_at: at });
}

/** Has the text of a model looked for with the next round. */
export async function makeWordsDue(
  knex: Knex,
  modelRef: string,
): Promise<void> {
  await knex('card_words')
    .where({ model_ref: modelRef })
    .update({ looked_at: NEVER });
}

/** What was last imported for the version whose card a model shows: the one in production, or else the last. */
export async function findShownImport(
  knex: Knex,
  modelRef: string,
): Promise<CardCompletion | undefined> {
  const row: { content: string } | undefined = await knex('card_imports')
    .join('versions', 'versions.id', 'card_imports.version_id')
    .join('models', 'models.ref', 'versions.model_ref')
    .where('models.ref', modelRef)
    .whereRaw(
      'versions.name = coalesce(models.production_version, models.latest_version)',
    )
    .orderBy('card_imports.position', 'desc')
    .first('card_imports.content');
  return row && JSON.parse(row.content);
}
