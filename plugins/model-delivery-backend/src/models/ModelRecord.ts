import {
  ModelSummary,
  Risk,
  TeamSize,
  Tier,
} from '@slipway/backstage-plugin-model-delivery-common';
import { ModelResource } from '../access/modelRules';
import { DatabaseTime, toBoolean, toDateOrNull } from '../database/values';

/** A row of `models`. */
export interface ModelRow {
  ref: string;
  namespace: string;
  name: string;
  title: string;
  task: string | null;
  owner: string;
  system: string | null;
  lifecycle: ModelSummary['lifecycle'];
  risk: Risk;
  risk_rank: number;
  team_size: TeamSize;
  sample: boolean | number;
  registry_type: string | null;
  registry_id: string | null;
  registry_model: string | null;
  search_text: string;
  to_be_completed: string | null;
  seen_at: DatabaseTime;
  removed_at: DatabaseTime | null;
  production_version: string | null;
  production_since: DatabaseTime | null;
  rollout_promotion_id: string | null;
  rollout_version: string | null;
  rollout_share: number | null;
  health_state: ModelSummary['health']['state'];
  health_detail: string | null;
  waiting_kind: ModelSummary['waiting']['kind'];
  waiting_detail: string | null;
  waiting_promotion_id: string | null;
  waiting_since: DatabaseTime | null;
  attention: number;
  latest_version: string | null;
  version_count: number;
  last_deployed_at: DatabaseTime | null;
  framework: string | null;
  /** See `environmentsOf`. */
  serving_in: string;
  changed_at: DatabaseTime | null;
  card_at: DatabaseTime | null;
  /** See `toRecentDeployments`. */
  recent_deployments: string;
  review_promotion_id: number | null;
  review_by: DatabaseTime | null;
  card_state: ModelSummary['card']['state'];
}

/** A model as the catalog last told of it. */
export interface ModelRecord {
  /** Entity ref, in lower case as the catalog compares them. */
  ref: string;
  namespace: string;
  name: string;
  title: string;
  task: string | null;
  /** Entity ref of a user or group. */
  owner: string;
  system: string | null;
  lifecycle: ModelSummary['lifecycle'];
  risk: Risk;
  teamSize: TeamSize;
  tier: Tier;
  sample: boolean;
  /** Where its versions are registered, by the annotation `slipway.dev/registry`. */
  registry: { type: string; id: string; model: string } | null;
  /** When it was found gone from the catalog; its history stays. */
  removedAt: Date | null;
}

/** The tier that a risk level decides. */
export function tierOf(risk: Risk): Tier {
  return (
    { low: 'streamlined', medium: 'standard', high: 'comprehensive' } as const
  )[risk];
}

/** Reads a row. */
export function toModelRecord(row: ModelRow): ModelRecord {
  return {
    ref: row.ref,
    namespace: row.namespace,
    name: row.name,
    title: row.title,
    task: row.task,
    owner: row.owner,
    system: row.system,
    lifecycle: row.lifecycle,
    risk: row.risk,
    teamSize: row.team_size,
    tier: tierOf(row.risk),
    sample: toBoolean(row.sample),
    registry:
      row.registry_type && row.registry_id && row.registry_model
        ? {
            type: row.registry_type,
            id: row.registry_id,
            model: row.registry_model,
          }
        : null,
    removedAt: toDateOrNull(row.removed_at),
  };
}

/** What permission rules look at. */
export function toModelResource(
  model: Pick<ModelRecord, 'ref' | 'owner' | 'risk'>,
  environment?: string,
): ModelResource {
  return {
    ref: model.ref,
    owner: model.owner,
    risk: model.risk,
    ...(environment && { environment }),
  };
}

/** The entity ref of a model that is named by namespace and name in a path. */
export function modelRefOf(path: { namespace: string; name: string }): string {
  return `model:${path.namespace}/${path.name}`.toLocaleLowerCase('en-US');
}
