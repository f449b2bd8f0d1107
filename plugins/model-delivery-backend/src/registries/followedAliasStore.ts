import { Knex } from 'knex';
import { Transaction } from '../database/UnitOfWork';
import { toNumber } from '../database/values';
import { ConnectionKey } from './registryStore';

/** A place at which something else serves than its alias may name. */
export interface DueAlias {
  model_ref: string;
  environment: string;
  revision: number;
  attempts: number;
  /** Name in the registry. */
  registry_model: string;
}

const TABLE = 'followed_aliases';

/**
 * Has the alias of a place follow what serves there. Call it where something else begins to serve for good; whether there is
 * an alias that may be set is looked at later.
 */
export async function followServing(
  tx: Transaction,
  place: { modelRef: string; environment: string },
): Promise<void> {
  await tx
    .knex(TABLE)
    .insert({
      model_ref: place.modelRef,
      environment: place.environment,
      revision: 1,
      due_at: tx.now,
    })
    .onConflict(['model_ref', 'environment'])
    .merge({
      revision: tx.knex.raw('?? + 1', [`${TABLE}.revision`]),
      due_at: tx.now,
      attempts: 0,
    });
}

/** The places whose aliases of a connection are to be set; all of them, or those that are due. */
export function selectFollowed(
  knex: Knex,
  key: ConnectionKey,
  environments: string[],
  dueAt?: Date,
) {
  const query = knex(TABLE)
    .join('models', 'models.ref', `${TABLE}.model_ref`)
    .where({ 'models.registry_type': key.type, 'models.registry_id': key.id })
    .whereNull('models.removed_at')
    .whereIn(`${TABLE}.environment`, environments);
  return dueAt ? query.where(`${TABLE}.due_at`, '<=', dueAt) : query;
}

/** The places that are due, longest first. */
export async function findDueAliases(
  knex: Knex,
  key: ConnectionKey,
  environments: string[],
  options: { now: Date; limit: number },
): Promise<DueAlias[]> {
  return selectFollowed(knex, key, environments, options.now)
    .orderBy([`${TABLE}.due_at`, `${TABLE}.model_ref`])
    .limit(options.limit)
    .select(
      `${TABLE}.model_ref`,
      `${TABLE}.environment`,
      `${TABLE}.revision`,
      `${TABLE}.attempts`,
      'models.registry_model',
    );
}

/** Tries again later, unless something else serves by now: then that is due already. */
export async function retryAlias(
  knex: Knex,
  { model_ref, environment, revision, attempts }: DueAlias,
  { dueAt, error }: { dueAt: Date; error: string | null },
): Promise<void> {
  await knex(TABLE)
    .where({ model_ref, environment, revision })
    .update({ due_at: dueAt, attempts: attempts + 1, error });
}

/** Ends it, unless something else serves by now. */
export async function endAlias(
  tx: Transaction,
  { model_ref, environment, revision }: DueAlias,
): Promise<void> {
  await tx.knex(TABLE).where({ model_ref, environment, revision }).delete();
}

/** Forgets the places that no alias may follow: of models of other connections, or of none, and of other environments. */
export async function forgetOthers(
  knex: Knex,
  followed: { key: ConnectionKey; environments: string[] }[],
): Promise<void> {
  await knex(TABLE)
    .where(builder => {
      for (const { key, environments } of followed) {
        builder.whereNot(place =>
          place
            .whereIn('environment', environments)
            .whereIn(
              'model_ref',
              knex('models')
                .where({ registry_type: key.type, registry_id: key.id })
                .select('ref'),
            ),
        );
      }
    })
    .delete();
}

/** How many aliases of a connection are still to be set, and why the one that waits longest could not be. */
export async function summariseAliases(
  knex: Knex,
  key: ConnectionKey,
  environments: string[],
): Promise<{ waiting: number; error: string | null }> {
  const waiting = await selectFollowed(knex, key, environments)
    .count({ count: '*' })
    .first();
  const failed = await selectFollowed(knex, key, environments)
    .whereNotNull(`${TABLE}.error`)
    .orderBy(`${TABLE}.attempts`, 'desc')
    .first(`${TABLE}.error`);
  return {
    waiting: toNumber(waiting?.count ?? 0),
    error: failed?.error ?? null,
  };
}
