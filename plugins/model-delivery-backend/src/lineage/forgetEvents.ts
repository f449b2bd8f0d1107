import { UnitOfWork } from '../database/UnitOfWork';

/** How long an event is known again as one that was taken in already, in milliseconds. */
const KNOWN_FOR_MS = 30 * 86_400_000;
/** Events that one statement takes away. */
const AT_ONCE = 500;

/**
 * Forgets by what old events would be known again: they come as often as pipelines run, and are sent twice within hours. One that
 * comes later still is taken in once more, which changes nothing.
 */
export async function forgetEvents(work: UnitOfWork): Promise<void> {
  const before = new Date(work.now().getTime() - KNOWN_FOR_MS);
  let digests: string[];
  do {
    digests = await work
      .knex('lineage_events')
      .where('received_at', '<', before)
      .orderBy('received_at')
      .limit(AT_ONCE)
      .pluck('digest');
    await work.knex('lineage_events').whereIn('digest', digests).delete();
  } while (digests.length === AT_ONCE);
}
