import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { dataOf } from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, usePages } from '../../api';
import { Card, LiveDot, PageState, SampleChip } from '../../components';
import { useModelDetail, useModelName } from '../useModelDetail';
import { DeploymentsTable } from './DeploymentsTable';
import { DeploymentsTimeline } from './DeploymentsTimeline';
import { ServedAt } from './ServedAt';

/** Which version served where and when, by whom, and what became of it. */
export function DeploymentsContent() {
  const { ref, namespace, name } = useModelName();
  const model = useModelDetail();
  const deployments = usePages(
    `deployments/${ref}`,
    async ({ client, cursor, signal }) =>
      dataOf(
        await client.GET('/models/{namespace}/{name}/deployments', {
          params: { path: { namespace, name }, query: { limit: 100, cursor } },
          signal,
        }),
      ),
    deployment => deployment.id,
    { concerns: concernsModel(ref), pollSeconds: 10 },
  );
  return (
    <Box
      sx={{
        display: 'grid',
        gridTemplateColumns: 'minmax(0, 1fr)',
        gap: 2.5,
      }}
    >
      <Card
        title="Deployments"
        state={model.data?.sample && <SampleChip />}
        aside={
          <LiveDot
            status={deployments.status}
            updatedAt={deployments.updatedAt}
          />
        }
      >
        <PageState
          state={deployments}
          what="the deployments"
          lines={6}
          isEmpty={items => items.length === 0}
          empty={{
            title: 'Nothing was ever deployed',
            text: 'A promotion that reaches an environment appears here, with who asked for it and who approved it.',
          }}
        >
          {items => (
            <DeploymentsTimeline
              recent={items}
              isWhole={!deployments.hasMore}
              environments={
                model.data?.environments.map(each => each.name) ?? []
              }
            />
          )}
        </PageState>
      </Card>
      <ServedAt
        environments={model.data?.environments.map(each => each.name) ?? []}
      />
      {deployments.data && deployments.data.length > 0 && (
        <Card
          title="History"
          footer={
            deployments.hasMore && (
              <Button
                size="small"
                onClick={deployments.loadMore}
                disabled={deployments.loadingMore}
                sx={{ textTransform: 'none' }}
              >
                {deployments.loadingMore
                  ? 'Loading more…'
                  : 'Earlier deployments'}
              </Button>
            )
          }
        >
          <DeploymentsTable
            label="Table of deployments"
            linked
            deployments={deployments.data}
          />
        </Card>
      )}
    </Box>
  );
}
