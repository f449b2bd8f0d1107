import { createBackendModule } from '@backstage/backend-plugin-api';
import { gateKindsExtensionPoint } from '@slipway/backstage-plugin-model-delivery-node';
import { surelyBelow } from './surelyBelow';

export const surelyBelowModule = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'surely-below',
  register(env) {
    env.registerInit({
      deps: { gateKinds: gateKindsExtensionPoint },
      async init({ gateKinds }) {
        gateKinds.addGateKind(surelyBelow);
        // A condition needs no code
        gateKinds.addGateKind({
          id: 'few-refusals',
          title: 'The model refuses fewer than {below} of the questions',
          stage: 'evaluation',
          parameters: {
            below: {
              type: 'number',
              unit: 'share',
              minimum: 0,
              maximum: 1,
              default: 0.05,
              description: 'Share of refusals from which on it fails',
            },
          },
          requires: ['candidate.metrics.refusal_share'],
          when: 'candidate.metrics.refusal_share < {below}',
          maxAge: '30d',
        });
      },
    });
  },
});
