import { ModelDeliveryClient } from '@slipway/backstage-plugin-model-delivery-common';
import { ModelHistory, Portfolio } from './types';

/** What has been sent so far. */
export interface Progress {
  sent: number;
  total: number;
}

/** How many reports a portfolio takes. */
export function countReports(portfolio: Portfolio): number {
  return portfolio.models.reduce(
    (sum, model) =>
      sum +
      model.versions.length +
      model.versions.reduce((all, each) => all + each.evaluations.length, 0) +
      model.lineage.length +
      model.runs.length +
      model.deployments.length +
      model.incidents.length,
    0,
  );
}

/**
 * Reports a portfolio as pipelines, deployers and incident tools would: each model's history in its order, several
 * models at a time. Everything carries an id of its own, so that what arrived before changes nothing, and an interrupted
 * load can simply be run again.
 * @throws ResponseError of the first report that the portal refuses
 */
export async function loadPortfolio(options: {
  client: ModelDeliveryClient;
  portfolio: Portfolio;
  /** Models at a time. */
  concurrency: number;
  onProgress?: (progress: Progress) => void;
}): Promise<void> {
  const { client, portfolio, concurrency, onProgress } = options;
  const progress = { sent: 0, total: countReports(portfolio) };
  const onSent = () => {
    progress.sent += 1;
    onProgress?.(progress);
  };
  const [landmark, ...others] = portfolio.models;
  await loadModel(client, landmark, onSent);
  // The longest first, so that none is left alone at the end
  const waiting = others.sort(
    (one, other) => one.runs.length - other.runs.length,
  );
  const work = async () => {
    for (let model = waiting.pop(); model; model = waiting.pop()) {
      await loadModel(client, model, onSent);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}

async function loadModel(
  client: ModelDeliveryClient,
  model: ModelHistory,
  onSent: () => void,
): Promise<void> {
  const path = { namespace: model.namespace, name: model.name };
  for (const { registration, evaluations } of model.versions) {
    await client.POST('/models/{namespace}/{name}/versions', {
      params: { path },
      body: registration,
    });
    onSent();
    for (const evaluation of evaluations) {
      await client.POST(
        '/models/{namespace}/{name}/versions/{version}/evaluations',
        {
          params: { path: { ...path, version: registration.version } },
          body: evaluation,
        },
      );
      onSent();
    }
  }
  for (const event of model.lineage) {
    await client.POST('/lineage/openlineage', { body: event });
    onSent();
  }
  for (const { id, report } of model.runs) {
    await client.PUT('/models/{namespace}/{name}/runs/{runId}', {
      params: { path: { ...path, runId: id } },
      body: report,
    });
    onSent();
  }
  for (const deployment of model.deployments) {
    await client.POST('/models/{namespace}/{name}/deployments', {
      params: { path },
      body: deployment,
    });
    onSent();
  }
  // After the deployments that caused them
  for (const { id, report } of model.incidents) {
    await client.PUT('/models/{namespace}/{name}/incidents/{incidentId}', {
      params: { path: { ...path, incidentId: id } },
      body: report,
    });
    onSent();
  }
}
