import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import {
  DatabaseDeployerOperations,
  Deployer,
} from '@slipway/backstage-plugin-model-delivery-node';
import { describeDeployerContract } from '@slipway/backstage-plugin-model-delivery-node/testUtils';
import { Knex } from 'knex';
import { FakeCi } from './__testUtils__/FakeCi';
import { FakeGitHub } from './__testUtils__/FakeGitHub';
import { FakeJenkins } from './__testUtils__/FakeJenkins';
import { platforms } from './__testUtils__/platforms';
import { readCiJobConnections } from './config';
import { createCiJobDeployer } from './createCiJobDeployer';

jest.setTimeout(60_000);

const outOfReach = (name: string) => ({
  state: 'pending',
  message: expect.stringContaining(`${name} cannot be reached`),
});

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const target = { model: 'model:default/churn', environment: 'production' };
const versionOf = (version: string) => ({
  version,
  digest: `sha256:${version.padEnd(64, '0')}`,
  artifactUri: `models:/churn/${version}`,
  artifactDigest: `sha256:${'a'.repeat(64)}`,
  parameters: {},
});

function deployerWith(
  settings: object,
  knex: Knex,
  now?: () => Date,
): Deployer {
  const [connection] = readCiJobConnections(
    new ConfigReader({ modelDelivery: { ciJob: { main: settings } } }),
  );
  return createCiJobDeployer({
    connection,
    now,
    operations: DatabaseDeployerOperations.create({
      database: mockServices.database({ knex }),
    }),
  });
}

describe.each(platforms)('a job of $name', ({ name, start, settings }) => {
  describeDeployerContract(name, {
    async start() {
      const ci = await start();
      const knex = await databases.init('SQLITE_3');
      const deploy = () => deployerWith(settings(ci), knex);
      return {
        deployer: deploy(),
        target,
        versions: [versionOf('1'), versionOf('2')],
        readShares: async () => ci.shares,
        countTrafficMoves: async () => ci.trafficMoves,
        beLate: async () => {
          ci.isLate = true;
          return async () => {
            ci.isLate = false;
          };
        },
        restart: async () => deploy(),
        end: async () => ci.stop(),
      };
    },
  });

  let ci: FakeCi;
  let knex: Knex;
  let clock: number;
  let deployer: Deployer;

  beforeEach(async () => {
    ci = await start();
    knex = await databases.init('SQLITE_3');
    clock = Date.now();
    deployer = deployerWith(settings(ci), knex, () => new Date(clock));
  });
  afterEach(() => ci.stop());

  const prepare = (operationKey = 'promotion-7:prepare:1', version = '2') =>
    deployer.prepare({ operationKey, target, version: versionOf(version) });
  const setTraffic = (operationKey: string, version: string) =>
    deployer.setTraffic({
      operationKey,
      target,
      shares: [{ version, share: 100 }],
    });
  const settle = async (ask: () => ReturnType<typeof prepare>) => {
    for (let i = 0; i < 20; i++) {
      const status = await ask();
      if (status.state !== 'pending') return status;
    }
    throw new Error('It stayed pending');
  };

  it('is told everything, and asked about in peace', async () => {
    ci.isLate = true;
    expect(await prepare()).toMatchObject({
      state: 'pending',
      message: 'The job was triggered',
      askAgainAfterSeconds: 15,
    });
    expect(deployer.operationLimitSeconds).toBe(6 * 3600);
    const [{ inputs }] = ci.runs;
    expect(inputs.SLIPWAY_OPERATION).toMatch(/^slipway-[0-9a-f]{24}$/);
    expect(JSON.parse(inputs.SLIPWAY_REQUEST)).toEqual({
      operationKey: 'promotion-7:prepare:1',
      model: 'model:default/churn',
      environment: 'production',
      operation: 'prepare',
      version: versionOf('2'),
    });
  });

  it('is found again after the answer to its start got lost', async () => {
    ci.loseStart = 'after';
    expect(await prepare()).toMatchObject(outOfReach(name));
    ci.loseStart = undefined;
    expect(await settle(prepare)).toEqual({ state: 'done' });
    expect(ci.runs).toHaveLength(1);
  });

  it('is started again when its start got lost, once it surely would have appeared', async () => {
    ci.loseStart = 'before';
    expect(await prepare()).toMatchObject(outOfReach(name));
    ci.loseStart = undefined;
    expect(await prepare()).toMatchObject({ state: 'pending' });
    expect(ci.runs).toHaveLength(0);
    clock += 121_000;
    expect(await settle(prepare)).toEqual({ state: 'done' });
    expect(ci.runs).toHaveLength(1);
  });

  it('outlives a platform that is out of order for a while, and says so when it stays so', async () => {
    ci.isLate = true;
    await prepare();
    await prepare();
    ci.isDown = true;
    const down = {
      state: 'pending',
      message: expect.stringContaining(`${name} answered with status 503`),
      askAgainAfterSeconds: 15,
    };
    expect(await prepare()).toMatchObject(down);
    clock += 14 * 60_000;
    expect(await prepare()).toMatchObject(down);
    ci.isDown = false;
    expect(await prepare()).toMatchObject({
      state: 'pending',
      message: expect.stringContaining('The job is'),
    });
    ci.isDown = true;
    expect(await prepare()).toMatchObject(down);
    clock += 15 * 60_000;
    await expect(prepare()).rejects.toThrow('answered with status 503');
    ci.isDown = false;
    ci.isLate = false;
    expect(await settle(prepare)).toEqual({ state: 'done' });
    expect(ci.runs).toHaveLength(1);
  });

  it('fails the operation when somebody deletes it, and keeps none from following', async () => {
    ci.isLate = true;
    await prepare();
    await prepare();
    ci.forget(ci.runs[0].id);
    expect(await prepare()).toEqual({
      state: 'failed',
      message: expect.stringContaining('was deleted'),
    });
    ci.isLate = false;
    await settle(() => prepare('p1', '1'));
    ci.isLate = true;
    await setTraffic('t1', '1');
    await setTraffic('t1', '1');
    ci.forget(ci.runs[0].id);
    ci.isLate = false;
    expect(await settle(() => setTraffic('t2', '1'))).toEqual({
      state: 'done',
    });
  });

  it('fails the operation when it fails', async () => {
    ci.outcome = 'failed';
    expect(await settle(prepare)).toEqual({
      state: 'failed',
      message: expect.stringMatching(
        /^The job ended: (failure|failed|FAILURE) \(https:\/\/.*\d+\/?\)$/,
      ),
    });
    expect((await deployer.observe(target)).versions).toEqual([]);
  });

  it('is cancelled and awaited when a later one takes its place', async () => {
    await settle(() => prepare('p1', '1'));
    await settle(() => prepare('p2', '2'));
    ci.isLate = true;
    await setTraffic('t2', '2');
    await setTraffic('t2', '2');
    const [overtaken] = ci.runs;
    expect(await setTraffic('t1', '1')).toMatchObject({
      message: expect.stringContaining('An earlier job is being cancelled'),
    });
    expect(overtaken.state).toBe('cancelled');
    ci.isLate = false;
    expect(await settle(() => setTraffic('t1', '1'))).toEqual({
      state: 'done',
    });
    expect(ci.shares).toEqual([{ version: '1', share: 100 }]);
    expect(await setTraffic('t2', '2')).toMatchObject({ state: 'failed' });
  });

  it('is not started with wrong credentials, and that is said', async () => {
    const wrong = JSON.parse(
      JSON.stringify(settings(ci)).replace(
        /gh-token|glptt-token|jenkins-token/,
        'wrong',
      ),
    );
    deployer = deployerWith(wrong, knex, () => new Date(clock));
    for (let times = 0; times < 2; times++) {
      const error = await prepare().catch(e => e);
      expect(error.message).toMatch(
        new RegExp(`^${name} answered with status 40[14] when asked to`),
      );
    }
    expect(ci.runs).toEqual([]);
  });
});

describe('a job', () => {
  it('whose run cannot be told apart is not awaited for ever', async () => {
    const ci = (await new FakeGitHub().start()) as FakeGitHub;
    ci.isMarked = false;
    let clock = Date.now();
    const deployer = deployerWith(
      platforms[0].settings(ci),
      await databases.init('SQLITE_3'),
      () => new Date(clock),
    );
    const version = versionOf('2');
    const prepare = () =>
      deployer.prepare({ operationKey: 'p', target, version });
    await prepare();
    expect(await prepare()).toMatchObject({ state: 'pending' });
    clock += 121_000;
    expect(await prepare()).toEqual({
      state: 'failed',
      message: expect.stringContaining(
        'the job has to carry SLIPWAY_OPERATION where the README says',
      ),
    });
    expect(ci.runs).toHaveLength(1);
    ci.stop();
  });

  it('is found by its mark when Jenkins has forgotten how it left the queue', async () => {
    const ci = (await new FakeJenkins().start()) as FakeJenkins;
    const deployer = deployerWith(
      platforms[2].settings(ci),
      await databases.init('SQLITE_3'),
    );
    const version = versionOf('2');
    const prepare = () =>
      deployer.prepare({ operationKey: 'p', target, version });
    await prepare();
    expect(await prepare()).toMatchObject({ message: 'The job is queued' });
    ci.runs[0].state = 'running';
    ci.forgetsItems = true;
    expect(await prepare()).toMatchObject({
      state: 'pending',
      message: expect.stringContaining('The job is building (https://'),
    });
    expect(await prepare()).toEqual({ state: 'done' });
    ci.stop();
  });

  it('that was taken out of the queue of Jenkins has failed', async () => {
    const ci = (await new FakeJenkins().start()) as FakeJenkins;
    const deployer = deployerWith(
      platforms[2].settings(ci),
      await databases.init('SQLITE_3'),
    );
    const version = versionOf('2');
    const prepare = () =>
      deployer.prepare({ operationKey: 'p', target, version });
    await prepare();
    await prepare();
    ci.takeOut(ci.runs[0].id);
    expect(await prepare()).toEqual({
      state: 'failed',
      message: 'The job ended: cancelled in the queue',
    });
    ci.stop();
  });

  it('does only what it is there for', async () => {
    const ci = await new FakeGitHub().start();
    const deployer = deployerWith(
      {
        ...platforms[0].settings(ci),
        operations: ['setTraffic'],
        dividesTraffic: false,
      },
      await databases.init('SQLITE_3'),
    );
    const version = versionOf('2');
    expect(
      await deployer.prepare({ operationKey: 'p', target, version }),
    ).toEqual({ state: 'done' });
    expect(
      await deployer.setTraffic({
        operationKey: 't',
        target,
        shares: [
          { version: '2', share: 50 },
          { version: '2b', share: 50 },
        ],
      }),
    ).toMatchObject({ state: 'failed' });
    expect(ci.requests).toEqual([]);
    ci.stop();
  });
});

it.each([
  [{}, 'main must have exactly one of github, gitlab, jenkins; it has none'],
  [
    { github: { repository: '../x', workflow: 'd', ref: 'm', token: 't' } },
    'main.github.repository is "../x"',
  ],
  [
    { jenkins: { baseUrl: 'jenkins', job: 'j', username: 'u', token: 't' } },
    'main.jenkins.baseUrl is "jenkins"',
  ],
  [
    { operations: ['deploy'], jenkins: {} },
    'main.operations has "deploy"; prepare, setTraffic, release are known',
  ],
])('refuses a mistake by its key: %j', (main, message) => {
  expect(() =>
    readCiJobConnections(
      new ConfigReader({ modelDelivery: { ciJob: { main } } }),
    ),
  ).toThrow(message);
});
