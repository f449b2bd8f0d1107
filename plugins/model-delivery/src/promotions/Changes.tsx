import { parseEntityRef } from '@backstage/catalog-model';
import {
  dataOf,
  Promotion,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, useLive } from '../api';
import { Card, PageState } from '../components';
import { ChangesTable } from './ChangesTable';

/** What a promotion's version changes from the one before it. */
export function Changes(props: {
  promotion: Pick<Promotion, 'model' | 'version' | 'environment'> & {
    from: { version: string } | null;
  };
  /** The model's name, where several are shown. */
  of?: string;
  /** For whoever decides the question is what changed, not what one version does to another. */
  forDecision?: boolean;
}) {
  const { model, version, from, environment } = props.promotion;
  const { namespace, name } = parseEntityRef(model);
  const changes = useLive(
    `changes/${model}/${version}/${from?.version}`,
    ({ client, signal }) =>
      client
        .GET('/models/{namespace}/{name}/versions/{version}/changes', {
          params: {
            path: { namespace, name, version },
            query: { against: from?.version },
          },
          signal,
        })
        .then(dataOf),
    { concerns: concernsModel(model), pollSeconds: 120 },
  );
  const against = from?.version ?? changes.data?.against;
  const title = titleOf(
    props.of ? `${props.of} ${version}` : version,
    against ?? null,
    props.forDecision && !props.of,
  );
  return (
    <Card
      title={title}
      aside={
        against
          ? 'Intervals at least 95 %'
          : `Nothing serves in ${environment} to compare with`
      }
    >
      <PageState state={changes} what="the changes">
        {data => <ChangesTable changes={data} label={title} />}
      </PageState>
    </Card>
  );
}

function titleOf(
  version: string,
  against: string | null,
  forDecision?: boolean,
): string {
  if (!against) {
    return `What ${version} is made of`;
  }
  return forDecision
    ? `What changed since ${against}`
    : `What ${version} changes from ${against}`;
}
