import { Handlers } from '../http/operations';
import { modelRefOf } from '../models/ModelRecord';
import { MetricHistories } from './MetricHistories';
import { RegistriesService } from './RegistriesService';
import { RegistrySync } from './RegistrySync';

/** Answers the operations on model registries. */
export function createRegistryHandlers(
  registries: RegistriesService,
  sync: RegistrySync,
  histories: MetricHistories,
): Pick<Handlers, 'listRegistries' | 'refreshRegistry' | 'getMetricHistory'> {
  return {
    getMetricHistory: async ({ path, query, principal }) => ({
      status: 200,
      body: await histories.read(principal, modelRefOf(path), path.version, {
        metrics: query.metric,
        points: query.points ?? 300,
      }),
    }),
    listRegistries: async ({ principal }) => ({
      status: 200,
      body: await registries.list(principal),
    }),
    refreshRegistry: async ({ path, principal }) => {
      await registries.refresh(principal, path, sync);
      return { status: 202, body: await registries.list(principal) };
    },
  };
}
