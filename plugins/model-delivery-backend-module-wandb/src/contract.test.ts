import { describeRegistryContract } from '@slipway/backstage-plugin-model-delivery-node/testUtils';
import { connect, KEY } from './__testUtils__/connect';
import { FakeWandb } from './__testUtils__/FakeWandb';

describeRegistryContract('Weights & Biases', {
  models: ['churn', 'credit-default', 'risk_model.eu'],
  secrets: [KEY, Buffer.from(`api:${KEY}`).toString('base64')],
  async start() {
    const wandb = await FakeWandb.start();
    return {
      registry: connect(wandb),
      addVersions: async (model, count, { tags = {} } = {}) =>
        Array.from({ length: count }, () =>
          wandb.add(model, { metadata: JSON.stringify(tags) }),
        ),
      async moveAlias(model, alias, version) {
        wandb.moveAlias(model, alias, version);
      },
      beDown: () => wandb.be('down'),
      answerNonsense: () => wandb.be({ body: { data: { project: 7 } } }),
      countRequests: async () => wandb.requestCount,
      restart: async () => connect(wandb),
      end: () => wandb.stop(),
    };
  },
});
