import { RegistryNotice } from '@slipway/backstage-plugin-model-delivery-node';
import { Knex } from 'knex';
import { DatabaseTime, toNumber } from '../database/values';
import { ConnectionKey } from './registryStore';

/** A delivery whose model is to be read. */
export interface DueDelivery {
  delivery_id: string;
  model: string;
  /** Names of versions. */
  versions: string[];
  attempts: number;
}

/** Within what both databases take as parameters of one statement. */
const MAX_AT_ONCE = 500;

const TABLE = 'registry_deliveries';

function ofConnection(knex: Knex, { type, id }: ConnectionKey) {
  return knex(TABLE).where({ registry_type: type, registry_id: id });
}

/**
 * Keeps a delivery, and when to read what it names.
 * @param readsModels - whether the registry can be read by the model; otherwise it is to be read whole
 * @returns whether it is the first by its id.
 */
export async function addDelivery(
  knex: Knex,
  key: ConnectionKey,
  notice: RegistryNotice,
  receivedAt: Date,
  readsModels: boolean,
): Promise<boolean> {
  const { changed } = notice;
  const named = typeof changed === 'object' && readsModels ? changed : null;
  const added = await knex(TABLE)
    .insert({
      registry_type: key.type,
      registry_id: key.id,
      delivery_id: notice.id,
      event: notice.event,
      model: named?.model ?? null,
      versions: JSON.stringify(named?.versions ?? []),
      received_at: receivedAt,
      due_at: changed === 'nothing' ? null : receivedAt,
    })
    .onConflict(['registry_type', 'registry_id', 'delivery_id'])
    .ignore()
    .returning('delivery_id');
  return added.length === 1;
}

/** The deliveries whose models are to be read by now, oldest first. */
export async function findDueDeliveries(
  knex: Knex,
  key: ConnectionKey,
  now: Date,
  limit: number,
): Promise<DueDelivery[]> {
  const rows: (Omit<DueDelivery, 'versions'> & { versions: string })[] =
    await ofConnection(knex, key)
      .where('due_at', '<=', now)
      .whereNotNull('model')
      .orderBy(['due_at', 'delivery_id'])
      .limit(limit)
      .select('delivery_id', 'model', 'versions', 'attempts');
  return rows.map(row => ({ ...row, versions: JSON.parse(row.versions) }));
}

/**
 * Ids of the deliveries that ask for the whole registry to be read by now: of one that cannot be read by the model, all.
 */
export async function findWholeReadings(
  knex: Knex,
  key: ConnectionKey,
  now: Date,
  readsModels: boolean,
): Promise<string[]> {
  const due = ofConnection(knex, key)
    .where('due_at', '<=', now)
    .limit(MAX_AT_ONCE);
  return (readsModels ? due.whereNull('model') : due).pluck('delivery_id');
}

/** Notes how an attempt to read what deliveries name went; `dueAt` is null when there is to be no other. */
export async function noteAttempt(
  knex: Knex,
  key: ConnectionKey,
  ids: string[],
  outcome: { error: string | null; dueAt: Date | null },
): Promise<void> {
  await ofConnection(knex, key)
    .whereIn('delivery_id', ids)
    .update({
      due_at: outcome.dueAt,
      error: outcome.error,
      attempts: knex.raw('attempts + 1'),
    });
}

/** Forgets deliveries that came before a moment. */
export async function forgetDeliveries(
  knex: Knex,
  key: ConnectionKey,
  before: Date,
): Promise<void> {
  await ofConnection(knex, key).where('received_at', '<', before).delete();
}

/** What a connection delivered within the time that deliveries are kept. */
export interface DeliverySummary {
  last: { event: string; received_at: DatabaseTime } | undefined;
  /** Of those, what still is to be read. */
  waiting: number;
  /** Why what waits or was given up last could not be read. */
  error: string | null;
}

/** Summarises what a connection delivered. */
export async function summariseDeliveries(
  knex: Knex,
  key: ConnectionKey,
): Promise<DeliverySummary> {
  const last = await ofConnection(knex, key)
    .orderBy('received_at', 'desc')
    .first('event', 'received_at');
  const waiting = await ofConnection(knex, key)
    .whereNotNull('due_at')
    .count({ count: '*' })
    .first();
  const failed = await ofConnection(knex, key)
    .whereNotNull('error')
    .orderBy('received_at', 'desc')
    .first('error');
  return {
    last,
    waiting: toNumber(waiting?.count ?? 0),
    error: failed?.error ?? null,
  };
}

/** Names of the versions of a model that an alias named when they were last read. */
export async function findAliased(
  knex: Knex,
  key: ConnectionKey,
  model: string,
): Promise<string[]> {
  return (
    knex('registry_versions')
      .where({ registry_type: key.type, registry_id: key.id, model })
      // Within a string of the JSON the quotation marks would be escaped
      .whereNot('content', 'like', '%"aliases":[]%')
      .pluck('version')
  );
}
