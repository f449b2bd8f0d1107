import { ConfigReader } from '@backstage/config';
import { readKubernetesConnections } from './config';
import { connect } from './connect';

const service = {
  kind: 'InferenceService',
  namespace: 'models',
  environment: 'production',
};
const read = (main: object) =>
  readKubernetesConnections(
    new ConfigReader({ modelDelivery: { kubernetes: { main } } }),
  );

it('takes little', () => {
  expect(read({ targets: [service] })).toMatchObject([
    {
      id: 'main',
      access: { kind: 'inCluster' },
      targets: [service],
      timeoutMs: 10_000,
    },
  ]);
  expect(readKubernetesConnections(new ConfigReader({}))).toEqual([]);
});

it.each([
  [{ ...service, kind: 'Pod' }, 'kind is not one of InferenceService'],
  [{ ...service, namespace: '../kube-system' }, 'namespace is not a name'],
  [{ ...service, name: 'A', model: 'model:default/a' }, 'name is not a name'],
  [{ ...service, name: 'a' }, 'has a name but no model'],
  [{ ...service, kind: 'Rollout' }, 'has neither image nor env'],
  [{ ...service, predictor: {} }, 'has no model.modelFormat.name'],
])('refuses a mistake by its key: %j', (target, message) => {
  expect(() => read({ targets: [target] })).toThrow(
    `modelDelivery.kubernetes.main.targets[0]`,
  );
  expect(() => read({ targets: [target] })).toThrow(message);
});

it.each([
  [{ url: 'http://cluster.example.com', token: 't' }, 'starts with https'],
  [{ url: 'https://a:b@cluster.example.com', token: 't' }, 'credentials'],
  [{ url: 'https://c.example.com', kubeconfig: '/k' }, 'both kubeconfig'],
])('refuses an access that is not safe: %j', (access, message) => {
  expect(() => read({ access, targets: [] })).toThrow(message);
});

it('says nothing of what a file holds', () => {
  const [connection] = read({
    access: { kubeconfig: __filename },
    targets: [],
  });
  expect(() => connect(connection)).toThrow(
    'modelDelivery.kubernetes.main.access',
  );
});
