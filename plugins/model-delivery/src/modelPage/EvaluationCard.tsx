import { Link } from '@backstage/core-components';
import {
  dataOf,
  ModelDetail,
  VersionChanges,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, useLive } from '../api';
import { Card, PageState } from '../components';
import { ChangesTable } from './ChangesTable';
import { useTabLink } from './useTabLink';

/** The version that is on its way to production, or else the newest, against the one that serves there. */
export function EvaluationCard(props: { model: ModelDetail }) {
  const { model } = props;
  const { ref, namespace, name } = model;
  const candidate = candidateOf(model);
  const tabLink = useTabLink();
  const changes = useLive<VersionChanges | null>(
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
  return (
    <Card
      title={title(candidate, model.production?.version)}
      footer={
        <>
          <Link to={tabLink('gates')}>Gates by version</Link>
          <Link to={tabLink('versions')}>All versions</Link>
        </>
      }
    >
      <PageState
        state={changes}
        what="the evaluation"
        isEmpty={data => data === null || data.metrics.length === 0}
        empty={{
          title: 'Nothing measured yet',
          text: 'The pipeline’s evaluation stage reports the metrics of a version, with their intervals; they then stand here against production.',
        }}
      >
        {data => data && <ChangesTable changes={data} />}
      </PageState>
    </Card>
  );
}

function candidateOf(model: ModelDetail): string | null {
  const open = model.openPromotions.find(({ environment }) =>
    model.environments.some(
      ({ name, tier }) => name === environment && tier === 'production',
    ),
  );
  return open?.version ?? model.latestVersion;
}

function title(candidate: string | null, production: string | undefined) {
  if (candidate === null) {
    return 'Evaluation';
  }
  if (!production) {
    return `Evaluation of ${candidate}`;
  }
  return candidate === production
    ? `Evaluation of ${candidate}, in production`
    : `Evaluation: ${candidate} against ${production} in production`;
}
