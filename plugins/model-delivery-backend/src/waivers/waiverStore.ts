import {
  GateVerdict,
  PolicyRole,
  Waiver,
} from '@slipway/backstage-plugin-model-delivery-common';
import { NotFoundError } from '@backstage/errors';
import { Knex } from 'knex';
import { DatabaseTime, toDate } from '../database/values';

/** A row of `waivers`. */
export interface WaiverRow {
  id: number;
  model_ref: string;
  version_id: string;
  environment: string;
  gate: string;
  state: Waiver['state'];
  policy_digest: string;
  subject_digest: string;
  verdict: string;
  reason: string;
  asked_by: string;
  asked_at: DatabaseTime;
  expires_at: DatabaseTime;
  decision: 'grant' | 'refuse' | null;
  decided_role: string | null;
  decided_reason: string | null;
  decided_by: string | null;
  decided_at: DatabaseTime | null;
  ended_at: DatabaseTime | null;
  ended_by: string | null;
  ended_because: string | null;
}

/** A row with what names its model and version. */
export interface JoinedWaiverRow extends WaiverRow {
  model_title: string;
  owner: string;
  risk: Waiver['risk'];
  version: string;
  version_digest: string;
}

/** How a waiver ended before or after it was decided on. */
export interface WaiverEnd {
  state: 'void' | 'expired' | 'withdrawn';
  /** Continues "The waiver is void: …". */
  because: string;
  /** Entity ref of who took it back; the engine without one. */
  by?: string;
}

/** States in which a waiver is waited for or holds. */
export const OPEN_STATES = ['asked', 'granted'] as const;

/** A waiver that was granted and has not expired. */
export interface GrantedWaiver {
  id: number;
  gate: string;
  subjectDigest: string;
  grantedBy: string;
  /** Title of the role. */
  role: string;
  reason: string;
  expiresAt: Date;
}

/** Selects waivers with what names their models and versions. */
export function selectWaivers(knex: Knex): Knex.QueryBuilder {
  return knex('waivers')
    .join('models', 'models.ref', 'waivers.model_ref')
    .join('versions', 'versions.id', 'waivers.version_id')
    .select(
      'waivers.*',
      'models.title as model_title',
      'models.owner as owner',
      'models.risk as risk',
      'versions.name as version',
      'versions.digest as version_digest',
    );
}

/** The waivers that hold for a version in an environment. */
export async function findGranted(
  knex: Knex,
  options: { versionId: string; environment: string; now: Date },
): Promise<GrantedWaiver[]> {
  const rows: (WaiverRow & { title: string | null })[] = await knex('waivers')
    .leftJoin('waiver_roles', join =>
      join
        .on('waiver_roles.waiver_id', 'waivers.id')
        .andOn('waiver_roles.role', 'waivers.decided_role'),
    )
    .where({
      'waivers.version_id': options.versionId,
      'waivers.environment': options.environment,
      'waivers.state': 'granted',
    })
    .where('waivers.expires_at', '>', options.now)
    .select('waivers.*', 'waiver_roles.title as title');
  return rows.map(row => ({
    id: row.id,
    gate: row.gate,
    subjectDigest: row.subject_digest,
    grantedBy: row.decided_by!,
    role: row.title ?? row.decided_role!,
    reason: row.decided_reason!,
    expiresAt: toDate(row.expires_at),
  }));
}

/** Who may decide, by waiver. */
export async function findRoles(
  knex: Knex,
  ids: number[],
): Promise<Map<number, PolicyRole[]>> {
  const rows: {
    waiver_id: number;
    role: string;
    title: string;
    group_ref: string;
  }[] = await knex('waiver_roles').whereIn('waiver_id', ids).orderBy('role');
  const roles = new Map<number, PolicyRole[]>(ids.map(id => [id, []]));
  rows.forEach(({ waiver_id: id, role, title, group_ref: group }) =>
    roles.get(id)?.push({ role, title, group }),
  );
  return roles;
}

/** The gate's verdict when the waiver was asked for. */
export function verdictOf(row: Pick<WaiverRow, 'verdict'>): GateVerdict {
  return JSON.parse(row.verdict);
}

/** @throws NotFoundError when there is none of that id */
export async function requireWaiver(
  knex: Knex,
  id: number,
): Promise<JoinedWaiverRow> {
  const row: JoinedWaiverRow | undefined = await selectWaivers(knex)
    .where('waivers.id', id)
    .first();
  if (!row) {
    throw new NotFoundError(`There is no waiver ${id}`);
  }
  return row;
}
