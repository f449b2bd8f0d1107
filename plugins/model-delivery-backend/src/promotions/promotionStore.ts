import { NotFoundError } from '@backstage/errors';
import {
  PromotionState,
  Risk,
  TeamSize,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Transaction } from '../database/UnitOfWork';
import {
  BREAK_GLASS_COLUMNS,
  JoinedBreakGlassRow,
  toBreakGlassRecord,
} from '../breakGlass/breakGlassStore';
import {
  BUNDLE_COLUMNS,
  JoinedBundleRow,
  toBundleLink,
} from '../bundles/bundleStore';
import {
  DatabaseTime,
  toBoolean,
  toDate,
  toDateOrNull,
} from '../database/values';
import { PromotionRecord, RolloutOperation, TERMINAL_STATES } from './types';

/** A row of `promotions`. */
export interface PromotionRow {
  id: number;
  model_ref: string;
  version_id: string;
  environment: string;
  environment_tier: PromotionRecord['environmentTier'];
  kind: PromotionRecord['kind'];
  state: PromotionState;
  revision: number;
  reason: PromotionRecord['reason'];
  note: string | null;
  requested_by: string;
  requested_at: DatabaseTime;
  state_since: DatabaseTime;
  history: string;
  policy_digest: string;
  first_deployment: boolean | number;
  from_version_id: string | null;
  from_deployment_id: string | null;
  change_kinds: string;
  slots: string;
  plan: string;
  round: number;
  gate_counts: string;
  obstacle: string | null;
  evidence: string | null;
  evidence_digest: string | null;
  subject_digest: string | null;
  subject_change: string | null;
  slots_filled: number;
  asked_at: DatabaseTime | null;
  expires_at: DatabaseTime | null;
  share: number | null;
  step_index: number | null;
  rollout_started_at: DatabaseTime | null;
  rollout_finished_at: DatabaseTime | null;
  operation: RolloutOperation | null;
  operation_attempt: number;
  operation_since: DatabaseTime | null;
  resume_state: PromotionState | null;
  error_message: string | null;
  attempts: number;
  given_up: boolean | number;
  due_at: DatabaseTime | null;
  lease_owner: string | null;
  lease_until: DatabaseTime | null;
  idempotency_key: string | null;
  bundle_promotion_id: number | null;
  evidence_changes: number;
  evidence_seen: number;
}

/** What a change may set. */
export type PromotionColumns = Partial<
  Omit<PromotionRow, 'id' | 'requested_at' | 'first_deployment' | 'given_up'>
> & { first_deployment?: boolean; given_up?: boolean };

/** A row with what names its model and versions. */
export interface JoinedPromotionRow
  extends PromotionRow,
    JoinedBreakGlassRow,
    JoinedBundleRow {
  model_title: string;
  owner: string;
  risk: Risk;
  team_size: TeamSize;
  model_removed_at: DatabaseTime | null;
  version: string;
  version_digest: string;
  from_version: string | null;
  from_version_digest: string | null;
}

/** The query of promotions with what names their models and versions. */
export function selectPromotions(knex: Knex) {
  return knex('promotions')
    .join('models', 'models.ref', 'promotions.model_ref')
    .join('versions', 'versions.id', 'promotions.version_id')
    .leftJoin(
      'versions as from_versions',
      'from_versions.id',
      'promotions.from_version_id',
    )
    .leftJoin('break_glass', 'break_glass.promotion_id', 'promotions.id')
    .leftJoin(
      'bundle_promotions',
      'bundle_promotions.id',
      'promotions.bundle_promotion_id',
    )
    .leftJoin('bundles', 'bundles.id', 'bundle_promotions.bundle_id')
    .select<JoinedPromotionRow[]>(
      'promotions.*',
      'models.title as model_title',
      'models.owner as owner',
      'models.risk as risk',
      'models.team_size as team_size',
      'models.removed_at as model_removed_at',
      'versions.name as version',
      'versions.digest as version_digest',
      'from_versions.name as from_version',
      'from_versions.digest as from_version_digest',
      ...BREAK_GLASS_COLUMNS,
      ...BUNDLE_COLUMNS,
    );
}

/** The promotion of that id. */
export async function findPromotion(
  knex: Knex,
  id: number,
): Promise<PromotionRecord | undefined> {
  const row = await selectPromotions(knex).where('promotions.id', id).first();
  return row && toPromotionRecord(row as JoinedPromotionRow);
}

/**
 * The promotion that the API knows by that id.
 * @throws NotFoundError
 */
export async function requirePromotion(
  knex: Knex,
  id: string,
): Promise<PromotionRecord> {
  const number = /^[1-9]\d{0,8}$/.test(id) ? Number(id) : undefined;
  const record = number && (await findPromotion(knex, number));
  if (!record) {
    throw new NotFoundError(`There is no promotion ${id}`);
  }
  return record;
}

/** Promotions of the model that are not over, newest first. */
export async function findOpenPromotions(
  knex: Knex,
  modelRef: string,
  environment?: string,
): Promise<PromotionRecord[]> {
  const query = selectPromotions(knex)
    .where('promotions.model_ref', modelRef)
    .whereNotIn('promotions.state', [...TERMINAL_STATES])
    .orderBy('promotions.id', 'desc');
  if (environment) {
    query.where('promotions.environment', environment);
  }
  return ((await query) as JoinedPromotionRow[]).map(toPromotionRecord);
}

/** The promotion as it is once nobody else changes it, until the transaction ends. */
export async function lockPromotion(
  { knex }: Transaction,
  id: number,
): Promise<PromotionRecord | undefined> {
  await knex('promotions').where({ id }).forUpdate().first('id');
  return findPromotion(knex, id);
}

/** The latest promotion of a version into an environment, rollbacks aside. */
export async function findLatestPromotion(
  knex: Knex,
  versionId: string,
  environment: string,
): Promise<PromotionRecord | undefined> {
  const row: JoinedPromotionRow | undefined = await selectPromotions(knex)
    .where({
      'promotions.version_id': versionId,
      'promotions.environment': environment,
      'promotions.kind': 'promotion',
    })
    .orderBy('promotions.id', 'desc')
    .first();
  return row && toPromotionRecord(row);
}

/** Reads a row. */
export function toPromotionRecord(row: JoinedPromotionRow): PromotionRecord {
  return { ...ownFields(row), ...joinedFields(row) };
}

/**
 * The promotion with its row as a change has left it. What names its model and versions is read again only where the
 * change may have made it another.
 */
export async function withRow(
  knex: Knex,
  before: PromotionRecord,
  row: PromotionRow,
): Promise<PromotionRecord> {
  const isSame =
    row.from_version_id === before.fromVersionId && before.breakGlass === null;
  return isSame
    ? { ...before, ...ownFields(row) }
    : (await findPromotion(knex, before.id))!;
}

function joinedFields(row: JoinedPromotionRow) {
  return {
    modelTitle: row.model_title,
    owner: row.owner,
    risk: row.risk,
    teamSize: row.team_size,
    isModelGone: row.model_removed_at !== null,
    version: row.version,
    versionDigest: row.version_digest,
    fromVersion: row.from_version,
    fromVersionDigest: row.from_version_digest,
    breakGlass: toBreakGlassRecord(row),
    bundle: toBundleLink(row),
  };
}

type OwnFields = Omit<PromotionRecord, keyof ReturnType<typeof joinedFields>>;

function ownFields(row: PromotionRow): OwnFields {
  return {
    id: row.id,
    modelRef: row.model_ref,
    versionId: row.version_id,
    environment: row.environment,
    environmentTier: row.environment_tier,
    kind: row.kind,
    state: row.state,
    revision: row.revision,
    reason: row.reason,
    note: row.note,
    requestedBy: row.requested_by,
    requestedAt: toDate(row.requested_at),
    stateSince: toDate(row.state_since),
    history: JSON.parse(row.history),
    policyDigest: row.policy_digest,
    firstDeployment: toBoolean(row.first_deployment),
    fromVersionId: row.from_version_id,
    fromDeploymentId: row.from_deployment_id,
    changeKinds: JSON.parse(row.change_kinds),
    slots: JSON.parse(row.slots),
    plan: JSON.parse(row.plan),
    evidence: row.evidence === null ? null : JSON.parse(row.evidence),
    evidenceDigest: row.evidence_digest,
    subjectDigest: row.subject_digest,
    subjectChange: row.subject_change,
    round: row.round,
    gateCounts: JSON.parse(row.gate_counts),
    obstacle: row.obstacle,
    askedAt: toDateOrNull(row.asked_at),
    expiresAt: toDateOrNull(row.expires_at),
    slotsFilled: row.slots_filled,
    share: row.share,
    stepIndex: row.step_index,
    rolloutStartedAt: toDateOrNull(row.rollout_started_at),
    rolloutFinishedAt: toDateOrNull(row.rollout_finished_at),
    operation: row.operation,
    operationAttempt: row.operation_attempt,
    operationSince: toDateOrNull(row.operation_since),
    resumeState: row.resume_state,
    errorMessage: row.error_message,
    attempts: row.attempts,
    isGivenUp: toBoolean(row.given_up),
    dueAt: toDateOrNull(row.due_at),
    leaseOwner: row.lease_owner,
    evidenceChanges: row.evidence_changes,
    evidenceSeen: row.evidence_seen,
  };
}
