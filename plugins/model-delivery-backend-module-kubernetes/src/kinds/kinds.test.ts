import { drive, target } from '../__testUtils__/drive';
import { startWorld, versionOf } from '../__testUtils__/startWorld';

jest.setTimeout(60_000);

type Started = Awaited<ReturnType<typeof startWorld>>;

let started: Started;

afterEach(() => started.server.stop());

const { finish, nextKey, prepare, serve, setTraffic } = drive(() => started);

describe('KServe', () => {
  beforeEach(async () => {
    started = await startWorld('KServe');
  });

  it('is told where the artifact is, and never of one that it cannot load', async () => {
    await serve('1');
    const { server } = started;
    expect(server.get('inferenceservices', 'churn')!.spec).toEqual({
      predictor: {
        annotations: {
          'slipway.dev/version': '1',
          'slipway.dev/digest': versionOf('1').digest,
        },
        minReplicas: 1,
        model: {
          modelFormat: { name: 'mlflow' },
          storageUri: 's3://models/churn/1',
        },
      },
    });
    expect(await prepare('../secret')).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('cannot stand in an address'),
    });
  });

  it('goes back after full traffic, and takes a third version after that', async () => {
    await serve('1');
    await serve('2');
    const { server, world } = started;
    expect(await finish(key => setTraffic({ 1: 100 }, key))).toEqual({
      state: 'done',
    });
    expect(world.shares(server, 'churn')).toEqual([
      { version: '1', share: 100 },
    ]);
    await finish(key => prepare('3', key));
    expect(world.shares(server, 'churn')).toEqual([
      { version: '1', share: 100 },
    ]);
    expect(await finish(key => setTraffic({ 3: 5, 1: 95 }, key))).toEqual({
      state: 'done',
    });
    expect(await setTraffic({ 2: 100 })).toMatchObject({
      state: 'failed',
      message: expect.stringContaining(
        'does not hold the version 2 any more; prepare it again',
      ),
    });
  });

  it('tells of what somebody else changed', async () => {
    await serve('1');
    await finish(key => prepare('2', key));
    const { server, deployer } = started;
    server.touch('inferenceservices', 'churn', each => {
      each.spec.predictor.canaryTrafficPercent = 40;
    });
    await deployer.observe(target);
    expect((await deployer.observe(target)).shares).toEqual([
      { version: '2', share: 40 },
      { version: '1', share: 60 },
    ]);
    server.touch('inferenceservices', 'churn', each => {
      each.spec.predictor.model.storageUri = 's3://elsewhere/9';
      delete each.spec.predictor.canaryTrafficPercent;
    });
    await deployer.observe(target);
    expect((await deployer.observe(target)).shares).toEqual([
      { version: 'revision churn-predictor-00003', share: 100 },
    ]);
  });

  it('says so when somebody else interferes while traffic moves', async () => {
    await serve('1');
    await finish(key => prepare('2', key));
    const { server, world } = started;
    world.isLate = true;
    const key = nextKey();
    await prepare('3', key);
    server.touch('inferenceservices', 'churn', each => {
      each.spec.predictor.model.storageUri = 's3://elsewhere/9';
    });
    expect(await prepare('3', key)).toEqual({
      state: 'failed',
      message:
        'Somebody else changed the InferenceService models/churn while Slipway was at work on it',
    });
  });

  it('has to have an object, or be told how to make one', async () => {
    started.server.stop();
    started = await startWorld('KServe', {}, { predictor: undefined });
    expect(await prepare('1')).toMatchObject({
      state: 'failed',
      message: expect.stringContaining(
        'There is no InferenceService models/churn; create it, or set predictor',
      ),
    });
  });

  it('takes whole percent only', async () => {
    await serve('1');
    await finish(key => prepare('2', key));
    expect(await setTraffic({ 2: 0.5, 1: 99.5 })).toEqual({
      state: 'failed',
      message: 'KServe divides traffic by whole percent only',
    });
  });
});

describe('Argo Rollouts', () => {
  beforeEach(async () => {
    started = await startWorld('Argo Rollouts');
  });

  it('changes one container, and goes back to the very template', async () => {
    await serve('1');
    const { server } = started;
    const before = structuredClone(
      server.get('rollouts', 'churn')!.spec.template,
    );
    expect(before.spec.containers[0].env).toEqual([
      { name: 'WORKERS', value: '2' },
      { name: 'MODEL_URI', value: 's3://models/churn/1' },
    ]);
    await serve('2');
    expect(await finish(key => setTraffic({ 1: 100 }, key))).toEqual({
      state: 'done',
    });
    expect(server.get('rollouts', 'churn')!.spec.template).toEqual(before);
    expect(started.world.shares(server, 'churn')).toEqual([
      { version: '1', share: 100 },
    ]);
  });

  it('aborts a canary at once, and can try it again', async () => {
    await serve('1');
    await finish(key => prepare('2', key));
    await finish(key => setTraffic({ 2: 25, 1: 75 }, key));
    expect(await finish(key => setTraffic({ 1: 100 }, key))).toEqual({
      state: 'done',
    });
    const { server, deployer } = started;
    expect(server.get('rollouts', 'churn')!.status.abort).toBe(true);
    expect((await deployer.observe(target)).versions).toEqual([
      { version: '1', ready: true },
      { version: '2', ready: false },
    ]);
    expect(await setTraffic({ 2: 50, 1: 50 })).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('prepare the version again'),
    });
    expect(await finish(key => prepare('2', key))).toEqual({ state: 'done' });
    expect(await finish(key => setTraffic({ 2: 50, 1: 50 }, key))).toEqual({
      state: 'done',
    });
  });

  it('is refused without a traffic router', async () => {
    started.server.touch('rollouts', 'churn', each => {
      delete each.spec.strategy.canary.trafficRouting;
    });
    expect(await prepare('1')).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('can only come near'),
    });
  });

  it('tells of a share that somebody else set, and of pods that are not its own', async () => {
    await serve('1');
    await finish(key => prepare('2', key));
    await finish(key => setTraffic({ 2: 5, 1: 95 }, key));
    const { server, deployer } = started;
    server.touch('rollouts', 'churn', each => {
      each.spec.strategy.canary.steps[0].setWeight = 60;
    });
    await deployer.observe(target);
    expect((await deployer.observe(target)).shares).toEqual([
      { version: '2', share: 60 },
      { version: '1', share: 40 },
    ]);
    server.touch('rollouts', 'churn', each => {
      each.spec.template.metadata.annotations = {};
    });
    for (let times = 0; times < 3; times++) {
      await deployer.observe(target);
    }
    expect((await deployer.observe(target)).shares).toEqual([
      { version: expect.stringMatching(/^pods [0-9a-f]+$/), share: 60 },
      { version: '1', share: 40 },
    ]);
  });
});

describe('Flagger', () => {
  beforeEach(async () => {
    started = await startWorld('Flagger');
  });

  it('is held back while a version is brought up, and tells how far it is', async () => {
    await serve('1');
    const { server, deployer, world } = started;
    await finish(key => prepare('2', key));
    expect(server.get('canaries', 'churn')!.spec.suspend).toBe(true);
    expect(world.shares(server, 'churn')).toEqual([
      { version: '1', share: 100 },
    ]);
    const said: (string | undefined)[] = [];
    const status = await finish(async key => {
      const each = await setTraffic({ 2: 100 }, key);
      said.push('message' in each ? each.message : undefined);
      return each;
    });
    expect(status).toEqual({ state: 'done' });
    expect(said).toContain('Flagger is at work (Progressing, 25 %)');
    expect(await deployer.observe(target)).toEqual({
      shares: [{ version: '2', share: 100 }],
      versions: [
        { version: '1', ready: false },
        { version: '2', ready: true },
      ],
    });
  });

  it('says why it rolled back, and takes the same version again', async () => {
    await serve('1');
    const { server, world } = started;
    (world as unknown as { finds: string }).finds = 'bad';
    await finish(key => prepare('2', key));
    expect(await finish(key => setTraffic({ 2: 100 }, key))).toEqual({
      state: 'failed',
      message:
        'Flagger rolled 2 back: Canary analysis failed, Deployment scaled to zero.',
    });
    expect(world.shares(server, 'churn')).toEqual([
      { version: '1', share: 100 },
    ]);
    (world as unknown as { finds: string }).finds = 'good';
    await serve('2');
    expect(world.shares(server, 'churn')).toEqual([
      { version: '2', share: 100 },
    ]);
  });

  it('goes back without an analysis, and analyses again after that', async () => {
    await serve('1');
    await serve('2');
    const { server, world } = started;
    (world as unknown as { finds: string }).finds = 'good';
    expect(await finish(key => setTraffic({ 1: 100 }, key))).toEqual({
      state: 'done',
    });
    expect(world.shares(server, 'churn')).toEqual([
      { version: '1', share: 100 },
    ]);
    expect(server.get('canaries', 'churn')!.spec).toMatchObject({
      skipAnalysis: false,
      suspend: false,
    });
    expect(
      server.asked.some(({ body }) => body?.spec?.skipAnalysis === true),
    ).toBe(true);
  });

  it('is not told to divide traffic', async () => {
    await serve('1');
    await finish(key => prepare('2', key));
    expect(await setTraffic({ 2: 5, 1: 95 })).toEqual({
      state: 'failed',
      message:
        'Flagger divides the traffic itself, by the analysis of its Canary; use a policy whose rollout is direct',
    });
  });
});
