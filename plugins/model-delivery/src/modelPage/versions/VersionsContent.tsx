import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import {
  dataOf,
  Version,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, useLive, usePages } from '../../api';
import {
  Card,
  LiveDot,
  metricTitle,
  PageState,
  SampleChip,
  ScrollRegion,
  tableSx,
} from '../../components';
import { BundlesCard } from '../../bundles/BundlesCard';
import { useModelDetail, useModelName } from '../useModelDetail';
import { pickMetrics } from './pickMetrics';
import { orderParameters } from './orderParameters';
import { VersionRow } from './VersionRow';

/** The versions of a model: what each is made of, and how good it is against the one in production. */
export function VersionsContent() {
  const { ref, namespace, name } = useModelName();
  const model = useModelDetail();
  const versions = usePages(
    `versions/${ref}`,
    async ({ client, cursor, signal }) =>
      dataOf(
        await client.GET('/models/{namespace}/{name}/versions', {
          params: { path: { namespace, name }, query: { limit: 25, cursor } },
          signal,
        }),
      ),
    version => version.version,
    { concerns: concernsModel(ref), pollSeconds: 30 },
  );
  const inProduction = model.data?.production?.version;
  // The version in production may be older than those on the first page
  const production = useLive(
    `version/${ref}/${inProduction}`,
    async ({ client, signal }) =>
      inProduction === undefined
        ? null
        : dataOf(
            await client.GET('/models/{namespace}/{name}/versions/{version}', {
              params: { path: { namespace, name, version: inProduction } },
              signal,
            }),
          ),
    { concerns: concernsModel(ref), pollSeconds: 60 },
  );
  return (
    <Box
      sx={{ display: 'grid', gap: 2.5, gridTemplateColumns: 'minmax(0, 1fr)' }}
    >
      <Card
        title="Versions"
        state={model.data?.sample && <SampleChip />}
        aside={
          <LiveDot status={versions.status} updatedAt={versions.updatedAt} />
        }
      >
        <PageState
          state={versions}
          what="the versions"
          lines={8}
          isEmpty={items => items.length === 0}
          empty={{
            title: 'No versions yet',
            text: 'The model’s pipeline registers a version when its gates have passed. It then appears here with its commit, data, parameters and metrics.',
          }}
        >
          {items => (
            <>
              <Table
                versions={items}
                production={production.data ?? undefined}
                model={model.data}
              />
              {versions.hasMore && (
                <Box sx={{ pt: 1 }}>
                  <Button
                    size="small"
                    onClick={versions.loadMore}
                    disabled={versions.loadingMore}
                    sx={{ textTransform: 'none' }}
                  >
                    {versions.loadingMore ? 'Loading more…' : 'Older versions'}
                  </Button>
                </Box>
              )}
            </>
          )}
        </PageState>
      </Card>
      {model.data && <BundlesCard model={model.data} />}
    </Box>
  );
}

/** What one can do stays in sight while the rest scrolls. */
const actSx = {
  '& tr > :last-child:not([colspan])': {
    position: 'sticky',
    right: 0,
    bgcolor: 'background.paper',
  },
};

function Table(props: {
  versions: Version[];
  production: Version | undefined;
  model: ReturnType<typeof useModelDetail>['data'];
}) {
  const { versions, production, model } = props;
  const metrics = pickMetrics(versions);
  const mayAct = Boolean(model?.viewer.mayRequestPromotion);
  const parameters = orderParameters(versions);
  return (
    <ScrollRegion label="Table of versions">
      <Box
        component="table"
        sx={[tableSx, mayAct && actSx, { minWidth: 700 + metrics.length * 96 }]}
      >
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Digest, commit</th>
            <th scope="col">Data</th>
            <th scope="col">Parameters</th>
            {metrics.map(name => (
              <th scope="col" className="num" key={name}>
                {metricTitle(name)}
              </th>
            ))}
            <th scope="col">Serves in</th>
            {mayAct && <th scope="col">Act</th>}
          </tr>
        </thead>
        <tbody>
          {versions.map(version => (
            <VersionRow
              key={version.version}
              version={version}
              metrics={metrics}
              parameters={parameters}
              production={production}
              model={model}
              others={versions}
            />
          ))}
        </tbody>
      </Box>
    </ScrollRegion>
  );
}
