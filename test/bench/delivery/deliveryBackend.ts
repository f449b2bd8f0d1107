/**
 * The delivery engine in a real backend, with a target that answers after a while and people who sign in as in the tests.
 *
 * Environment: SLIPWAY_BENCH_MODELS, SLIPWAY_BENCH_ANSWER_MS; the configuration is in APP_CONFIG_… variables.
 */
import { createBackend } from '@backstage/backend-defaults';
import {
  createBackendModule,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  deployersExtensionPoint,
  metricsSourcesExtensionPoint,
} from '@slipway/backstage-plugin-model-delivery-node';
import { modelEntity } from '../../../plugins/model-delivery-backend/src/__testUtils__/people';
import { DistantTarget } from './DistantTarget';

const APPROVERS = 50;
const TEAM_LEADS = 'group:default/team-leads';
const models = Number(process.env.SLIPWAY_BENCH_MODELS);
const target = new DistantTarget(Number(process.env.SLIPWAY_BENCH_ANSWER_MS));
// As many as a canary of a model with moderate traffic has in a step
['1', '2'].forEach(version => target.behave(version, { requests: 1_000 }));

const entity = (
  kind: string,
  name: string,
  spec: Entity['spec'],
  relations: Entity['relations'] = [],
): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name, namespace: 'default' },
  spec,
  relations,
});

const entities = [
  entity('Group', 'team-leads', { type: 'team', children: [] }),
  entity('Group', 'credit-risk', { type: 'team', children: [] }),
  // Who trained the versions has to be somebody
  entity('User', 'dana', { memberOf: ['group:default/credit-risk'] }),
  ...Array.from({ length: APPROVERS }, (_, index) =>
    entity('User', `lead-${index}`, { memberOf: [TEAM_LEADS] }, [
      { type: 'memberOf', targetRef: TEAM_LEADS },
    ]),
  ),
  ...Array.from({ length: models }, (_, index) =>
    modelEntity(`bench-${index}`, { risk: 'low' }),
  ),
];

const backend = createBackend();
backend.add(import('@slipway/backstage-plugin-model-delivery-backend'));
backend.add(
  createBackendModule({
    pluginId: 'model-delivery',
    moduleId: 'bench-target',
    register(env) {
      env.registerInit({
        deps: {
          deployers: deployersExtensionPoint,
          sources: metricsSourcesExtensionPoint,
        },
        async init({ deployers, sources }) {
          deployers.addDeployer(target);
          sources.addMetricsSource(target);
        },
      });
    },
  }),
);
backend.add(mockServices.auth.factory());
backend.add(mockServices.httpAuth.factory());
backend.add(
  createServiceFactory({
    service: catalogServiceRef,
    deps: {},
    factory: () => catalogServiceMock({ entities }),
  }),
);
backend.start().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
