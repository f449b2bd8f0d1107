import { describeDeployerContract } from '@slipway/backstage-plugin-model-delivery-node/testUtils';
import { startWorld } from './__testUtils__/startWorld';

jest.setTimeout(60_000);

const start = (kind: Parameters<typeof startWorld>[0]) => async () => {
  const started = await startWorld(kind);
  const { server, world } = started;
  return {
    ...started,
    readShares: async () => world.shares(server, 'churn'),
    countTrafficMoves: async () => world.moves(server),
    beLate: async () => {
      world.isLate = true;
      return async () => {
        world.isLate = false;
      };
    },
    restart: async () => started.deploy(),
    end: async () => server.stop(),
  };
};

describeDeployerContract('KServe', {
  start: start('KServe'),
  settleSeconds: 5,
});
describeDeployerContract('Argo Rollouts', {
  start: start('Argo Rollouts'),
  canServeNothing: false,
  settleSeconds: 5,
});
describeDeployerContract('Flagger', {
  start: start('Flagger'),
  candidateShares: [100],
  canServeNothing: false,
  settleSeconds: 5,
});
