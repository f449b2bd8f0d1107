import { Knex } from 'knex';
import {
  BUNDLE_COLUMNS,
  JoinedBundleRow,
  toBundleLink,
} from '../bundles/bundleStore';
import { DatabaseTime, toDate, toDateOrNull } from '../database/values';
import { shareAt } from './shareStore';
import { DeploymentFact } from './types';

/** Who approved, in `approved_by`: an entity ref, or who decided in whose name. */
export type StoredApprover = string | { by: string; onBehalfOf: string };

/** A row of `deployments`. */
export interface DeploymentRow {
  id: string;
  model_ref: string;
  version_id: string;
  environment: string;
  environment_tier: DeploymentFact['environmentTier'];
  origin: DeploymentFact['origin'];
  kind: DeploymentFact['kind'];
  share: number;
  started_at: DatabaseTime;
  full_traffic_at: DatabaseTime | null;
  ended_at: DatabaseTime | null;
  outcome: DeploymentFact['outcome'];
  promotion_id: number | null;
  external_id: string | null;
  requested_by: string | null;
  approved_by: string;
  reason: DeploymentFact['reason'];
  failure_detected_at: DatabaseTime | null;
  restores_deployment_id: string | null;
  rolled_back_by: string | null;
  rolled_back_because: string | null;
  /** Whether it verifies its version; SQLite answers 0 or 1. */
  proves: boolean | 0 | 1;
  /** Of what was deployed outside: who told so. */
  recorded_by: string | null;
}

interface JoinedDeploymentRow extends DeploymentRow, JoinedBundleRow {
  version: string;
  version_digest: string;
  restored_promotion_id: number | null;
  restored_approved_by: string | null;
  restored_origin: DeploymentFact['origin'] | null;
  /** SQLite answers 0 or 1. */
  model_has_revocations: boolean | 0 | 1;
}

/** The query of deployments with what names their versions. */
export function selectDeployments(knex: Knex) {
  return knex('deployments')
    .join('versions', 'versions.id', 'deployments.version_id')
    .leftJoin('promotions', 'promotions.id', 'deployments.promotion_id')
    .leftJoin(
      'bundle_promotions',
      'bundle_promotions.id',
      'promotions.bundle_promotion_id',
    )
    .leftJoin('bundles', 'bundles.id', 'bundle_promotions.bundle_id')
    .leftJoin(
      'deployments as restored',
      'restored.id',
      'deployments.restores_deployment_id',
    )
    .select(
      'deployments.*',
      'versions.name as version',
      'versions.digest as version_digest',
      'promotions.bundle_promotion_id',
      ...BUNDLE_COLUMNS,
    )
    .select(
      'restored.promotion_id as restored_promotion_id',
      'restored.approved_by as restored_approved_by',
      'restored.origin as restored_origin',
      hasRevocations(knex),
    );
}

function hasRevocations(knex: Knex): Knex.Raw {
  return knex.raw(
    'exists (select 1 from revocations where revocations.model_ref = deployments.model_ref) as model_has_revocations',
  );
}

/**
 * A share is a whole percent, so no more can have traffic at once. Said to PostgreSQL, which would expect thousands between
 * two moments of which it does not know one, and compile the query for them.
 */
const MOST_AT_ONCE = 100;

/** Before any deployment. */
const THE_BEGINNING = new Date(0);

/** Reads a row of `selectDeployments`. */
export function toDeploymentFact(row: JoinedDeploymentRow): DeploymentFact {
  return {
    id: row.id,
    modelRef: row.model_ref,
    versionId: row.version_id,
    version: row.version,
    versionDigest: row.version_digest,
    environment: row.environment,
    environmentTier: row.environment_tier,
    origin: row.origin,
    kind: row.kind,
    share: row.share,
    startedAt: toDate(row.started_at),
    fullTrafficAt: toDateOrNull(row.full_traffic_at),
    endedAt: toDateOrNull(row.ended_at),
    outcome: row.outcome,
    promotionId: row.promotion_id,
    requestedBy: row.requested_by,
    ...approversOf(row),
    evidencePromotionId:
      row.kind === 'rollback' ? row.restored_promotion_id : row.promotion_id,
    rolledBack:
      row.kind === 'rollback'
        ? { by: row.rolled_back_by, because: row.rolled_back_because }
        : null,
    reason: row.reason,
    bundle: toBundleLink(row),
    recordedBy: row.recorded_by,
    modelHasRevocations: Boolean(row.model_has_revocations),
  };
}

/**
 * Those of the deployment itself, or else those of the one that it restored; not what somebody only said of one that was
 * made outside.
 */
function approversOf(
  row: JoinedDeploymentRow,
): Pick<DeploymentFact, 'approvedBy' | 'standIns'> {
  const own: StoredApprover[] = JSON.parse(row.approved_by);
  const approvers: StoredApprover[] =
    own.length === 0 &&
    row.restored_approved_by &&
    row.restored_origin === 'slipway'
      ? JSON.parse(row.restored_approved_by)
      : own;
  return {
    approvedBy: approvers.map(each =>
      typeof each === 'string' ? each : each.by,
    ),
    standIns: approvers.flatMap(each => (typeof each === 'string' ? [] : each)),
  };
}

/** Deployments that are not over, in every environment or one, largest share first. */
export async function findServing(
  knex: Knex,
  modelRef: string,
  environment?: string,
): Promise<DeploymentFact[]> {
  const query = selectDeployments(knex)
    .where('deployments.model_ref', modelRef)
    .whereNull('deployments.ended_at')
    .orderBy([
      { column: 'deployments.share', order: 'desc' },
      { column: 'deployments.id' },
    ]);
  if (environment) {
    query.where('deployments.environment', environment);
  }
  return (await query).map(toDeploymentFact);
}

/**
 * Deployments that had traffic at a moment, each with the share that it had then, largest share first.
 *
 * Whatever takes all traffic ends all others, so nothing that served at the moment began before the last one that was full
 * by then. Without that bound every deployment before the moment would have to be looked at.
 */
export async function findServingAt(
  knex: Knex,
  modelRef: string,
  environment: string,
  at: Date,
): Promise<DeploymentFact[]> {
  const full = knex('deployments')
    .where({ model_ref: modelRef, environment })
    .where('full_traffic_at', '<=', at)
    .orderBy([
      { column: 'full_traffic_at', order: 'desc' },
      { column: 'started_at' },
    ])
    .limit(1)
    .select('started_at');
  const present = knex('deployments')
    .where({ model_ref: modelRef, environment })
    .where('started_at', '<=', at)
    .where(
      'started_at',
      '>=',
      knex.raw('coalesce((?), ?)', [full, THE_BEGINNING]),
    )
    .where(open => open.whereNull('ended_at').orWhere('ended_at', '>', at))
    .orderBy('started_at', 'desc')
    .limit(MOST_AT_ONCE);
  const rows: (JoinedDeploymentRow & { share_then: number })[] = await knex(
    present.as('deployments'),
  )
    .join('versions', 'versions.id', 'deployments.version_id')
    .select(
      'deployments.*',
      'versions.name as version',
      'versions.digest as version_digest',
      knex.raw(
        '(select bundle_promotion_id from promotions where promotions.id = deployments.promotion_id) as bundle_promotion_id',
      ),
      hasRevocations(knex),
      shareAt(knex, at),
    )
    .orderBy([
      { column: 'share_then', order: 'desc' },
      { column: 'deployments.id' },
    ]);
  const whole = await completed(knex, rows);
  return rows.map(row => ({
    ...toDeploymentFact(whole.get(row.id) ?? row),
    share: row.share_then,
  }));
}

/**
 * The rows with what they restored or went together with, by id; without those that did neither. Most did not, and PostgreSQL
 * plans the joins for longer than it reads.
 */
async function completed(
  knex: Knex,
  rows: JoinedDeploymentRow[],
): Promise<Map<string, JoinedDeploymentRow>> {
  const ids = rows
    .filter(row => row.kind === 'rollback' || row.bundle_promotion_id !== null)
    .map(row => row.id);
  const whole: JoinedDeploymentRow[] =
    ids.length > 0
      ? await selectDeployments(knex).whereIn('deployments.id', ids)
      : [];
  return new Map(whole.map(row => [row.id, row]));
}

/**
 * The deployment that the environment rests on: the one that has, or had before a canary began to take from it, all of
 * the traffic.
 */
export async function findControl(
  knex: Knex,
  modelRef: string,
  environment: string,
): Promise<DeploymentFact | undefined> {
  const row = await selectDeployments(knex)
    .where({
      'deployments.model_ref': modelRef,
      'deployments.environment': environment,
    })
    .whereNull('deployments.ended_at')
    .whereNotNull('deployments.full_traffic_at')
    .orderBy('deployments.started_at', 'desc')
    .first();
  return row && toDeploymentFact(row);
}

/** The deployment of that id. */
export async function findDeployment(
  knex: Knex,
  id: string,
): Promise<DeploymentFact | undefined> {
  const row = await selectDeployments(knex).where('deployments.id', id).first();
  return row && toDeploymentFact(row);
}

/** The deployment that a promotion itself made. */
export async function findDeploymentOf(
  knex: Knex,
  promotionId: number,
  kind: DeploymentFact['kind'],
): Promise<DeploymentFact | undefined> {
  const row = await selectDeployments(knex)
    .where({
      'deployments.promotion_id': promotionId,
      'deployments.kind': kind,
    })
    .first();
  return row && toDeploymentFact(row);
}

/** The last deployment by which a promotion brought a version to all traffic of a place: what a rollback to it restores. */
export async function findEarlier(
  tx: { knex: Knex },
  place: { modelRef: string; environment: string },
  versionId: string,
): Promise<{ id: string } | undefined> {
  return tx
    .knex('deployments')
    .where({
      model_ref: place.modelRef,
      environment: place.environment,
      version_id: versionId,
      kind: 'promotion',
    })
    .whereNotNull('full_traffic_at')
    .orderBy('full_traffic_at', 'desc')
    .first('id');
}
