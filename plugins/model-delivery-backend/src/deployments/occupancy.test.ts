import { resolvePackagePath } from '@backstage/backend-plugin-api';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { Knex } from 'knex';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { TestClock } from '../__testUtils__/startTestEngine';
import { Transaction, UnitOfWork } from '../database/UnitOfWork';
import { toDate, toDateOrNull } from '../database/values';
import { NO_GATES } from '../gates/GatesService';
import { MetricsRecorder } from '../metrics/MetricsRecorder';
import { PolicyEnvironment } from '../policies/types';
import { DIRECT_PLAN } from '../policies/toContent';
import { insertPromotion } from '../promotions/insertPromotion';
import { PromotionRecord } from '../promotions/types';
import { findControl, findServing, findServingAt } from './deploymentStore';
import {
  recordReturn,
  recordRollback,
  recordSuccess,
  recordTraffic,
} from './occupancy';
import { recordOutsideDeployment } from './recordOutsideDeployment';

jest.setTimeout(120_000);

const ENVIRONMENT = { name: 'staging', tier: 'staging' } as PolicyEnvironment;
const VERSIONS = ['v1', 'v2', 'v3', 'v4'];
const POLICY = 'sha256:policy';
const metrics = new MetricsRecorder();

/** The id of a model's version: 36 characters at most. */
const idOf = (ref: string, name: string) => `${ref.slice(-30)}-${name}`;

/** What happens next to a place, as far as it is possible then. */
type Deed =
  | { does: 'canary'; version: number }
  | { does: 'step'; share: number }
  | { does: 'finish' | 'return' }
  | { does: 'direct' | 'rollback' | 'record'; version: number };

const version = fc.nat(VERSIONS.length - 1);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ does: fc.constant('canary' as const), version }),
  fc.record({
    does: fc.constant('step' as const),
    share: fc.constantFrom(5, 10, 25, 50, 75, 100),
  }),
  fc.record({ does: fc.constantFrom('finish' as const, 'return' as const) }),
  fc.record({
    does: fc.constantFrom(
      'direct' as const,
      'rollback' as const,
      'record' as const,
    ),
    version,
  }),
);

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('occupancy on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Knex;
  let clock: TestClock;
  let work: UnitOfWork;
  let modelRef: string;

  beforeAll(async () => {
    knex = await databases.init(databaseId);
    await knex('policies').insert({
      digest: POLICY,
      name: 'test',
      risk: 'low',
      content: '{}',
      loaded_at: new Date(),
    });
  });
  beforeEach(async () => {
    clock = new TestClock();
    work = new UnitOfWork({ knex, clock: () => clock.now() });
    modelRef = await addModel();
  });

  async function addModel(): Promise<string> {
    const ref = `model:default/m${randomUUID()}`;
    await knex('models').insert({
      ref,
      namespace: 'default',
      name: ref.split('/')[1],
      title: 'A model',
      owner: 'group:default/credit-risk',
      lifecycle: 'production',
      risk: 'low',
      risk_rank: 0,
      team_size: 'small',
      search_text: '',
      seen_at: clock.now(),
    });
    await knex('versions').insert(
      VERSIONS.map((name, index) => ({
        id: idOf(ref, name),
        model_ref: ref,
        name,
        digest: `sha256:${name}`,
        parts: '{}',
        commits: '[]',
        authors: '[]',
        change_kinds: '[]',
        trained_by: 'user:default/dana',
        created_at: clock.now(),
        registered_at: clock.now(),
        registered_by: 'user:default/dana',
        position: index + 1,
      })),
    );
    return ref;
  }

  const request = async (
    tx: Transaction,
    name: string,
    kind: 'promotion' | 'rollback',
  ) =>
    insertPromotion(tx, {
      kind,
      state: 'succeeded',
      modelRef,
      versionId: idOf(modelRef, name),
      versionName: name,
      environment: ENVIRONMENT,
      policyDigest: POLICY,
      requestedBy: 'user:default/dana',
      reason: 'planned',
      note: null,
      idempotencyKey: undefined,
      control: await findControl(tx.knex, modelRef, ENVIRONMENT.name),
      plan: DIRECT_PLAN,
      gateCounts: NO_GATES,
    });
  const deploy = (name: string) =>
    work.run(async tx => {
      const record = await request(tx, name, 'promotion');
      await recordTraffic(tx, metrics, record, 100);
      await recordSuccess(tx, record);
    });
  const recordOutside = (
    name: string,
    startedAt: Date,
    pause?: Promise<void>,
  ) =>
    work.run(async tx => {
      const { fact } = await recordOutsideDeployment(tx, metrics, {
        actor: 'service:pipeline',
        modelRef,
        versionId: idOf(modelRef, name),
        environment: ENVIRONMENT,
        body: {
          id: randomUUID(),
          version: name,
          environment: ENVIRONMENT.name,
          startedAt: startedAt.toISOString(),
          outcome: 'full-traffic',
          restores: false,
        },
      });
      await pause;
      return fact;
    });
  const serving = async () =>
    (await findServing(knex, modelRef, ENVIRONMENT.name)).map(
      each => `${each.version}=${each.share}`,
    );
  const servedAt = async (at: Date) =>
    Object.fromEntries(
      (await findServingAt(knex, modelRef, ENVIRONMENT.name, at)).map(each => [
        each.version,
        each.share,
      ]),
    );
  /** From when to when deployments had all traffic, in order. */
  const fullSpans = async () =>
    (
      await knex('deployments')
        .where({ model_ref: modelRef })
        .whereNotNull('full_traffic_at')
        .orderBy('full_traffic_at')
    )
      .map(row => ({
        from: toDate(row.full_traffic_at).getTime(),
        to: toDateOrNull(row.ended_at)?.getTime() ?? Infinity,
      }))
      .filter(span => span.to > span.from);

  it('has no gap and no overlap, and is remembered as it was, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(deed, { minLength: 1, maxLength: 14 }),
        async deeds => {
          modelRef = await addModel();
          let candidate: { record: PromotionRecord; share: number } | undefined;
          const seen: { at: Date; shares: Record<string, number> }[] = [];
          for (const next of deeds) {
            clock.advance({ minutes: 1 });
            candidate = await perform(next, candidate);
            seen.push({
              at: clock.now(),
              shares: Object.fromEntries(
                (await findServing(knex, modelRef, ENVIRONMENT.name)).map(
                  each => [each.version, each.share],
                ),
              ),
            });
          }
          for (const { at, shares } of seen) {
            expect(await servedAt(at)).toEqual(shares);
            // And until just before the next
            expect(await servedAt(new Date(at.getTime() + 59_999))).toEqual(
              shares,
            );
            const total = Object.values(shares).reduce(
              (sum, each) => sum + each,
              0,
            );
            expect(total).toBe(Object.keys(shares).length === 0 ? 0 : 100);
          }
          // Nothing serves only before the first, and after the first was taken back
          const served = seen.map(each => Object.keys(each.shares).length > 0);
          expect(served.join()).toMatch(/^(false,?)*(true,?)*$/);
          const spans = await fullSpans();
          spans.slice(1).forEach((span, index) => {
            expect(span.from).toBe(spans[index].to);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  async function perform(
    next: Deed,
    candidate: { record: PromotionRecord; share: number } | undefined,
  ) {
    const serves = await findServing(knex, modelRef, ENVIRONMENT.name);
    const name = 'version' in next ? VERSIONS[next.version] : '';
    const isThere = serves.some(each => each.version === name);
    return work.run(async tx => {
      switch (next.does) {
        case 'canary':
        case 'direct': {
          if (candidate || isThere) {
            return candidate;
          }
          const record = await request(tx, name, 'promotion');
          const share = next.does === 'direct' || serves.length === 0 ? 100 : 5;
          await recordTraffic(tx, metrics, record, share);
          if (next.does === 'direct') {
            await recordSuccess(tx, record);
            return undefined;
          }
          return { record, share };
        }
        case 'step': {
          if (!candidate || next.share < candidate.share) {
            return candidate;
          }
          await recordTraffic(tx, metrics, candidate.record, next.share);
          return { ...candidate, share: next.share };
        }
        case 'finish':
          if (candidate?.share !== 100) {
            return candidate;
          }
          await recordSuccess(tx, candidate.record);
          return undefined;
        case 'return':
          // The very first has nothing to return to
          if (candidate?.record.fromDeploymentId) {
            await recordReturn(tx, metrics, candidate.record);
            return undefined;
          }
          return candidate;
        case 'rollback':
          if (candidate || isThere || serves.length === 0) {
            return candidate;
          }
          await recordRollback(
            tx,
            metrics,
            await request(tx, name, 'rollback'),
          );
          return undefined;
        default:
          if (candidate || serves.some(each => each.origin === 'slipway')) {
            return candidate;
          }
          await recordOutsideDeployment(tx, metrics, {
            actor: 'service:pipeline',
            modelRef,
            versionId: idOf(modelRef, name),
            environment: ENVIRONMENT,
            body: {
              id: randomUUID(),
              version: name,
              environment: ENVIRONMENT.name,
              startedAt: tx.now.toISOString(),
              outcome: 'full-traffic',
              restores: false,
            },
          });
          return undefined;
      }
    });
  }

  it('has no overlap when something is recorded while a rollout moves traffic', async () => {
    await recordOutside('v1', new Date('2026-11-21T08:00:00Z'));
    let goOn = () => {};
    const paused = new Promise<void>(resolve => {
      goOn = resolve;
    });
    const recorded = recordOutside(
      'v2',
      new Date('2026-11-21T08:30:00Z'),
      paused,
    );
    await new Promise(resolve => setTimeout(resolve, 200));
    const deployed = deploy('v3');
    await new Promise(resolve => setTimeout(resolve, 300));
    goOn();
    await Promise.all([recorded, deployed]);
    expect(await serving()).toEqual(['v3=100']);
    expect(await servedAt(new Date('2026-11-21T08:15:00Z'))).toEqual({
      v1: 100,
    });
    expect(await servedAt(new Date('2026-11-21T08:45:00Z'))).toEqual({
      v2: 100,
    });
    const spans = await fullSpans();
    expect(spans.slice(1).map(span => span.from)).toEqual(
      spans.slice(0, -1).map(span => span.to),
    );
  });

  it('goes on where it was when the clock is set back', async () => {
    await deploy('v1');
    clock.advance({ hours: 1 });
    await deploy('v2');
    const late = clock.now();
    clock.advance({ hours: -2 });
    await deploy('v3');
    clock.advance({ hours: 3 });
    await deploy('v4');
    expect(await servedAt(late)).toEqual({ v3: 100 });
    expect(await serving()).toEqual(['v4=100']);
    expect(await fullSpans()).toHaveLength(3);
  });

  it('is guarded by the database itself', async () => {
    await deploy('v1');
    clock.advance({ hours: 1 });
    await deploy('v2');
    clock.advance({ hours: 1 });
    const [first] = await knex('deployments')
      .where({ model_ref: modelRef })
      .orderBy('started_at');
    const beside = (from: Date, to: Date | null) =>
      knex('deployments').insert({
        ...first,
        id: randomUUID(),
        promotion_id: null,
        started_at: from,
        full_traffic_at: from,
        ended_at: to,
      });
    // Errors of the database are of no class that all tests know
    const refusal = (write: PromiseLike<unknown>) =>
      write.then(
        () => undefined,
        (error: { message: string }) => error.message,
      );
    const at = (minute: number) =>
      new Date(toDate(first.started_at).getTime() + minute * 60_000);
    // Now, within one that is over, over its edge, around it
    expect(await refusal(beside(at(90), null))).toMatch(/deployments/);
    expect(await refusal(beside(at(10), at(20)))).toMatch(
      /deployments_full_span/,
    );
    expect(await refusal(beside(at(-10), at(10)))).toMatch(
      /deployments_full_span/,
    );
    expect(await refusal(beside(at(-10), at(600)))).toMatch(
      /deployments_full_span/,
    );
    expect(
      await refusal(
        knex('deployments')
          .where({ id: first.id })
          .update({ ended_at: at(70) }),
      ),
    ).toMatch(/deployments_full_span/);
    // Beside what it leaves free, and for another place
    await beside(at(-10), at(0));
    await knex('deployments').insert({
      ...first,
      id: randomUUID(),
      promotion_id: null,
      environment: 'production',
    });
  });

  it('that overlapped before it was guarded is mended', async () => {
    const guard = {
      directory: resolvePackagePath(
        '@slipway/backstage-plugin-model-delivery-backend',
        'migrations',
      ),
      name: '20261122041000_occupancy.js',
    };
    await deploy('v1');
    await knex.migrate.down(guard);
    const [first] = await knex('deployments').where({ model_ref: modelRef });
    clock.advance({ hours: 1 });
    await knex('deployments').insert({
      ...first,
      id: randomUUID(),
      version_id: idOf(modelRef, 'v2'),
      promotion_id: null,
      started_at: clock.now(),
      full_traffic_at: clock.now(),
    });
    await knex.migrate.up(guard);
    expect(await serving()).toEqual(['v2=100']);
    const [before, after] = await fullSpans();
    expect(before.to).toBe(after.from);
  });
});
