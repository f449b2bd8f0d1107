import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  Deployer,
  deployersExtensionPoint,
} from '@slipway/backstage-plugin-model-delivery-node';
import request from 'supertest';
import { DeployService, SECRET } from './__testUtils__/DeployService';
import module from './index';
import { signedHeaders } from './signature';

async function startWith(data: object) {
  const deployers: Deployer[] = [];
  const engine = createBackendPlugin({
    pluginId: 'model-delivery',
    register(env) {
      env.registerExtensionPoint(deployersExtensionPoint, {
        addDeployer: deployer => deployers.push(deployer),
      });
      env.registerInit({ deps: {}, async init() {} });
    },
  });
  const backend = await startTestBackend({
    features: [engine, module, mockServices.rootConfig.factory({ data })],
  });
  return {
    server: backend.server,
    stop: () => backend.stop(),
    deployers,
  };
}

it('adds nothing unless it is configured', async () => {
  const { deployers, stop } = await startWith({});
  expect(deployers).toEqual([]);
  await stop();
});

it('takes the signed result of an operation that was accepted, once', async () => {
  const service = await DeployService.start();
  service.isLate = true;
  const { deployers, server, stop } = await startWith({
    modelDelivery: {
      webhook: { main: { url: service.url, secret: SECRET } },
    },
  });
  const prepare = () =>
    deployers[0].prepare({
      operationKey: 'p1',
      target: { model: 'model:default/churn', environment: 'production' },
      version: {
        version: '2',
        digest: 'sha256:2',
        artifactDigest: 'sha256:a',
        parameters: {},
      },
    });
  const send = (result: object, secret = SECRET, name = 'main') => {
    const body = JSON.stringify(result);
    return request(server)
      .post(`/api/model-delivery/webhook-deployers/${name}/results`)
      .set('content-type', 'application/json')
      .set(signedHeaders(secret, 'r1', body, new Date()))
      .send(body);
  };
  try {
    expect(await prepare()).toMatchObject({ state: 'pending' });
    const result = { operationKey: 'p1', state: 'failed', message: 'No GPU' };
    expect((await send(result, `${SECRET}!`)).status).toBe(403);
    expect((await send(result, SECRET, 'other')).status).toBe(403);
    expect((await send({ ...result, state: 'pending' })).status).toBe(400);
    expect((await send({ ...result, operationKey: 'p2' })).status).toBe(404);
    expect(await prepare()).toMatchObject({ state: 'pending' });
    expect((await send(result)).status).toBe(204);
    expect(await prepare()).toEqual({
      state: 'failed',
      message: 'The webhook main says: No GPU',
    });
    expect((await send({ ...result, state: 'done' })).status).toBe(404);
  } finally {
    service.stop();
    await stop();
  }
});
