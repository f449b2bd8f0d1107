import {
  MetricAnalysis,
  TrafficWatch,
} from '@slipway/backstage-plugin-model-delivery-common';
import { VersionSignals } from '@slipway/backstage-plugin-model-delivery-node';
import { Knex } from 'knex';
import { DatabaseTime, toDate, toDateOrNull } from '../database/values';

/** A row of `traffic_watches`. */
interface WatchRow {
  promotion_id: number;
  state: TrafficWatch['state'];
  since: DatabaseTime;
  until: DatabaseTime;
  window_seconds: number;
  window_from: DatabaseTime;
  baseline: string | null;
  windows: number;
  windows_passed: number;
  samples: number | null;
  analysis: string;
  looked_at: DatabaseTime | null;
  unseen_since: DatabaseTime | null;
  slower_since: DatabaseTime | null;
  ended_at: DatabaseTime | null;
  ended_because: string | null;
}

/** A version that is watched after it took over all traffic. */
export interface WatchRecord {
  state: TrafficWatch['state'];
  since: Date;
  until: Date;
  /** How long it is measured for one judgement. */
  windowSeconds: number;
  /** Start of the present window. */
  windowFrom: Date;
  /** What the version before did; null before it was read, and when the watch is over. */
  baseline: VersionSignals | null;
  /** Windows that were judged. */
  windows: number;
  windowsPassed: number;
  /** Answers in the present window at the last look. */
  samples: number | null;
  analysis: MetricAnalysis[];
  lookedAt: Date | null;
  /** Since when nothing could be measured. */
  unseenSince: Date | null;
  /** Since when something other than errors is worse than its margin allows. */
  slowerSince: Date | null;
  endedAt: Date | null;
  endedBecause: string | null;
}

/** What a change may set. */
export type WatchColumns = Partial<Omit<WatchRow, 'promotion_id'>>;

/** The watch over what a promotion brought, if there is or was one. */
export async function findWatch(
  knex: Knex,
  promotionId: number,
): Promise<WatchRecord | undefined> {
  const row = await knex<WatchRow>('traffic_watches')
    .where({ promotion_id: promotionId })
    .first();
  return (
    row && {
      state: row.state,
      since: toDate(row.since),
      until: toDate(row.until),
      windowSeconds: row.window_seconds,
      windowFrom: toDate(row.window_from),
      baseline: row.baseline === null ? null : JSON.parse(row.baseline),
      windows: row.windows,
      windowsPassed: row.windows_passed,
      samples: row.samples,
      analysis: JSON.parse(row.analysis),
      lookedAt: toDateOrNull(row.looked_at),
      unseenSince: toDateOrNull(row.unseen_since),
      slowerSince: toDateOrNull(row.slower_since),
      endedAt: toDateOrNull(row.ended_at),
      endedBecause: row.ended_because,
    }
  );
}

/** Writes a watch that begins. */
export async function insertWatch(
  knex: Knex,
  watch: {
    promotionId: number;
    since: Date;
    until: Date;
    windowSeconds: number;
  },
): Promise<void> {
  await knex('traffic_watches').insert({
    promotion_id: watch.promotionId,
    state: 'watching',
    since: watch.since,
    until: watch.until,
    window_seconds: watch.windowSeconds,
    window_from: watch.since,
  });
}

/** Changes a watch that is not over. */
export async function updateWatch(
  knex: Knex,
  promotionId: number,
  set: WatchColumns,
): Promise<void> {
  await knex('traffic_watches')
    .where({ promotion_id: promotionId, state: 'watching' })
    .update(set);
}

/** A watch as the API shows it. */
export function toTrafficWatch(watch: WatchRecord): TrafficWatch {
  return {
    state: watch.state,
    since: watch.since.toISOString(),
    until: watch.until.toISOString(),
    windowSeconds: watch.windowSeconds,
    windows: watch.windows,
    windowsPassed: watch.windowsPassed,
    samples: watch.samples,
    analysis: watch.analysis,
    lookedAt: watch.lookedAt?.toISOString() ?? null,
    unseenSince: watch.unseenSince?.toISOString() ?? null,
    endedAt: watch.endedAt?.toISOString() ?? null,
    endedBecause: watch.endedBecause,
  };
}
