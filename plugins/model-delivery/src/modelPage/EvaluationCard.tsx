import { Link } from '@backstage/core-components';
import type {
  ModelDetail,
  VersionChanges,
} from '@slipway/backstage-plugin-model-delivery-common';
import type { Live } from '../api';
import { Card, PageState } from '../components';
import { candidateOf } from './candidate';
import { ChangesTable } from './ChangesTable';
import { useTabLink } from './useTabLink';

/** The version that is on its way to production, or else the newest, against the one that serves there. */
export function EvaluationCard(props: {
  model: ModelDetail;
  changes: Live<VersionChanges | null>;
}) {
  const { model, changes } = props;
  const candidate = candidateOf(model);
  const tabLink = useTabLink();
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
