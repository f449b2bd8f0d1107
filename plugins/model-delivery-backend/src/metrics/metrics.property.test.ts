import {
  ChangeKind,
  Measure,
} from '@slipway/backstage-plugin-model-delivery-common';
import fc from 'fast-check';
import { Knex } from 'knex';
import { UnitOfWork } from '../database/UnitOfWork';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { MetricsRecorder } from './MetricsRecorder';
import { HOT_FIX_WINDOW_HOURS } from './linkDeployments';
import { slowestOf } from './recordDeployments';
import { recordIncident } from './recordIncidents';
import { recordFinishedRun } from './recordRuns';

jest.setTimeout(180_000);

const MINUTE = 60_000;
const START = Date.parse('2026-09-07T00:00:00Z');

/** What happens to one version in production, in minutes. */
interface Release {
  /** After the start of the release before it. */
  gap: number;
  /** From the start of its traffic to all of it; null when it never gets there. */
  toFull: number | null;
  /** From the start of its traffic to the detection of its failure, then to the rollback. */
  rollback: { after: number; takes: number } | null;
  /** From its earliest commit to the start of its traffic; null without commits. */
  sinceCommit: number | null;
  kind: ChangeKind;
  reason: 'planned' | 'unplanned-fix' | null;
  incidents: { after: number; takes: number | null }[];
}

interface Story {
  releases: Release[];
  /** Incidents that no release caused, in minutes after the start. */
  incidents: { at: number; takes: number | null }[];
  runs: { at: number; outcome: string }[];
}

/** A release with its moments, in milliseconds. */
interface Deployment extends Release {
  at: number;
  fullAt: number | null;
  failedAt: number | null;
  restoredAt: number | null;
  endedAt: number | null;
  commitAt: number | null;
}

const minutes = (max: number) => fc.integer({ min: 1, max });
const incident = fc.record({
  after: minutes(2_000),
  takes: fc.option(minutes(3_000)),
});
const release: fc.Arbitrary<Release> = fc
  .record({
    gap: minutes(6_000),
    toFull: fc.option(minutes(60), { freq: 5 }),
    rollback: fc.option(fc.record({ after: minutes(90), takes: minutes(60) }), {
      freq: 1,
    }),
    sinceCommit: fc.option(minutes(20_000), { freq: 4 }),
    kind: fc.constantFrom<ChangeKind>('code', 'data', 'configuration'),
    reason: fc.constantFrom('planned' as const, 'unplanned-fix' as const, null),
    incidents: fc.array(incident, { maxLength: 2 }),
  })
  // What never gets all of the traffic is rolled back before another one starts.
  .map(each => ({
    ...each,
    gap: each.gap + 200,
    rollback:
      each.toFull === null && !each.rollback
        ? { after: 5, takes: 5 }
        : each.rollback,
  }));
const story: fc.Arbitrary<Story> = fc.record({
  releases: fc.array(release, { maxLength: 12 }),
  incidents: fc.array(
    fc.record({ at: minutes(40_000), takes: fc.option(minutes(3_000)) }),
    { maxLength: 3 },
  ),
  runs: fc.array(
    fc.record({
      at: minutes(40_000),
      outcome: fc.constantFrom('success', 'failure', 'error', 'cancelled'),
    }),
    { maxLength: 8 },
  ),
});

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('delivery metrics of any history on %s', databaseId => {
  let engine: TestEngine;
  // Said first, so that it ends before its database
  afterAll(() => engine.stop());
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Knex;
  let count = 0;

  beforeAll(async () => {
    knex = await databases.init(databaseId);
    engine = await startTestEngine({ knex, entities: [modelEntity('m')] });
    await engine.as().get('/models/default/m').expect(200);
  });

  it('are what counting one by one gives', async () => {
    await fc.assert(
      fc.asyncProperty(
        story,
        minutes(30_000),
        minutes(20_000),
        async (told, start, length) => {
          const ref = `model:default/m${++count}`;
          await addModel(knex, ref);
          const deployments = withMoments(told.releases);
          await write(knex, ref, deployments, told);
          const from = START + start * MINUTE;
          const to = from + length * MINUTE;
          const query = new URLSearchParams({
            from: new Date(from).toISOString(),
            to: new Date(to).toISOString(),
            model: ref,
          });
          const { body } = await engine
            .as(people.platformEngineer)
            .get(`/metrics?${query}`)
            .expect(200);
          const expected = countOneByOne(deployments, told, from, to);
          expect(body.activeModels).toBe(expected.activeModels);
          for (const measure of body.measures as Measure[]) {
            const { id, value, p90, count: counted } = measure;
            const wanted = expected.measures[id];
            expect({ id, counted }).toEqual({ id, counted: wanted.count });
            expect(measure.sampleSize).toBe(wanted.sampleSize);
            expectClose(value, wanted.value);
            expectClose(p90, wanted.p90 ?? null);
            expectClose(measure.coverage, wanted.coverage);
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

function expectClose(value: number | null, wanted: number | null): void {
  if (wanted === null || value === null) {
    expect(value).toBe(wanted);
  } else {
    expect(value).toBeCloseTo(wanted, 6);
  }
}

function withMoments(releases: Release[]): Deployment[] {
  let at = START;
  const deployments = releases.map(each => {
    at += each.gap * MINUTE;
    const failedAt = each.rollback && at + each.rollback.after * MINUTE;
    return {
      ...each,
      at,
      fullAt: each.toFull === null ? null : at + each.toFull * MINUTE,
      failedAt,
      restoredAt: failedAt && failedAt + each.rollback!.takes * MINUTE,
      endedAt: null as number | null,
      commitAt:
        each.sinceCommit === null ? null : at - each.sinceCommit * MINUTE,
    };
  });
  deployments.forEach((each, i) => {
    each.endedAt = each.restoredAt ?? deployments[i + 1]?.at ?? null;
  });
  return deployments;
}

async function addModel(knex: Knex, ref: string): Promise<void> {
  const { ref: _ref, ...row } = await knex('models').first();
  await knex('models').insert({ ...row, ref, name: ref.split('/')[1] });
}

async function write(
  knex: Knex,
  ref: string,
  deployments: Deployment[],
  told: Story,
): Promise<void> {
  const work = new UnitOfWork({ knex });
  const recorder = new MetricsRecorder();
  const model = {
    ref,
    owner: 'group:default/credit-risk',
    risk: 'high',
  } as Parameters<typeof recordIncident>[1];
  const id = (what: string, i: number | string) =>
    `${what}-${i}-${ref.split('/')[1]}`;
  await work.run(async tx => {
    for (const [i, each] of deployments.entries()) {
      await tx.knex('versions').insert({
        id: id('v', i),
        model_ref: ref,
        name: String(i),
        digest: 'sha256:',
        parts: '{}',
        commits: '[]',
        authors: '[]',
        first_commit_at:
          each.commitAt === null ? null : new Date(each.commitAt),
        change_kinds: JSON.stringify([each.kind]),
        trained_by: 'user:default/dana',
        created_at: tx.now,
        registered_at: tx.now,
        registered_by: 'user:default/dana',
        position: i + 1,
      });
      await tx.knex('deployments').insert({
        id: id('d', i),
        model_ref: ref,
        version_id: id('v', i),
        environment: 'production',
        environment_tier: 'production',
        origin: 'recorded',
        kind: 'promotion',
        share: 100,
        started_at: new Date(each.at),
        ended_at: each.endedAt === null ? null : new Date(each.endedAt),
        outcome: 'rolling-out',
        approved_by: '[]',
        reason: each.reason,
      });
      await recorder.deploymentStarted(tx, id('d', i));
      if (each.fullAt !== null) {
        await tx
          .knex('deployments')
          .where({ id: id('d', i) })
          .update({ full_traffic_at: new Date(each.fullAt) });
        await recorder.reachedFullTraffic(tx, id('d', i));
      }
      if (each.failedAt !== null) {
        await tx
          .knex('deployments')
          .where({ id: id('d', i) })
          .update({ outcome: 'rolled-back' });
        await recorder.failed(
          tx,
          id('d', i),
          new Date(each.failedAt),
          'rolled-back',
        );
        await recorder.restored(tx, id('d', i), new Date(each.restoredAt!));
      }
    }
    const incidents = [
      ...told.incidents.map(each => ({
        at: START + each.at * MINUTE,
        takes: each.takes,
        deployment: null as string | null,
      })),
      ...deployments.flatMap((each, i) =>
        each.incidents.map(one => ({
          at: each.at + one.after * MINUTE,
          takes: one.takes,
          deployment: id('d', i),
        })),
      ),
    ];
    for (const [i, each] of incidents.entries()) {
      const row = {
        id: id('i', i),
        model_ref: ref,
        external_id: String(i),
        title: 'Nonsense',
        detected_at: new Date(each.at),
        resolved_at:
          each.takes === null ? null : new Date(each.at + each.takes * MINUTE),
        caused_by_version: null,
        deployment_id: each.deployment,
        url: null,
      };
      await tx.knex('incidents').insert(row);
      await recordIncident(tx.knex, model, row, undefined);
    }
    for (const [i, each] of told.runs.entries()) {
      await recordFinishedRun(tx.knex, model, {
        id: id('r', i),
        external_id: String(i),
        version: null,
        url: null,
        outcome: each.outcome,
        finished_at: new Date(START + each.at * MINUTE),
      });
    }
  });
}

type Counted = Record<
  Measure['id'],
  {
    value: number | null;
    p90?: number | null;
    count: number;
    sampleSize: number;
    coverage: number | null;
  }
>;

/** The definitions, taken at their word. */
function countOneByOne(
  all: Deployment[],
  told: Story,
  from: number,
  to: number,
): { activeModels: number; measures: Counted } {
  const within = (at: number | null) => at !== null && at >= from && at < to;
  const started = all.filter(each => within(each.at));
  const delivered = all.filter(each => within(each.fullAt));
  const leadTimes = delivered.flatMap(each => leadTimeOf(all, each));
  const failures = [
    ...all.flatMap((each, i) => failureOf(each, all[i + 1])),
    ...told.incidents.map(each => ({
      detectedAt: START + each.at * MINUTE,
      recovery: null,
    })),
  ].filter(each => within(each.detectedAt));
  const failed = started.filter(
    each => failureOf(each, all[all.indexOf(each) + 1]).length > 0,
  );
  const recoveries = failures.flatMap(each => each.recovery ?? []);
  const reasoned = started.filter(each => each.reason !== null);
  const rework = reasoned.filter(each => each.reason === 'unplanned-fix');
  const runs = told.runs.filter(each => within(START + each.at * MINUTE));
  const reliable = runs.filter(each => each.outcome !== 'error');
  const active = all.some(
    each => each.at < to && (each.endedAt === null || each.endedAt > from),
  );
  const ratio = (part: number, whole: number) =>
    whole === 0 ? null : part / whole;
  return {
    activeModels: active ? 1 : 0,
    measures: {
      'deployment-frequency': {
        value:
          active || delivered.length > 0
            ? delivered.length / ((to - from) / (7 * 24 * 60 * MINUTE))
            : null,
        count: delivered.length,
        sampleSize: delivered.length,
        coverage: delivered.length > 0 ? 1 : null,
      },
      'lead-time': {
        value: quantile(leadTimes, 0.5),
        p90: quantile(leadTimes, 0.9),
        count: leadTimes.length,
        sampleSize: leadTimes.length,
        coverage: ratio(leadTimes.length, delivered.length),
      },
      'change-failure-rate': {
        value: ratio(failed.length, started.length),
        count: failed.length,
        sampleSize: started.length,
        coverage: started.length > 0 ? 1 : null,
      },
      'recovery-time': {
        value: quantile(recoveries, 0.5),
        p90: quantile(recoveries, 0.9),
        count: recoveries.length,
        sampleSize: recoveries.length,
        coverage: ratio(recoveries.length, failures.length),
      },
      'rework-rate': {
        value: ratio(rework.length, reasoned.length),
        count: rework.length,
        sampleSize: reasoned.length,
        coverage: ratio(reasoned.length, started.length),
      },
      'break-glass-rate': {
        value: ratio(0, started.length),
        count: 0,
        sampleSize: started.length,
        coverage: started.length > 0 ? 1 : null,
      },
      'pipeline-reliability': {
        value: ratio(reliable.length, runs.length),
        count: reliable.length,
        sampleSize: runs.length,
        coverage: runs.length > 0 ? 1 : null,
      },
      'outside-changes': {
        value: active ? 0 : null,
        count: 0,
        sampleSize: 0,
        coverage: null,
      },
    },
  };
}

/** From the earliest commit since the version that served before, in seconds. */
function leadTimeOf(all: Deployment[], deployment: Deployment): number[] {
  const index = all.indexOf(deployment);
  const before = all
    .slice(0, index)
    .map(each => each.fullAt !== null && each.failedAt === null)
    .lastIndexOf(true);
  const commits = all
    .slice(before + 1, index + 1)
    .flatMap(each => each.commitAt ?? []);
  return commits.length === 0
    ? []
    : [(deployment.fullAt! - Math.min(...commits)) / 1000];
}

/** The failure of a deployment, if it had one. */
function failureOf(
  each: Deployment,
  next: Deployment | undefined,
): { detectedAt: number; recovery: number | null }[] {
  const isHotFixed =
    each.failedAt === null &&
    next?.reason === 'unplanned-fix' &&
    next.at - each.at <= HOT_FIX_WINDOW_HOURS * 60 * MINUTE;
  const detections = [
    ...(each.failedAt === null ? [] : [each.failedAt]),
    ...(isHotFixed ? [next.at] : []),
    ...each.incidents.map(one => each.at + one.after * MINUTE),
  ];
  if (detections.length === 0) {
    return [];
  }
  const ends = each.incidents.map(
    one => one.takes && each.at + (one.after + one.takes) * MINUTE,
  );
  const restorations = [
    ...(each.restoredAt === null ? [] : [each.restoredAt]),
    ...(isHotFixed && next.fullAt !== null ? [next.fullAt] : []),
    ...(ends.length > 0 && ends.every(end => end !== null)
      ? [Math.max(...(ends as number[]))]
      : []),
  ];
  const detectedAt = Math.min(...detections);
  return [
    {
      detectedAt,
      recovery:
        restorations.length === 0
          ? null
          : Math.max(0, (Math.min(...restorations) - detectedAt) / 1000),
    },
  ];
}

/** Linearly interpolated between the values in order. */
function quantile(values: number[], share: number): number | null {
  if (values.length === 0) {
    return null;
  }
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  return (
    sorted[below] +
    (position - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below])
  );
}

describe('a deployment of several kinds of change', () => {
  it('counts as the slowest of them', () => {
    expect(slowestOf(['configuration', 'code'])).toBe('code');
    expect(slowestOf(['code', 'data', 'configuration'])).toBe('data');
    expect(slowestOf(['data', 'base-model'])).toBe('base-model');
    expect(slowestOf([])).toBe('code');
  });
});
