import { refuse } from './__testUtils__/FakeApiServer';
import { drive, target } from './__testUtils__/drive';
import { startWorld } from './__testUtils__/startWorld';
import { TOKEN } from './__testUtils__/worlds';

jest.setTimeout(60_000);

type Started = Awaited<ReturnType<typeof startWorld>>;

let started: Started;

afterEach(() => started.server.stop());

const { finish, nextKey, prepare, serve, setTraffic } = drive(() => started);

describe('an API server', () => {
  beforeEach(async () => {
    started = await startWorld('KServe');
  });

  it('that changed the object meanwhile is read again, and the traffic moves once', async () => {
    await serve('1');
    await finish(key => prepare('2', key));
    const { server, world } = started;
    const before = world.moves(server);
    let interferes = 2;
    server.beforeChange = () => {
      interferes -= 1;
      if (interferes >= 0) {
        server.touch('inferenceservices', 'churn', each => {
          each.metadata.annotations!.another = String(interferes);
        });
      }
    };
    expect(await finish(key => setTraffic({ 1: 75, 2: 25 }, key))).toEqual({
      state: 'done',
    });
    expect(world.shares(server, 'churn')).toEqual([
      { version: '2', share: 25 },
      { version: '1', share: 75 },
    ]);
    // Two were refused by 409, one took
    expect(world.moves(server) - before).toBe(3);
    expect(
      server.get('inferenceservices', 'churn')!.metadata.annotations!.another,
    ).toBe('0');
  });

  it('that was told, and whose answer got lost, is not told again', async () => {
    await serve('1');
    await finish(key => prepare('2', key));
    const { server, world } = started;
    const before = world.moves(server);
    // The change arrives, then the connection breaks
    const key = nextKey();
    server.beforeChange = () => {
      server.beforeChange = undefined;
      server.touch('inferenceservices', 'churn', each => {
        each.spec.predictor.canaryTrafficPercent = 25;
        each.metadata.annotations!['slipway.dev/operation'] = key;
      });
    };
    await setTraffic({ 1: 75, 2: 25 }, key);
    started.deployer = started.deploy();
    for (let times = 0; times < 5; times++) {
      await setTraffic({ 1: 75, 2: 25 }, key);
    }
    expect(await setTraffic({ 1: 75, 2: 25 }, key)).toEqual({ state: 'done' });
    // Its own change was refused by 409, and not made again
    expect(world.moves(server) - before).toBe(1);
  });

  it.each([
    [500, 'The cluster main answered with status 500'],
    [503, 'The cluster main answered with status 503'],
    [429, 'The cluster main answered with status 429'],
  ])('that answers %s is asked again', async (code, message) => {
    const { server } = started;
    const key = nextKey();
    server.answerInstead = (_, response) => {
      refuse(response, code, 'etcdserver: leader changed');
      return true;
    };
    expect(await prepare('1', key)).toEqual({
      state: 'pending',
      message,
      askAgainAfterSeconds: 3,
    });
    server.answerInstead = undefined;
    await prepare('1', key);
    expect(await prepare('1', key)).toEqual({ state: 'done' });
  });

  it('that answers late, breaks off or never answers does not keep the engine', async () => {
    const { server } = started;
    const key = nextKey();
    server.answerInstead = () => true;
    expect(await prepare('1', key)).toMatchObject({
      state: 'pending',
      message: 'The cluster main did not answer within 0.5 s',
    });
    server.answerInstead = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"metadata":');
      setTimeout(() => response.destroy(), 20);
      return true;
    };
    expect(await prepare('1', key)).toMatchObject({
      state: 'pending',
      message: 'The cluster main cannot be reached, or broke off its answer',
    });
    server.answerInstead = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      return true;
    };
    expect(await prepare('1', key)).toMatchObject({ state: 'pending' });
  });

  it('that stays out of reach needs a person', async () => {
    const { server, clock } = started;
    server.answerInstead = (_, response) => {
      response.destroy();
      return true;
    };
    const key = nextKey();
    expect(await prepare('1', key)).toMatchObject({ state: 'pending' });
    clock.now += 599_000;
    expect(await prepare('1', key)).toMatchObject({ state: 'pending' });
    clock.now += 2_000;
    await expect(prepare('1', key)).rejects.toThrow('cannot be reached');
  });

  it.each([401, 403])(
    'that answers %s is told with what it forbids, and never with the token',
    async code => {
      started.server.answerInstead = (_, response) => {
        refuse(
          response,
          code,
          'inferenceservices "churn" is forbidden: User "slipway" cannot get',
        );
        return true;
      };
      const error = await prepare('1').catch(each => each);
      expect(error.message).toContain(
        'does not let Slipway at the InferenceService models/churn',
      );
      expect(JSON.stringify([error.message, error.stack])).not.toContain(TOKEN);
      expect(started.server.asked[0].token).toBe(`Bearer ${TOKEN}`);
    },
  );

  it('whose admission refuses ends the operation with its words', async () => {
    started.server.answerInstead = ({ method }, response) => {
      if (method === 'POST') {
        refuse(response, 422, 'minReplicas must not exceed the quota');
      }
      return method === 'POST';
    };
    expect(await prepare('1')).toEqual({
      state: 'failed',
      message:
        'The cluster main refused the InferenceService models/churn: minReplicas must not exceed the quota',
    });
  });
});

describe('an object of somebody else', () => {
  const unnamed = { name: undefined, model: undefined };
  const foreign = {
    spec: { predictor: { model: { storageUri: 's3://other/1' } } },
  };

  it('is left alone and not told of, unless it carries the label', async () => {
    started = await startWorld('KServe', {}, unnamed);
    const { server } = started;
    server.put('inferenceservices', 'churn', foreign);
    expect(await prepare('1')).toEqual({
      state: 'failed',
      message:
        'The InferenceService models/churn is not Slipway\'s: name it in the configuration, or give it the label slipway.dev/managed: "true"',
    });
    expect(await started.deployer.observe(target)).toEqual({
      shares: [],
      versions: [],
    });
    expect(server.asked.every(({ method }) => method === 'GET')).toBe(true);
    server.touch('inferenceservices', 'churn', each => {
      each.metadata.labels = { 'slipway.dev/managed': 'true' };
    });
    expect(await finish(key => prepare('1', key))).toEqual({ state: 'done' });
  });

  it('of a name that Kubernetes does not take is never asked for', async () => {
    started = await startWorld('KServe', {}, unnamed);
    for (const name of ['a_b', '..', 'x'.repeat(64), 'a/b', 'churn%2f']) {
      expect(
        started.deployer.serves({
          model: `model:default/${name}`,
          environment: 'production',
        }),
      ).toBe(false);
    }
    expect(started.server.asked).toEqual([]);
  });
});
