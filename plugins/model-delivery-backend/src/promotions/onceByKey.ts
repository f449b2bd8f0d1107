import { ConflictError } from '@backstage/errors';
import { Knex } from 'knex';
import { isUniqueViolation } from '../database/values';
import { findPromotion } from './promotionStore';
import { PromotionRecord } from './types';

/** What tells whether the same is asked for again. */
interface Asked {
  idempotencyKey?: string;
  model?: string;
  version?: string;
  environment: string;
  breakGlass?: object;
  /** A promotion unless told. */
  kind?: PromotionRecord['kind'];
}

/**
 * Makes a promotion once, however often or at once the same caller asks for it under the same key: whoever asks again
 * gets what was made.
 * @throws ConflictError when the key was used to ask for something else, or somebody else asked at the same moment
 */
export async function onceByKey(
  knex: Knex,
  requestedBy: string,
  asked: Asked,
  make: () => Promise<PromotionRecord>,
): Promise<{ record: PromotionRecord; isNew: boolean }> {
  const repeated = await findByKey(knex, requestedBy, asked);
  if (repeated) {
    return { record: repeated, isNew: false };
  }
  try {
    return { record: await make(), isNew: true };
  } catch (error) {
    // Two requests with one key at once: the loser answers what the winner made.
    const winner = await findByKey(knex, requestedBy, asked);
    if (winner) {
      return { record: winner, isNew: false };
    }
    throw isUniqueViolation(error)
      ? new ConflictError(
          `Somebody else asked for a promotion to ${asked.environment} at the same moment`,
        )
      : error;
  }
}

/**
 * The promotion that the same caller asked for under the same key.
 * @throws ConflictError when the key was used to ask for something else
 */
async function findByKey(
  knex: Knex,
  requestedBy: string,
  asked: Asked,
): Promise<PromotionRecord | undefined> {
  if (!asked.idempotencyKey) {
    return undefined;
  }
  const row = await knex('promotions')
    .where({
      requested_by: requestedBy,
      idempotency_key: asked.idempotencyKey,
    })
    .first('id');
  const record = row && (await findPromotion(knex, row.id));
  if (!record) {
    return undefined;
  }
  const isSame =
    record.kind === (asked.kind ?? 'promotion') &&
    record.environment === asked.environment &&
    (record.breakGlass === null) === (asked.breakGlass === undefined) &&
    (!asked.version || record.version === asked.version) &&
    (!asked.model ||
      record.modelRef === asked.model.toLocaleLowerCase('en-US'));
  if (!isSame) {
    throw new ConflictError(
      `The idempotency key '${asked.idempotencyKey}' was used for promotion ${record.id}, which is another request`,
    );
  }
  return record;
}
