import { useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import {
  dataOf,
  Version,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, useLive, usePages } from '../../api';
import { Card, LiveDot, PageState, SampleChip, Sub } from '../../components';
import { BundlesCard } from '../../bundles/BundlesCard';
import { useModelDetail, useModelName } from '../useModelDetail';
import { CompareWithModel } from './compare/CompareWithModel';
import { CompareVersions } from './compare/CompareVersions';
import { noVersions } from './noVersions';
import { metricNames, pickMetrics } from './pickMetrics';
import { useVersionsQuery } from './useVersionsQuery';
import {
  conditionText,
  isNarrowed,
  MOST_COMPARED,
  VersionsQuery,
} from './versionsQuery';
import { VersionsTable } from './VersionsTable';
import { VersionsToolbar } from './VersionsToolbar';

/** The versions of a model, in a list or, as the address says, some of them side by side. */
export function VersionsContent() {
  const model = useModelDetail();
  const [query] = useVersionsQuery();
  return (
    <Box
      sx={{ display: 'grid', gap: 2.5, gridTemplateColumns: 'minmax(0, 1fr)' }}
    >
      {query.compared.length > 1 ? (
        <CompareVersions />
      ) : (
        <VersionsList model={model.data} />
      )}
      {model.data && <BundlesCard model={model.data} />}
    </Box>
  );
}

function VersionsList(props: {
  model: ReturnType<typeof useModelDetail>['data'];
}) {
  const { model } = props;
  const { ref, namespace, name } = useModelName();
  const [query, setQuery] = useVersionsQuery();
  const [picked, setPicked] = useState<string[]>([]);
  const asked = {
    q: query.q || undefined,
    serving: query.serving || undefined,
    measured: query.conditions.map(conditionText),
    sort: query.sort,
    order: query.order,
  };
  const versions = usePages(
    `versions/${ref}/${JSON.stringify(asked)}`,
    async ({ client, cursor, signal }) =>
      dataOf(
        await client.GET('/models/{namespace}/{name}/versions', {
          params: {
            path: { namespace, name },
            query: { ...asked, limit: 25, cursor },
          },
          signal,
        }),
      ),
    version => version.version,
    { concerns: concernsModel(ref), pollSeconds: 30 },
  );
  const inProduction = model?.production?.version;
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
  const known = [
    ...(versions.data ?? []),
    ...(production.data ? [production.data] : []),
  ];
  const columns = columnsOf(query, versions.data ?? []);
  const own = inProduction ?? model?.latestVersion ?? undefined;
  const pick = (version: string) =>
    setPicked(current =>
      current.includes(version)
        ? current.filter(each => each !== version)
        : [...current, version].slice(-MOST_COMPARED),
    );
  return (
    <Card
      title="Versions"
      state={model?.sample && <SampleChip />}
      aside={
        <LiveDot status={versions.status} updatedAt={versions.updatedAt} />
      }
    >
      <VersionsToolbar
        query={query}
        onChange={setQuery}
        metrics={metricNames(known, [
          ...query.columns,
          ...query.conditions.map(({ metric }) => metric),
        ])}
        columns={columns}
      />
      {own !== undefined && (
        <Box sx={{ mb: 1 }}>
          <CompareWithModel
            compared={[]}
            onPick={key =>
              setQuery({ compared: [own, key] }, { replace: false })
            }
          />
        </Box>
      )}
      {picked.length > 0 && (
        <Box
          role="status"
          sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mb: 1 }}
        >
          <Button
            size="small"
            variant="contained"
            disabled={picked.length < 2}
            onClick={() => setQuery({ compared: picked }, { replace: false })}
            sx={{ textTransform: 'none' }}
          >
            {picked.length < 2
              ? `Compare ${picked[0]} with …`
              : `Compare ${picked.join(', ')}`}
          </Button>
          <Button
            size="small"
            onClick={() => setPicked([])}
            sx={{ textTransform: 'none' }}
          >
            Pick none
          </Button>
          <Sub sx={{ alignSelf: 'center' }}>
            Two to {MOST_COMPARED} versions can be put side by side
          </Sub>
        </Box>
      )}
      <PageState
        state={versions}
        what="the versions"
        lines={8}
        isEmpty={items => items.length === 0}
        empty={
          isNarrowed(query)
            ? {
                title: 'No such versions',
                text: 'None of the model’s versions fit what is searched for.',
              }
            : noVersions(
                model,
                'The model’s pipeline registers a version when its gates have passed. It then appears here with its commit, data, parameters and metrics.',
              )
        }
      >
        {items => (
          <>
            <VersionsTable
              versions={items}
              metrics={columns}
              production={production.data ?? undefined}
              model={model}
              query={query}
              onSort={setQuery}
              picked={picked}
              onPick={pick}
            />
            {versions.hasMore && (
              <Box sx={{ pt: 1 }}>
                <Button
                  size="small"
                  onClick={versions.loadMore}
                  disabled={versions.loadingMore}
                  sx={{ textTransform: 'none' }}
                >
                  {versions.loadingMore ? 'Loading more…' : 'More versions'}
                </Button>
              </Box>
            )}
          </>
        )}
      </PageState>
    </Card>
  );
}

/** The metrics that are columns: those chosen, or most versions' own, and the one that the list is sorted by. */
function columnsOf(query: VersionsQuery, versions: Version[]): string[] {
  const chosen =
    query.columns.length > 0 ? query.columns : pickMetrics(versions);
  const sorted = query.sort.startsWith('metric:')
    ? [query.sort.slice('metric:'.length)]
    : [];
  return [...new Set([...chosen, ...sorted])];
}
