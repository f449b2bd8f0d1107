import { FakeDeployer } from '../__testUtils__/FakeDeployer';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';
import { answerInTime, readInTime } from './answerInTime';

jest.setTimeout(60_000);

const target = {
  model: 'model:default/credit-default',
  environment: 'staging',
};
const NEVER = new Promise<void>(() => {});

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('what does not answer in time, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let engine: TestEngine;
  let delivery: TestDelivery;
  let id: string;

  beforeEach(async () => {
    engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [modelEntity('credit-default')],
      config: {
        modelDelivery: {
          workers: {
            pollInterval: { milliseconds: 50 },
            answerLimit: { milliseconds: 300 },
          },
        },
      },
    });
    delivery = new TestDelivery(engine);
    await delivery.register('v1');
    await delivery.stage('v1');
    await delivery.register('v2');
  });
  afterEach(() => engine.stop());

  /** Asks for v2 in staging while answers are held back, and waits until that was trouble. */
  async function promote(hold: FakeDeployer['holdAnswer']) {
    engine.deployer.holdAnswer = hold;
    const { body } = await delivery
      .request('v2', 'staging')
      .expect(answers(201));
    id = body.id;
    return delivery.until(id, 'errored');
  }

  it('is technical trouble, and tried again with pauses until a person has to look', async () => {
    const errored = await promote(operation =>
      operation === 'prepare v2' ? NEVER : undefined,
    );
    expect(errored.error).toMatchObject({
      message: "The deployer 'fake' has not answered for 0.3 s",
      attempts: 1,
      retryAt: '2026-11-21T09:00:05.000Z',
    });
    for (const [before, seconds] of [5, 10, 20, 40].entries()) {
      engine.clock.advance({ seconds });
      await delivery.until(
        id,
        promotion => promotion.error?.attempts === before + 2,
      );
    }
    const given = await delivery.get(id);
    expect(given.error?.retryAt).toBeNull();
    expect(given.allowedEvents).toContain('retry');
    const prepared = engine.deployer.performed.filter(
      each => each === 'prepare v2',
    );
    expect(prepared).toHaveLength(1);

    engine.deployer.holdAnswer = () => undefined;
    await delivery.transition(id, 'retry');
    await delivery.until(id, 'succeeded');
  });

  it('is ignored when it answers later, and when it answers twice', async () => {
    const late: (() => void)[] = [];
    await promote(operation =>
      operation === 'traffic v2=100' && late.length < 2
        ? new Promise(
            (resolve, reject) =>
              void late.push(
                late.length === 0 ? resolve : () => reject(new Error('late')),
              ),
          )
        : undefined,
    );
    // The first answer arrives while the second is waited for, which fails too late to matter
    engine.clock.advance({ seconds: 6 });
    await delivery.until(id, ({ error }) => error?.attempts === 2);
    expect(late).toHaveLength(2);
    late[0]();
    expect((await delivery.get(id)).state).toBe('errored');
    engine.clock.advance({ seconds: 11 });
    await delivery.until(id, 'succeeded');
    late[1]();
    late[0]();
    await new Promise(resolve => setTimeout(resolve, 200));
    const after = await delivery.get(id);
    expect([after.state, after.error]).toEqual(['succeeded', null]);
    expect(engine.deployer.performed).toEqual([
      'prepare v1',
      'traffic v1=100',
      'prepare v2',
      'traffic v2=100',
    ]);
    expect(engine.deployer.sharesOf(target)).toEqual([
      { version: 'v2', share: 100 },
    ]);
  });

  it('does not keep the engine from stopping', async () => {
    let asked: () => void;
    const hangs = new Promise<void>(resolve => {
      asked = resolve;
    });
    engine.deployer.holdAnswer = operation => {
      if (operation !== 'prepare v2') return undefined;
      asked();
      return NEVER;
    };
    await delivery.request('v2', 'staging').expect(answers(201));
    await hangs;
    const before = Date.now();
    await engine.stop();
    expect(Date.now() - before).toBeLessThan(5_000);
  });
});

describe('an answer in time', () => {
  it('is that of the deployer, whose abilities show as they are', async () => {
    const deployer = new FakeDeployer();
    deployer.setMirror = undefined;
    const timely = answerInTime(deployer, 1_000);
    expect([timely.id, timely.blueGreen, timely.setMirror]).toEqual([
      'fake',
      true,
      undefined,
    ]);
    deployer.operationLimitSeconds = 7;
    expect(timely.operationLimitSeconds).toBe(7);
    await timely.setTraffic({
      operationKey: '1',
      target,
      shares: [{ version: 'v1', share: 100 }],
    });
    expect((await timely.observe(target)).shares).toEqual([
      { version: 'v1', share: 100 },
    ]);
  });

  it('counts errors that are thrown at once as those that come later', async () => {
    const deployer = new FakeDeployer();
    deployer.release = () => {
      throw new Error('no way');
    };
    await expect(
      answerInTime(deployer, 1_000).release({
        operationKey: '1',
        target,
        version: 'v1',
      }),
    ).rejects.toThrow('no way');
  });

  it('is waited for from each question of a metrics source', async () => {
    const source = new FakeDeployer();
    source.beforeRead = () => NEVER;
    source.holdAnswer = () => NEVER;
    const timely = readInTime(source, 20);
    const span = { target, version: 'v1', from: new Date(0), to: new Date(1) };
    for (const asked of [
      timely.watches(target),
      timely.read(span),
      timely.readSeries({ ...span, bucketSeconds: 1 }),
      timely.readComparison!(span),
    ]) {
      await expect(asked).rejects.toThrow(
        "The metrics source 'fake' has not answered for",
      );
    }
    source.readComparison = undefined;
    expect(timely.readComparison).toBeUndefined();
  });
});
