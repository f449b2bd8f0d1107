import {
  createRememberingDeployer,
  Deployer,
  DeployerOperations,
} from '@slipway/backstage-plugin-model-delivery-node';
import { CALL_LIMIT_MS, Splitter } from './Splitter';

/** A deployer whose target knows no operation keys. */
export function createSplitterDeployer(options: {
  splitter: Splitter;
  operations: DeployerOperations;
}): Deployer {
  const { splitter, operations } = options;
  return createRememberingDeployer({
    id: 'splitter',
    operations,
    serves: ({ environment }) => environment === 'production',

    async carryOut({ target, request }, memory) {
      for (const earlier of await memory.overtaken()) {
        // Its last call may still be on its way, and must not arrive after ours
        const calledAt = Number(earlier.notes.calledAt ?? 0);
        if (Date.now() - calledAt < CALL_LIMIT_MS) {
          return { state: 'pending', message: 'An earlier call has to end' };
        }
        await memory.settle(earlier);
      }
      await memory.note({ calledAt: Date.now() });

      if (request.kind === 'setTraffic') {
        await splitter.divide(target, request.shares);
        return { state: 'done' };
      }
      if (request.kind === 'release') {
        await splitter.stop(target, request.version);
        return { state: 'done' };
      }
      const { version } = request.version;
      const { servers } = await splitter.start(target, request.version);
      return servers.some(each => each.version === version && each.ready)
        ? { state: 'done' }
        : {
            state: 'pending',
            message: `${version} is starting`,
            askAgainAfterSeconds: 5,
          };
    },

    async observe(target) {
      const { shares, servers } = await splitter.read(target);
      return { shares, versions: servers };
    },
  });
}
