import {
  dataOf,
  GateVerdict,
  ModelDetail,
  VersionChanges,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, Live, useLive } from '../api';

/** The version that is on its way to production, or else the newest; null where there is none. */
export function candidateOf(model: ModelDetail): string | null {
  const { name } = productionOf(model) ?? {};
  const open = model.openPromotions.find(
    ({ environment }) => environment === name,
  );
  return open?.version ?? model.latestVersion;
}

/** The environment in which versions serve people; undefined where the policy has none. */
export function productionOf(
  model: ModelDetail,
): ModelDetail['environments'][number] | undefined {
  return model.environments.find(({ tier }) => tier === 'production');
}

/** What the candidate changes against what serves in production; null where there is no version. */
export function useCandidateChanges(
  model: ModelDetail,
): Live<VersionChanges | null> {
  const { ref, namespace, name } = model;
  const candidate = candidateOf(model);
  return useLive<VersionChanges | null>(
    `changes/${ref}/${candidate}/${model.production?.version}`,
    async ({ client, signal }) =>
      candidate === null
        ? null
        : dataOf(
            await client.GET(
              '/models/{namespace}/{name}/versions/{version}/changes',
              {
                params: { path: { namespace, name, version: candidate } },
                signal,
              },
            ),
          ),
    { concerns: concernsModel(ref), pollSeconds: 30 },
  );
}

/** What the gates of production say of the candidate now; null where that is not known, or may not be seen. */
export function useCandidateVerdicts(
  model: ModelDetail,
): GateVerdict[] | null | undefined {
  const { ref, namespace, name } = model;
  const candidate = candidateOf(model);
  const environment = productionOf(model)?.name;
  return useLive<GateVerdict[] | null>(
    `candidate-gates/${ref}/${candidate}/${environment}`,
    ({ client, signal }) =>
      candidate === null || environment === undefined
        ? Promise.resolve(null)
        : client
            .GET('/models/{namespace}/{name}/gates', {
              params: { path: { namespace, name }, query: { environment } },
              signal,
            })
            .then(
              answer =>
                dataOf(answer).versions.find(
                  ({ version }) => version === candidate,
                )?.verdicts ?? null,
              () => null,
            ),
    { concerns: concernsModel(ref), pollSeconds: 60 },
  ).data;
}
