import { Knex } from 'knex';
import { Share } from './shares';

/** A target as the history has it. */
export interface Target {
  modelRef: string;
  environment: string;
  tier: string;
  expected: Share[];
}

/** Deployments that are read for one page; a target has one, or two while a canary runs. */
const PAGE = 200;

/** A page of targets in which something serves, and where the next one begins; undefined after the last. */
export async function findTargets(
  knex: Knex,
  after: { environment: string; modelRef: string } | undefined,
): Promise<{ targets: Target[]; next: typeof after }> {
  const rows = await selectServing(knex)
    .modify(query => {
      if (after) {
        query.whereRaw(
          '(deployments.environment, deployments.model_ref) > (?, ?)',
          [after.environment, after.modelRef],
        );
      }
    })
    .orderBy(['deployments.environment', 'deployments.model_ref'])
    .limit(PAGE);
  const targets = group(rows);
  if (rows.length < PAGE) {
    return { targets, next: undefined };
  }
  // The last one may go on with the next page
  const whole = targets.slice(0, -1);
  const last = whole[whole.length - 1];
  return {
    targets: whole,
    next: { environment: last.environment, modelRef: last.modelRef },
  };
}

/**
 * One target as the history has it now. Undefined while it is not to be compared: nothing serves there, or traffic is on
 * the move.
 */
export async function findSettledTarget(
  knex: Knex,
  place: { modelRef: string; environment: string },
): Promise<Target | undefined> {
  const where = { model_ref: place.modelRef, environment: place.environment };
  const lock = await knex('environment_locks')
    .where(where)
    .first('promotion_id');
  const rows = lock
    ? []
    : await selectServing(knex).where({
        'deployments.model_ref': place.modelRef,
        'deployments.environment': place.environment,
      });
  const isMoving = rows.some(each => each.outcome === 'rolling-out');
  return isMoving ? undefined : group(rows)[0];
}

interface ServingRow {
  model_ref: string;
  environment: string;
  environment_tier: string;
  outcome: string;
  share: number;
  version: string;
}

function selectServing(knex: Knex) {
  return knex('deployments')
    .join('versions', 'versions.id', 'deployments.version_id')
    .whereNull('deployments.ended_at')
    .select<ServingRow[]>(
      'deployments.model_ref',
      'deployments.environment',
      'deployments.environment_tier',
      'deployments.outcome',
      'deployments.share',
      'versions.name as version',
    );
}

function group(rows: ServingRow[]): Target[] {
  const targets: Target[] = [];
  for (const row of rows) {
    let target = targets.find(
      each =>
        each.modelRef === row.model_ref && each.environment === row.environment,
    );
    if (!target) {
      target = {
        modelRef: row.model_ref,
        environment: row.environment,
        tier: row.environment_tier,
        expected: [],
      };
      targets.push(target);
    }
    target.expected.push({ version: row.version, share: row.share });
  }
  return targets;
}
