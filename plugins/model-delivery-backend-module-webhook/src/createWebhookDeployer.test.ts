import { ConfigReader } from '@backstage/config';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  DatabaseDeployerOperations,
  Deployer,
} from '@slipway/backstage-plugin-model-delivery-node';
import { describeDeployerContract } from '@slipway/backstage-plugin-model-delivery-node/testUtils';
import { Knex } from 'knex';
import { DeployService, SECRET } from './__testUtils__/DeployService';
import { readWebhookConnections } from './config';
import { createWebhookDeployer } from './createWebhookDeployer';
import { isSigned } from './signature';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const target = { model: 'model:default/churn', environment: 'production' };
const versionOf = (version: string) => ({
  version,
  digest: `sha256:${version.padEnd(64, '0')}`,
  artifactDigest: `sha256:${'a'.repeat(64)}`,
  parameters: {},
  configuration: [{ name: 'prompts', digest: `p-${version}` }],
  baseModel: 'small-instruct-2',
});

function deployerFor(
  service: DeployService,
  knex: Knex,
  more: object = {},
  now?: () => Date,
): Deployer {
  const [connection] = readWebhookConnections(
    new ConfigReader({
      modelDelivery: {
        webhook: {
          main: {
            url: `${service.url}/deploy`,
            secret: SECRET,
            timeout: { milliseconds: 300 },
            ...more,
          },
        },
      },
    }),
  );
  return createWebhookDeployer({
    connection,
    now,
    operations: DatabaseDeployerOperations.create({
      database: mockServices.database({ knex }),
    }),
  });
}

const start = (more: object) => async () => {
  const service = await DeployService.start();
  const knex = await databases.init('SQLITE_3');
  return {
    deployer: deployerFor(service, knex, more),
    target,
    versions: [versionOf('1'), versionOf('2')] as [
      ReturnType<typeof versionOf>,
      ReturnType<typeof versionOf>,
    ],
    readShares: async () => service.shares,
    readConfiguration: async (version: string) => service.released[version],
    countTrafficMoves: async () => service.trafficMoves,
    beLate: async () => {
      service.isLate = true;
      return async () => {
        service.isLate = false;
      };
    },
    restart: async () => deployerFor(service, knex, more),
    end: async () => service.stop(),
  };
};

describeDeployerContract('A webhook', { start: start({ blueGreen: true }) });
describeDeployerContract('A webhook that cannot divide traffic', {
  start: start({ dividesTraffic: false }),
  candidateShares: [100],
});

describe('a webhook', () => {
  let service: DeployService;
  let knex: Knex;
  let clock: number;
  const now = () => new Date(clock);

  beforeEach(async () => {
    service = await DeployService.start();
    knex = await databases.init('SQLITE_3');
    clock = Date.now();
  });
  afterEach(() => service.stop());

  const prepare = (
    deployer: Deployer,
    operationKey = 'promotion-7:prepare:1',
  ) => deployer.prepare({ operationKey, target, version: versionOf('2') });
  const answers = (status: number, body = '', headers = {}) => {
    service.answerInstead = (_, response) => {
      response.writeHead(status, headers).end(body);
      return true;
    };
  };

  it('is told everything about an operation, signed, and the same again when an answer got lost', async () => {
    const deployer = deployerFor(service, knex, {}, now);
    service.answerInstead = (_, response) => {
      response.destroy();
      return true;
    };
    expect(await prepare(deployer)).toMatchObject({
      state: 'pending',
      message: expect.stringContaining('The webhook main cannot be reached'),
      askAgainAfterSeconds: 2,
    });
    service.answerInstead = () => false;
    clock += 2_000;
    expect(await prepare(deployer)).toEqual({ state: 'done' });
    const [first, second] = service.deliveries;
    expect(JSON.parse(first.body)).toEqual({
      operationKey: 'promotion-7:prepare:1',
      startedAt: expect.any(String),
      model: 'model:default/churn',
      environment: 'production',
      operation: 'prepare',
      version: versionOf('2'),
    });
    expect(first.headers['idempotency-key']).toBe('promotion-7:prepare:1');
    expect(second.body).toBe(first.body);
    expect(second.headers['x-slipway-delivery-id']).toBe(
      first.headers['x-slipway-delivery-id'],
    );
    const { headers, body } = second;
    expect(isSigned(SECRET, headers, body, now())).toBe(true);
    expect(isSigned(SECRET, headers, `${body} `, now())).toBe(false);
    expect(isSigned(`${SECRET}!`, headers, body, now())).toBe(false);
    clock += 301_000;
    expect(isSigned(SECRET, headers, body, now())).toBe(false);
  });

  it('is tried again with growing pauses, and not before they are over', async () => {
    const deployer = deployerFor(service, knex, { attempts: 4 }, now);
    answers(503, 'down for a minute');
    const pauses = [];
    for (let i = 0; i < 3; i++) {
      const status = await prepare(deployer);
      expect(status).toMatchObject({
        message: 'The webhook main answered with status 503: down for a minute',
      });
      const { askAgainAfterSeconds = 0 } = status as {
        askAgainAfterSeconds?: number;
      };
      pauses.push(askAgainAfterSeconds);
      clock += askAgainAfterSeconds * 1000 - 1;
      expect(await prepare(deployer)).toMatchObject({ state: 'pending' });
      clock += 1;
    }
    expect(pauses).toEqual([2, 4, 8]);
    expect(service.deliveries).toHaveLength(3);
    await expect(prepare(deployer)).rejects.toThrow(
      'status 503: down for a minute (4 times in a row)',
    );
    service.answerInstead = () => false;
    expect(await prepare(deployer)).toEqual({ state: 'done' });
  });

  it('is left alone for as long as it asks', async () => {
    const deployer = deployerFor(service, knex, {}, now);
    answers(429, '', { 'retry-after': '120' });
    expect(await prepare(deployer)).toMatchObject({
      askAgainAfterSeconds: 120,
    });
    const other = deployerFor(service, knex, {}, now);
    answers(503, '', { 'retry-after': '999999' });
    expect(await prepare(other, 'another')).toMatchObject({
      askAgainAfterSeconds: 300,
    });
  });

  it('is asked for the status of what it accepted, where the configuration says', async () => {
    const statusUrl = `${service.url}/status/\${operationKey}`;
    const deployer = deployerFor(service, knex, { statusUrl }, now);
    answers(
      202,
      JSON.stringify({ state: 'pending', message: 'Image pulled' }),
      {
        location: 'http://169.254.169.254/latest',
      },
    );
    expect(await prepare(deployer)).toEqual({
      state: 'pending',
      message: 'Image pulled',
      askAgainAfterSeconds: 5,
    });
    answers(200, JSON.stringify({ state: 'failed', message: 'No GPU left' }));
    expect(await prepare(deployer)).toEqual({
      state: 'failed',
      message: 'The webhook main refused the operation: No GPU left',
    });
    expect(service.deliveries.map(each => [each.method, each.url])).toEqual([
      ['POST', '/deploy'],
      ['GET', '/status/promotion-7%3Aprepare%3A1'],
    ]);
    const [, poll] = service.deliveries;
    expect(isSigned(SECRET, poll.headers, '', now())).toBe(true);
  });

  it.each([400, 409, 422])('can say no with %s', async status => {
    answers(status, 'Version 2 is blocked\nby   the owner');
    expect(await prepare(deployerFor(service, knex))).toEqual({
      state: 'failed',
      message:
        'The webhook main refused the operation: Version 2 is blocked by the owner',
    });
  });

  it.each([301, 401, 404])('needs a person at status %s', async status => {
    answers(status, 'x'.repeat(5000), { location: 'http://example.com/' });
    const error = await prepare(deployerFor(service, knex)).catch(e => e);
    expect(error.message).toContain(`answered with status ${status}: xxx`);
    expect(error.message).toContain('see modelDelivery.webhook.main.url');
    expect(error.message.length).toBeLessThan(500);
    expect(service.deliveries).toHaveLength(1);
  });

  it('cannot keep the engine by answering late, in drops or without end', async () => {
    const deployer = deployerFor(service, knex);
    service.answerInstead = () => true;
    expect(await prepare(deployer, 'late')).toMatchObject({
      state: 'pending',
      message: 'The webhook main did not answer within 0.3 s',
    });
    service.answerInstead = (_, response) => {
      const drop = setInterval(() => response.write('.'), 20);
      response.once('close', () => clearInterval(drop));
      return true;
    };
    expect(await prepare(deployer, 'drops')).toMatchObject({
      message: 'The webhook main did not answer within 0.3 s',
    });
    answers(200, 'x'.repeat(100_000));
    expect(await prepare(deployer, 'endless')).toMatchObject({
      message: 'The webhook main answered with more than 65536 bytes',
    });
  });
});
