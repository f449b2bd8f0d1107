import { Knex } from 'knex';
import { createHash } from 'node:crypto';
import { FakeDeployer } from '../../plugins/model-delivery-backend/src/__testUtils__/FakeDeployer';
import { Promised } from './Delivery';

const ACTIVE = ['rolling-out', 'rolling-back'];

interface DeploymentRow {
  model_ref: string;
  environment: string;
  version: string;
  started_at: Date;
  full_traffic_at: Date | null;
  ended_at: Date | null;
}

/** Everything that is not as it has to be once all is over, in words; nothing when all is well. */
export async function findViolations(
  knex: Knex,
  target: FakeDeployer,
  promised: Promised,
): Promise<string[]> {
  return [
    ...(await findLost(knex, promised)),
    ...(await findDoubledDecisions(knex)),
    ...(await findHeld(knex)),
    ...(await findTornBundles(knex)),
    ...(await findGaps(knex, target)),
    ...(await findBrokenAudit(knex)),
  ];
}

/** Two promotions of one model and environment that move traffic at this moment. */
export async function findTwoActive(knex: Knex): Promise<string[]> {
  const rows: { model_ref: string; environment: string }[] = await knex(
    'promotions',
  )
    .whereIn('state', ACTIVE)
    .groupBy('model_ref', 'environment')
    .havingRaw('count(*) > 1')
    .select('model_ref', 'environment');
  return rows.map(
    each => `Two promotions move ${each.model_ref} in ${each.environment}`,
  );
}

/** What was promised by an answer and is not there, and what is there though nobody asked for it. */
async function findLost(knex: Knex, promised: Promised): Promise<string[]> {
  const ids: number[] = await knex('promotions').orderBy('id').pluck('id');
  const asked = new Set([...promised.promotions.values()].map(Number));
  const approvals: { id: number; by: string }[] = await knex('decisions')
    .whereNull('voided_at')
    .select('promotion_id as id', 'decided_by as by');
  const told = await knex('decisions').select(
    'promotion_id as id',
    'decided_by as by',
  );
  return [
    ...[...promised.promotions]
      .filter(([, id]) => !ids.includes(Number(id)))
      .map(([key, id]) => `Promotion ${id} (${key}) was lost`),
    ...ids
      .filter(id => !asked.has(id))
      .map(id => `Promotion ${id} was asked for once and is there twice`),
    ...promised.approvals
      .filter(
        ({ id, by }) =>
          !told.some(each => String(each.id) === id && each.by === by),
      )
      .filter(
        ({ id, by }) =>
          !approvals.some(each => String(each.id) === id && each.by === by),
      )
      .map(({ id, by }) => `The approval of ${id} by ${by} was lost`),
  ];
}

async function findDoubledDecisions(knex: Knex): Promise<string[]> {
  const rows: { id: number; approvals: string; people: string }[] = await knex(
    'decisions',
  )
    .whereNull('voided_at')
    .groupBy('promotion_id')
    .select('promotion_id as id')
    .count({ approvals: '*' })
    .countDistinct({ people: 'decided_by' });
  return rows
    .filter(
      ({ approvals, people }) => Number(approvals) > 2 || approvals !== people,
    )
    .map(
      ({ id, approvals, people }) =>
        `Promotion ${id} has ${approvals} approvals by ${people} people for two places`,
    );
}

async function findHeld(knex: Knex): Promise<string[]> {
  const locks = await knex('environment_locks');
  const leases = await knex('promotions')
    .whereNotNull('lease_owner')
    .where('lease_until', '>', new Date());
  return [
    ...locks.map(each => `A lock is left: ${JSON.stringify(each)}`),
    ...leases.map(
      each => `Promotion ${each.id} is held by ${each.lease_owner}`,
    ),
  ];
}

async function findTornBundles(knex: Knex): Promise<string[]> {
  const rows: { id: number; states: string[] }[] = await knex('promotions')
    .whereNotNull('bundle_promotion_id')
    .groupBy('bundle_promotion_id')
    .select(
      'bundle_promotion_id as id',
      knex.raw('array_agg(distinct state) as states'),
    );
  return rows
    .filter(({ states }) => states.includes('succeeded') && states.length > 1)
    .map(({ id, states }) => `Of bundle ${id} some are ${states}`);
}

/** Moments of a model's history at which nothing or two versions had all traffic, and where the target says otherwise. */
async function findGaps(knex: Knex, target: FakeDeployer): Promise<string[]> {
  const rows: DeploymentRow[] = await knex('deployments')
    .join('versions', 'versions.id', 'deployments.version_id')
    .select('deployments.*', 'versions.name as version')
    .orderBy(['model_ref', 'environment', 'full_traffic_at', 'ended_at']);
  const violations: string[] = [];
  const places = new Map<string, DeploymentRow[]>();
  for (const row of rows) {
    const place = `${row.model_ref} ${row.environment}`;
    places.set(place, [...(places.get(place) ?? []), row]);
    if (row.ended_at && row.ended_at < row.started_at) {
      violations.push(`${row.version} in ${place} ended before it began`);
    }
  }
  for (const [place, all] of places) {
    const full = all.filter(each => each.full_traffic_at !== null);
    full.forEach((each, i) => {
      const next = full[i + 1];
      if (
        next &&
        each.ended_at?.getTime() !== next.full_traffic_at?.getTime()
      ) {
        violations.push(
          `In ${place} ${
            each.version
          } ended ${each.ended_at?.toISOString()}, and ${
            next.version
          } was full ${next.full_traffic_at?.toISOString()}`,
        );
      }
    });
    const now = all.filter(each => each.ended_at === null);
    const [model, environment] = place.split(' ');
    const shares = target
      .sharesOf({ model, environment })
      .filter(each => each.share > 0)
      .map(each => `${each.version}=${each.share}`);
    const expected = now.map(each => `${each.version}=100`);
    if (now.length !== 1 || shares.join() !== expected.join()) {
      violations.push(
        `In ${place} ${shares} serves, and the history says ${expected}`,
      );
    }
  }
  return violations;
}

async function findBrokenAudit(knex: Knex): Promise<string[]> {
  const entries: {
    index: string;
    leaf: string;
    leaf_hash: string;
    action: string;
    subject: string;
  }[] = await knex('audit_entries').orderBy('index');
  const head = await knex('audit_head').first('size');
  const ends = entries.filter(({ action }) =>
    /^promotion\.(succeeded|rolled-back)$/.test(action),
  );
  return [
    ...entries
      .filter(
        (entry, i) =>
          Number(entry.index) !== i ||
          entry.leaf_hash !==
            createHash('sha256').update('\0').update(entry.leaf).digest('hex'),
      )
      .map(entry => `Audit entry ${entry.index} does not verify`),
    ...(Number(head.size) === entries.length
      ? []
      : [`The audit log has ${entries.length} entries, not ${head.size}`]),
    ...ends
      .filter(
        (end, i) => ends.findIndex(each => each.subject === end.subject) < i,
      )
      .map(({ subject }) => `The end of ${subject} is told twice`),
  ];
}
