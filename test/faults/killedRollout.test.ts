import { createHash } from 'node:crypto';
import { KillableEngine } from './KillableEngine';
import { KilledEngine, startKilledEngine } from './KilledEngine';
import { randomFrom, seedOf } from './random';

const postgres =
  process.env.BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING;
const MODEL = '/models/default/survivor';
const KILLS = 6;

type Promotion = {
  id: string;
  state: string;
  revision: number;
  error: { message: string } | null;
  approval: { subject: { digest: string } };
  rollout: {
    steps: { state: string; analysis: { explanation: string }[] }[];
  } | null;
};
type Serving = {
  items: { version: string; share: number; endedAt: string | null }[];
};

(postgres ? describe : describe.skip)(
  `a rollout whose engine is killed again and again${
    postgres ? '' : ' (skipped: no PostgreSQL)'
  }`,
  () => {
    const seed = seedOf(process.env.SLIPWAY_FAULT_SEED);
    let killed: KilledEngine | undefined;
    let traffic: { stop(): Promise<{ answered: number }> } | undefined;

    beforeAll(async () => {
      killed = await startKilledEngine(postgres!);
    });
    afterAll(async () => {
      await traffic?.stop();
      await killed?.end();
    });

    it(`ends where it would have ended, each step done once (SLIPWAY_FAULT_SEED=${seed})`, async () => {
      const { engine, knex } = killed!;
      const random = randomFrom(seed);
      for (const version of ['1', '2']) {
        await register(engine, version);
      }
      await promote(engine, '1', 'staging');
      await promote(engine, '1', 'production', 'user:default/tess');
      await promote(engine, '2', 'staging');
      traffic = sendTraffic(await endpointOf(engine));

      const asked = await engine.call<Promotion>('POST', '/promotions', {
        model: 'model:default/survivor',
        version: '2',
        environment: 'production',
      });
      for (let i = 0; i < KILLS; i++) {
        await new Promise(resolve => setTimeout(resolve, random() * 2_500));
        await engine.kill();
        await engine.start();
      }
      let ended = await waitFor(engine, asked.id, isOver);
      let resumed = 0;
      for (; ended.state === 'paused' && resumed < 3; resumed++) {
        // While the engine was down no traffic passed: too little to judge by is never a pass. A person goes on.
        await engine.call('POST', `/promotions/${asked.id}/transitions`, {
          event: 'resume',
          revision: ended.revision,
        });
        ended = await waitFor(engine, asked.id, isOver);
      }
      expect(stepsOf(ended)).toEqual(['passed', 'passed', 'passed']);
      expect(ended).toMatchObject({ state: 'succeeded', error: null });
      const { answered } = await traffic.stop();
      traffic = undefined;
      expect(answered).toBeGreaterThan(100);

      const serving = await engine.call<Serving>('GET', `${MODEL}/serving`);
      expect(serving.items).toMatchObject([{ version: '2', share: 100 }]);
      const history = await engine.call<Serving>(
        'GET',
        `${MODEL}/deployments?environment=production`,
      );
      expect(
        history.items.map(each => [each.version, each.endedAt === null]),
      ).toEqual([
        ['2', true],
        ['1', false],
      ]);

      // Each change is told once: no doubled step, no gap, no leaf that is not what was written
      const entries: { index: string; leaf: string; leaf_hash: string }[] =
        await knex('audit_entries').orderBy('index');
      entries.forEach((entry, index) => {
        expect(Number(entry.index)).toBe(index);
        expect(entry.leaf_hash).toBe(
          createHash('sha256').update('\0').update(entry.leaf).digest('hex'),
        );
      });
      const told = entries
        .map(entry => JSON.parse(entry.leaf))
        .filter(leaf => leaf.subject === `promotion:${asked.id}`)
        .map(leaf => leaf.summary);
      // A step that a person has repeated is rightly told again
      expect(told.length - new Set(told).size).toBeLessThanOrEqual(resumed);
      expect(await knex('environment_locks')).toEqual([]);
    });
  },
);

const isOver = (state: string) => state === 'succeeded' || state === 'paused';

/** The state of each step; why it was judged so where that is not a pass. */
function stepsOf(promotion: Promotion): string[] {
  return promotion.rollout!.steps.map(step =>
    step.state === 'passed'
      ? step.state
      : `${step.state}: ${step.analysis
          .map(each => each.explanation)
          .join('; ')}`,
  );
}

async function register(engine: KillableEngine, version: string) {
  await engine.call('POST', `${MODEL}/versions`, {
    version,
    parts: {
      code: { commit: version.repeat(40) },
      data: [{ name: 'rows', version }],
      artifact: {
        digest: `sha256:${version.repeat(64)}`,
        uri: `test:survivor/${version}`,
      },
      configuration: [],
      parameters: {},
      trainedBy: 'user:default/dana',
    },
  });
  await engine.call('POST', `${MODEL}/versions/${version}/evaluations`, {
    id: `tests-${version}`,
    fact: 'tests',
    measuredAt: new Date().toISOString(),
    metrics: [{ name: 'failed', value: 0 }],
  });
}

async function promote(
  engine: KillableEngine,
  version: string,
  environment: string,
  approver?: string,
) {
  const { id } = await engine.call<Promotion>('POST', '/promotions', {
    model: 'model:default/survivor',
    version,
    environment,
  });
  if (approver) {
    const asked = await waitFor(
      engine,
      id,
      state => state === 'awaiting-approval',
    );
    await engine.call(
      'POST',
      `/promotions/${id}/decisions`,
      {
        decision: 'approve',
        role: 'team-lead',
        subjectDigest: asked.approval.subject.digest,
        revision: asked.revision,
      },
      approver,
    );
  }
  await waitFor(engine, id, state => state === 'succeeded');
}

async function waitFor(
  engine: KillableEngine,
  id: string,
  wanted: (state: string) => boolean,
): Promise<Promotion> {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const promotion = await engine.call<Promotion>('GET', `/promotions/${id}`);
    if (wanted(promotion.state)) {
      return promotion;
    }
    if (Date.now() > deadline) {
      throw new Error(
        `Promotion ${id} is still ${promotion.state}: ${JSON.stringify(
          promotion.error,
        )}`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}

async function endpointOf(engine: KillableEngine): Promise<string> {
  const model = await engine.call<{
    environments: { name: string; endpoint: string | null }[];
  }>('GET', MODEL);
  return model.environments.find(each => each.name === 'production')!.endpoint!;
}

/** Asks for predictions until it is stopped, whatever happens to the engine meanwhile. */
function sendTraffic(endpoint: string) {
  let running = true;
  let answered = 0;
  const done = (async () => {
    while (running) {
      await fetch(endpoint, { method: 'POST', body: '{}' })
        .then(async response => {
          await response.arrayBuffer();
          answered += response.ok ? 1 : 0;
        })
        .catch(() => {});
      await new Promise(resolve => setTimeout(resolve, 10));
    }
  })();
  return {
    async stop() {
      running = false;
      await done;
      return { answered };
    },
  };
}
