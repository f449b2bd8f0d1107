import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { SampleBatch } from '@slipway/backstage-plugin-model-delivery-common';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';
import { until } from '../__testUtils__/until';
import { UnitOfWork } from '../database/UnitOfWork';
import { PushedSamplesSource } from './PushedSamplesSource';
import { pick, quantile, quotas } from './sampling';

jest.setTimeout(60_000);

const guide = readFileSync(
  resolve(__dirname, '../../../../docs/pushing-samples.md'),
  'utf8',
);

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('pushed samples on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Awaited<ReturnType<typeof databases.init>>;
  let engine: TestEngine;
  let delivery: TestDelivery;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engine = await startTestEngine({
      knex,
      entities: [modelEntity('credit-default')],
      config: {
        modelDelivery: {
          workers: { pollInterval: { milliseconds: 2 } },
          targets: [
            { environment: 'production', metricsSource: 'pushed-samples' },
          ],
          pushedSamples: { retention: { days: 2 }, silence: { minutes: 45 } },
        },
      },
      decide: (permission, user) => ({
        result:
          user === people.outsider &&
          permission === 'model-delivery.samples.push'
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
      }),
    });
    delivery = new TestDelivery(engine);
  });
  afterEach(() => engine.stop());

  let batches = 0;
  /** What a version did in a minute that ended some seconds ago. */
  const sampleOf = (
    version: string,
    more: {
      endedSecondsAgo?: number;
      seconds?: number;
      requests?: number;
      errors?: number;
      latency?: number;
      score?: number;
    } = {},
  ): SampleBatch['samples'][number] => {
    const { endedSecondsAgo = 0, seconds = 60, latency = 20 } = more;
    const { requests = 2_000, errors = 0 } = more;
    const to = engine.clock.now().getTime() - endedSecondsAgo * 1000;
    return {
      version,
      from: new Date(to - seconds * 1000).toISOString(),
      to: new Date(to).toISOString(),
      requests,
      errors,
      latencies: Array.from(
        { length: Math.min(requests - errors, 2_900) },
        (_, i) => latency + ((i * 7) % 20) / 10,
      ),
      ...(more.score !== undefined && {
        scored: requests - errors,
        scores: Array.from(
          { length: Math.min(requests - errors, 2_900) },
          (_, i) => more.score! + ((i * 37) % 1000) / 5000,
        ),
      }),
    };
  };
  const batchOf = (
    samples: SampleBatch['samples'],
    id = `batch-${++batches}`,
  ): SampleBatch => ({ id, environment: 'production', samples });
  const push = (batch: object, as?: string) =>
    engine.as(as).post(`${delivery.path}/samples`, batch);

  /** Lets the first version serve, and begins to push about it. */
  const serveFirst = async () => {
    await delivery.register('v1');
    await delivery.deployFirst('v1');
    await delivery.register('v2');
    await push(batchOf([sampleOf('v1')])).expect(answers(201));
  };

  it('judge a canary whose samples come late, out of order and twice', async () => {
    await serveFirst();
    const id = await delivery.startCanary('v2');
    engine.clock.advance({ minutes: 29 });
    const minute = (ago: number) =>
      batchOf([
        sampleOf('v1', { endedSecondsAgo: ago }),
        sampleOf('v2', { endedSecondsAgo: ago, requests: 4_000 }),
      ]);
    for (const batch of [minute(0), minute(600), minute(300)]) {
      await push(batch).expect(answers(201));
      await push(batch).expect(answers(200));
    }
    engine.clock.advance({ minutes: 2 });
    const promotion = await delivery.untilStep(id, 1);
    const [errors] = promotion.rollout!.steps[0].analysis;
    expect(errors).toMatchObject({ verdict: 'pass' });
    expect(errors.candidate.samples).toBe(12_000);
    expect(errors.control.samples).toBe(6_000);

    const { body } = await engine
      .as(people.dataScientist)
      .get(`/promotions/${id}/series`)
      .expect(answers(200));
    expect(
      body.points.reduce(
        (sum: number, each: { candidate: { requests: number } }) =>
          sum + each.candidate.requests,
        0,
      ),
    ).toBe(12_000);
  });

  it('roll a version back that errs', async () => {
    await serveFirst();
    const id = await delivery.startCanary('v2');
    engine.clock.advance({ minutes: 29 });
    await push(
      batchOf([
        sampleOf('v1', { requests: 10_000, errors: 50 }),
        sampleOf('v2', { requests: 10_000, errors: 1_000 }),
      ]),
    ).expect(answers(201));
    engine.clock.advance({ minutes: 2 });
    const promotion = await delivery.until(id, 'rolled-back');
    expect(promotion.rollout!.steps[0].state).toBe('failed');
  });

  it('leave out an interval in which the traffic moved', async () => {
    await serveFirst();
    const id = await delivery.startCanary('v2');
    engine.clock.advance({ seconds: 30 });
    await push(
      batchOf([
        sampleOf('v1'),
        sampleOf('v2', { requests: 9_000, errors: 9_000 }),
      ]),
    ).expect(answers(201));
    engine.clock.advance({ minutes: 28 });
    await push(
      batchOf([
        sampleOf('v1', { requests: 2_900 }),
        sampleOf('v2', { requests: 2_900 }),
      ]),
    ).expect(answers(201));
    engine.clock.advance({ minutes: 2 });
    const promotion = await delivery.untilStep(id, 1);
    expect(promotion.rollout!.steps[0].analysis[0].candidate.samples).toBe(
      2_900,
    );
  });

  it('let no canary begin where none come any more', async () => {
    await serveFirst();
    await delivery.stage('v2');
    engine.clock.advance({ minutes: 46 });
    const refused = await delivery
      .request('v2', 'production')
      .expect(answers(409));
    expect(refused.body.error.message).toContain('No metrics source watches');
    await push(batchOf([sampleOf('v1')])).expect(answers(201));
    await delivery.request('v2', 'production').expect(answers(201));
  });

  it('are refused when they contradict themselves, their id or their time', async () => {
    await delivery.register('v1');
    const fine = sampleOf('v1');
    const once = batchOf([fine]);
    await push(once).expect(answers(201));
    const changed = await push({
      ...once,
      samples: [{ ...fine, requests: 3_000 }],
    }).expect(answers(409));
    expect(changed.body.error.message).toContain(
      'was pushed with another content',
    );
    for (const [sample, message] of [
      [{ ...fine, to: fine.from }, 'samples/0/to'],
      [sampleOf('v1', { seconds: 301 }), '5 min at most'],
      [sampleOf('v1', { endedSecondsAgo: -400 }), 'yet to come'],
      [
        sampleOf('v1', { endedSecondsAgo: 200_000 }),
        'longer ago than samples are kept: 2 d',
      ],
      [{ ...fine, errors: 2_001 }, 'errors is 2001, of 2000'],
      [{ ...fine, latencies: [1, 2, 3] }, '100 to 2000 are expected'],
      [{ ...fine, requests: 10 }, 'latencies has 2000; of 10'],
      [{ ...fine, latencies: [-1] }, 'latencies/0'],
      [{ ...fine, scored: 3 }, 'scored counts scores, and there are none'],
      [{ ...fine, scores: [1], scored: 200 }, '100 to 200 are expected'],
      [{ ...fine, scores: [1], scored: 2_001 }, 'scored is 2001; of 2000'],
      [
        { ...fine, requests: 2_900, errors: 2_900, latencies: [], scores: [1] },
        'scores has 1; of 0',
      ],
    ] as [SampleBatch['samples'][number], string][]) {
      const refused = await push(batchOf([sample])).expect(answers(400));
      expect(refused.body.error.message).toContain(message);
    }
    await push(batchOf([sampleOf('v9')])).expect(answers(404));
    await push({ ...batchOf([fine]), environment: 'moon' }).expect(
      answers(400),
    );
    await push(batchOf(Array.from({ length: 101 }, () => fine))).expect(
      response => expect([400, 413]).toContain(response.status),
    );
    const person = await push(batchOf([fine]), people.mlEngineer).expect(
      answers(403),
    );
    expect(person.body.error.message).toContain('with a service token');
    await push(batchOf([fine]), people.outsider).expect(answers(403));
    await engine.anonymous
      .post(`/api/model-delivery${delivery.path}/samples`)
      .send(batchOf([fine]))
      .expect(answers(401));
  });

  it('are taken once when the same batch comes many times at once, and cleaned up after their time', async () => {
    await delivery.register('v1');
    const batch = batchOf([sampleOf('v1'), sampleOf('v1')]);
    const statuses = await Promise.all(
      Array.from({ length: 8 }, async () => (await push(batch)).status),
    );
    expect(statuses.sort()).toEqual([...Array(7).fill(200), 201]);
    expect(await knex('pushed_samples').pluck('requests')).toEqual([
      2_000, 2_000,
    ]);
    const { body } = await engine
      .as(people.dataScientist)
      .get('/audit?action=samples.began')
      .expect(answers(200));
    expect(
      body.items.map((each: { actor: string; summary: string }) => [
        each.actor,
        each.summary,
      ]),
    ).toEqual([
      [
        'service:pipeline',
        'Began to push samples of what serves in production',
      ],
    ]);
    engine.clock.advance({ hours: 49 });
    await push(batchOf([sampleOf('v1', { requests: 7, errors: 7 })])).expect(
      answers(201),
    );
    await until(
      async () => (await knex('sample_batches').pluck('id')).length === 1,
    );
    expect(await knex('pushed_samples').pluck('requests')).toEqual([7]);
  });

  it('tell what was predicted, in the same share of every interval', async () => {
    await delivery.register('v1');
    const seen = (score: number, requests: number) =>
      sampleOf('v1', { score, requests });
    await push(
      batchOf([seen(0, 2_000), seen(10, 40_000), sampleOf('v1')]),
    ).expect(answers(201));
    const source = new PushedSamplesSource({
      work: { knex, now: () => engine.clock.now() } as UnitOfWork,
      silenceMs: 1,
    });
    const now = engine.clock.now();
    const read = (version: string) =>
      source.read({
        target: {
          model: 'model:default/credit-default',
          environment: 'production',
        },
        version,
        from: new Date(now.getTime() - 600_000),
        to: now,
      });
    const signals = await read('v1');
    // The third interval says nothing of scores
    expect(signals).toMatchObject({ requests: 44_000, scored: 42_000 });
    const low = signals.scores!.filter(each => each < 5).length;
    expect(low / signals.scores!.length).toBeCloseTo(2 / 42, 2);
    expect(signals.scores!.length).toBe(Math.floor((42_000 * 2_900) / 40_000));
    expect(await read('v2')).toEqual({ requests: 0, errors: 0, latencies: [] });
  });

  it('give scores unless their answers come without any', async () => {
    await delivery.register('v1');
    const source = new PushedSamplesSource({
      work: { knex, now: () => engine.clock.now() } as UnitOfWork,
      silenceMs: 60_000,
    });
    const target = {
      model: 'model:default/credit-default',
      environment: 'production',
    };
    const kinds = async () => (await source.gives(target)).kinds.join();
    const all = 'errors,latencies,scores';
    expect((await source.gives()).kinds.join()).toBe(all);
    expect(await kinds()).toBe(all);
    await push(batchOf([sampleOf('v1', { requests: 7, errors: 7 })])).expect(
      answers(201),
    );
    expect(await kinds()).toBe(all);
    await push(batchOf([sampleOf('v1')])).expect(answers(201));
    expect(await source.gives(target)).toEqual({
      kinds: ['errors', 'latencies'],
      remedies: { scores: 'push scores with its samples' },
    });
    await push(batchOf([sampleOf('v1', { score: 1 })])).expect(answers(201));
    expect(await kinds()).toBe(all);
  });

  it('are pushed as the guide says', async () => {
    await delivery.register('v3');
    const [, json] = /-d '(\{[^']+\})'/.exec(guide)!;
    const batch: SampleBatch = JSON.parse(json);
    batch.samples.forEach(sample => {
      sample.from = sampleOf('v3').from;
      sample.to = sampleOf('v3').to;
    });
    const { status } = await push(batch);
    expect(status).toBe(201);
  });
});

describe('a sample of latencies', () => {
  it('takes the same share of each row, to within one of all', () => {
    const take = quotas(0.1);
    const counts = [5, 5, 100, 3, 7, 0, 80].map(take);
    expect(counts).toEqual([0, 1, 10, 0, 1, 0, 8]);
    const whole = quotas(1);
    expect([3, 1, 0].map(whole)).toEqual([3, 1, 0]);
  });

  it('is spread evenly over a row', () => {
    expect(pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 5)).toEqual([1, 3, 5, 7, 9]);
    expect(pick([1, 2], 5)).toEqual([1, 2]);
  });

  it('has quantiles by nearest rank', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2);
    expect(quantile([1, 2, 3, 4], 0.95)).toBe(4);
    expect(quantile([], 0.5)).toBeUndefined();
  });
});
