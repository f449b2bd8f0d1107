import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  Deployer,
  deployersExtensionPoint,
  MetricsSource,
  metricsSourcesExtensionPoint,
} from '@slipway/backstage-plugin-model-delivery-node';

/** A deployer and metrics source that asks the target at that address for everything. */
function createRemoteTarget(url: string): Deployer & MetricsSource {
  const ask = async (operation: string, options: object) => {
    const response = await fetch(`${url}/${operation}`, {
      method: 'POST',
      body: JSON.stringify(options),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`The target answered ${response.status} to ${operation}`);
    }
    return JSON.parse(text);
  };
  return {
    id: 'remote',
    blueGreen: true,
    serves: () => true,
    watches: async () => true,
    prepare: options => ask('prepare', options),
    setTraffic: options => ask('setTraffic', options),
    release: options => ask('release', options),
    setMirror: options => ask('setMirror', options),
    observe: target => ask('observe', target),
    read: options => ask('read', options),
    readSeries: options => ask('readSeries', options),
    readComparison: options => ask('readComparison', options),
  };
}

/** The module that adds it. */
export function remoteTargetModule(url: string) {
  return createBackendModule({
    pluginId: 'model-delivery',
    moduleId: 'remote-target',
    register(env) {
      env.registerInit({
        deps: {
          deployers: deployersExtensionPoint,
          sources: metricsSourcesExtensionPoint,
        },
        async init({ deployers, sources }) {
          const target = createRemoteTarget(url);
          deployers.addDeployer(target);
          sources.addMetricsSource(target);
        },
      });
    },
  });
}
