import { Handlers } from '../http/operations';
import { modelRefOf } from '../models/ModelRecord';
import { MetricHistories } from './MetricHistories';
import { RegistriesService } from './RegistriesService';
import { RegistrySync } from './RegistrySync';
import { TraceCounts } from './TraceCounts';

/** Answers the operations on model registries. */
export function createRegistryHandlers(
  registries: RegistriesService,
  sync: RegistrySync,
  histories: MetricHistories,
  traces: TraceCounts,
): Pick<
  Handlers,
  'listRegistries' | 'refreshRegistry' | 'getMetricHistory' | 'countTraces'
> {
  return {
    getMetricHistory: async ({ path, query, principal }) => ({
      status: 200,
      body: await histories.read(principal, modelRefOf(path), path.version, {
        metrics: query.metric,
        points: query.points ?? 300,
      }),
    }),
    countTraces: async ({ path, principal }) => ({
      status: 200,
      body: await traces.read(principal, modelRefOf(path), path.version),
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
