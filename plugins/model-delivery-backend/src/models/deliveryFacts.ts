import { Knex } from 'knex';
import { DatabaseTime, toDate } from '../database/values';
import { findServing as findServingEverywhere } from '../deployments/deploymentStore';
import {
  findOpen,
  toOutsideChange,
} from '../outsideChanges/outsideChangeStore';
import {
  findDeploymentRevocations,
  openRevocation,
} from '../revocations/deploymentRevocations';

/** States in which a promotion has traffic on the move. */
export const MOVING = ['rolling-out', 'paused', 'rolling-back'];
const OPEN_AND_TELLING = ['awaiting-approval', 'blocked', 'errored', ...MOVING];

/** A promotion that is not over, as far as the model's status tells of it. */
export interface OpenPromotion {
  id: number;
  version: string;
  environment: string;
  environment_tier: string;
  state: string;
  state_since: DatabaseTime;
  share: number | null;
  error_message: string | null;
}

/** A step of a rollout with its verdict. */
export interface JudgedStep {
  promotion_id: number;
  state: string;
  analysis: string;
}

/** What one look tells of a model's delivery; null for what there is none of. */
interface Known {
  /** When the last deployment to production began. */
  last_deployed_at: DatabaseTime | null;
  /** Name of the version registered last. */
  latest_version: string | null;
  version_count: number | string | null;
  /** Environments in which anything serves, by commas. */
  serving_in: string | null;
  /** Title of the open incident that was detected first. */
  open_incident: string | null;
  /** Id of any incident, open or not. */
  incident: string | null;
  /** The emergency promotion whose review is due first. */
  due_review: number | null;
  review_by: DatabaseTime | null;
  /** Id of an open change of production from outside. */
  outside_change: number | null;
  /** Id of evidence that was revoked, whether anything rests on it or not. */
  revocation: number | null;
}

/** Looks up in one statement what takes one value each, every one by an index that begins with the model. */
export async function findKnown(
  tx: Knex.Transaction,
  ref: string,
): Promise<Known> {
  const of = (table: string) => tx(table).where({ model_ref: ref }).limit(1);
  const dueReview = () =>
    of('break_glass').whereNull('reviewed_at').orderBy('review_by');
  const latest = () => of('versions').orderBy('position', 'desc');
  const [known]: Known[] = await tx.select(
    of('deployments')
      .where({ environment_tier: 'production' })
      .max('started_at')
      .as('last_deployed_at'),
    of('deployments')
      .whereNull('ended_at')
      .select(
        tx.raw(
          tx.client.config.client === 'pg'
            ? `string_agg(distinct environment, ',')`
            : 'group_concat(distinct environment)',
        ),
      )
      .as('serving_in'),
    latest().select('name').as('latest_version'),
    latest().select('position').as('version_count'),
    of('incidents')
      .whereNull('resolved_at')
      .orderBy('detected_at')
      .select('title')
      .as('open_incident'),
    of('incidents').select('id').as('incident'),
    dueReview().select('promotion_id').as('due_review'),
    dueReview().select('review_by').as('review_by'),
    of('outside_changes')
      .where({ state: 'open', environment_tier: 'production' })
      .select('id')
      .as('outside_change'),
    of('revocations').select('id').as('revocation'),
  );
  return known;
}

/** When the card of a version was written, by the age that was measured last; null where none was reported. */
export async function findCardWritten(
  tx: Knex.Transaction,
  ref: string,
  version: string | null,
): Promise<Date | null> {
  if (version === null) {
    return null;
  }
  const age: { value: number; measured_at: DatabaseTime } | undefined =
    await tx('measurements')
      .whereIn(
        'version_id',
        tx('versions').where({ model_ref: ref, name: version }).select('id'),
      )
      .where({ fact: 'card', name: 'age_days' })
      .first('value', 'measured_at');
  return age
    ? new Date(toDate(age.measured_at).getTime() - age.value * 86_400_000)
    : null;
}

/** What has, or had before a canary began to take from it, all traffic of production. */
export async function findServing(
  tx: Knex.Transaction,
  ref: string,
): Promise<
  | { version: string; started_at: DatabaseTime; promotion_id: number | null }
  | undefined
> {
  return tx('deployments')
    .join('versions', 'versions.id', 'deployments.version_id')
    .where('deployments.model_ref', ref)
    .where('deployments.environment_tier', 'production')
    .whereNull('deployments.ended_at')
    .whereNotNull('deployments.full_traffic_at')
    .orderBy('deployments.started_at', 'desc')
    .first(
      'versions.name as version',
      'deployments.started_at',
      'deployments.promotion_id',
    );
}

/** Promotions of the model that are not over and that its status tells of, oldest first. */
export async function findOpenPromotions(
  tx: Knex.Transaction,
  ref: string,
): Promise<OpenPromotion[]> {
  return tx('promotions')
    .join('versions', 'versions.id', 'promotions.version_id')
    .where('promotions.model_ref', ref)
    .whereIn('promotions.state', OPEN_AND_TELLING)
    .orderBy('promotions.id')
    .select(
      'promotions.id',
      'versions.name as version',
      'promotions.environment',
      'promotions.environment_tier',
      'promotions.state',
      'promotions.state_since',
      'promotions.share',
      'promotions.error_message',
    );
}

/** The last step of a rollout that was judged. */
export async function findLastStep(
  tx: Knex.Transaction,
  promotionId: number | null,
): Promise<JudgedStep | undefined> {
  return promotionId === null
    ? undefined
    : tx<JudgedStep>('rollout_steps')
        .where({ promotion_id: promotionId })
        .whereIn('state', ['passed', 'failed', 'inconclusive'])
        .orderBy('index', 'desc')
        .first('promotion_id', 'state', 'analysis');
}

/** What takes production traffic on evidence that was revoked, in words. */
export async function findShakenProduction(
  tx: Knex.Transaction,
  ref: string,
): Promise<string | undefined> {
  const serving = (await findServingEverywhere(tx, ref)).filter(
    each => each.environmentTier === 'production',
  );
  const revoked = await findDeploymentRevocations(tx, serving);
  for (const { id, version } of serving) {
    const open = openRevocation(revoked.get(id));
    if (open) {
      return `${version} rests on revoked evidence: ${open.revocation.reason}`;
    }
  }
  return undefined;
}

/** What was changed in production from outside and is open, in words. */
export async function findOutside(
  tx: Knex.Transaction,
  ref: string,
): Promise<string | undefined> {
  const change = (await findOpen(tx, ref)).find(
    each => each.environment_tier === 'production',
  );
  return change && toOutsideChange(change).statement;
}
