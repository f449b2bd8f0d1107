import { dataOf } from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, Live, useLive } from '../../../api';
import { useModelName } from '../../useModelDetail';
import { ComparedVersion } from './comparedVersion';
import { Evaluated, evaluatedOf } from './evaluated';

/** Evaluations looked through, from the newest; each holds one fact. */
const LATEST = 30;

/** What the evaluations of versions tell beyond single numbers, in the order of the versions. */
export function useEvaluated(versions: ComparedVersion[]): Live<Evaluated[]> {
  const { ref } = useModelName();
  return useLive(
    `evaluated/${ref}/${JSON.stringify(versions.map(({ key }) => key))}`,
    async ({ client, signal }) =>
      Promise.all(
        versions.map(async ({ namespace, name, version }) =>
          evaluatedOf(
            dataOf(
              await client.GET(
                '/models/{namespace}/{name}/versions/{version}/evaluations',
                {
                  params: {
                    path: { namespace, name, version },
                    query: { limit: LATEST },
                  },
                  signal,
                },
              ),
            ).items,
          ),
        ),
      ),
    { concerns: concernsModel(ref), pollSeconds: 60 },
  );
}
