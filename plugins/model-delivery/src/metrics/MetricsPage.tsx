import { useMemo, useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useSearchParams } from 'react-router-dom';
import { dataOf } from '@slipway/backstage-plugin-model-delivery-common';
import { useLive, useModelDelivery } from '../api';
import { ErrorNote, icons, PageFrame, PageState, Time } from '../components';
import { DeploymentOutcomes, PipelineRuns } from './BucketCharts';
import { downloadText, fetchAllGroups } from './exportMetrics';
import { EventsDrawer } from './EventsDrawer';
import { GroupTable } from './GroupTable';
import { LeadTimeChart } from './LeadTimeChart';
import { MeasureTile } from './MeasureTile';
import { MetricsFilters } from './MetricsFilters';
import { metricsCsv } from './metricsCsv';
import {
  apiFilterOf,
  MEASURES,
  MetricsQuery,
  readMetricsQuery,
  writeMetricsQuery,
} from './metricsQuery';
import { periodProblem } from './period';
import { useNarrow } from '../promotions/useNarrow';
import { buttonSx } from '../promotions/buttonSx';

/** Delivery metrics of a period, against their targets, down to the events behind each number. */
export function MetricsPage() {
  const [params, setParams] = useSearchParams();
  const client = useModelDelivery();
  const query = useMemo(() => readMetricsQuery(params, Date.now()), [params]);
  const [copied, setCopied] = useState(false);
  const [exportError, setExportError] = useState<unknown>();
  const problem = periodProblem(query.period);
  const filter = apiFilterOf(query);
  const live = useLive(
    `metrics/${JSON.stringify(problem ? null : filter)}`,
    async ({ client: api, signal }) =>
      problem
        ? null
        : dataOf(
            await api.GET('/metrics', { params: { query: filter }, signal }),
          ),
    { pollSeconds: 60 },
  );
  const change = (changes: Partial<MetricsQuery>) =>
    setParams(writeMetricsQuery({ ...query, ...changes }), {
      // Opening the events of a measure is a step one goes back from; turning a filter is not.
      replace: !('events' in changes),
    });

  const copyLink = async () => {
    // With days of its own, so that whoever opens it later sees the same period.
    const fixed = writeMetricsQuery({ ...query, weeks: 'custom' });
    const { origin, pathname } = window.location;
    await window.navigator.clipboard.writeText(`${origin}${pathname}?${fixed}`);
    setCopied(true);
    window.setTimeout(() => setCopied(false), 2000);
  };
  const exportCsv = async () => {
    setExportError(undefined);
    try {
      const report = dataOf(
        await client.GET('/metrics', { params: { query: filter } }),
      );
      const items = await fetchAllGroups(client, query.by, filter);
      downloadText(
        `delivery-metrics-${query.period.from}-to-${query.period.to}.csv`,
        metricsCsv(report, { by: query.by, items }),
      );
    } catch (error) {
      setExportError(error);
    }
  };

  const isNarrow = useNarrow();
  const actions = (
    <>
      <Button
        sx={buttonSx}
        size="small"
        variant="outlined"
        startIcon={<icons.ExternalIcon />}
        onClick={copyLink}
      >
        {copied ? 'Link copied' : 'Copy link'}
      </Button>
      <Button
        sx={buttonSx}
        size="small"
        variant="outlined"
        startIcon={<icons.DownloadIcon />}
        onClick={exportCsv}
        disabled={problem !== undefined}
      >
        Export CSV
      </Button>
    </>
  );

  return (
    <PageFrame title="Delivery metrics" actions={!isNarrow && actions}>
      {isNarrow && (
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mb: 1.5 }}>
          {actions}
        </Box>
      )}
      <MetricsFilters
        query={query}
        problem={problem}
        onChange={change}
        freshness={
          live.data && (
            <>
              Production only, UTC; read <Time at={live.data.readAt} />
            </>
          )
        }
      />
      {exportError !== undefined && (
        <ErrorNote title="Nothing was exported" error={exportError} />
      )}
      {!problem && (
        <PageState state={live} what="the metrics" lines={8}>
          {report =>
            report && (
              <Box
                sx={{
                  display: 'grid',
                  gap: 2.5,
                  gridTemplateColumns: 'minmax(0, 1fr)',
                }}
              >
                <Box
                  sx={{
                    display: 'grid',
                    gap: 1.5,
                    gridTemplateColumns: {
                      xs: 'repeat(2, minmax(0, 1fr))',
                      md: 'repeat(3, minmax(0, 1fr))',
                      lg: 'repeat(4, minmax(0, 1fr))',
                    },
                  }}
                >
                  {MEASURES.flatMap(id => {
                    const measure = report.measures.find(one => one.id === id);
                    return measure
                      ? [
                          <MeasureTile
                            key={id}
                            measure={measure}
                            report={report}
                            onEvents={() => change({ events: id })}
                          />,
                        ]
                      : [];
                  })}
                </Box>
                <LeadTimeChart report={report} />
                <Box
                  sx={{
                    display: 'grid',
                    gap: 2.5,
                    gridTemplateColumns: {
                      xs: 'minmax(0, 1fr)',
                      lg: 'repeat(2, minmax(0, 1fr))',
                    },
                  }}
                >
                  <DeploymentOutcomes report={report} />
                  <PipelineRuns report={report} />
                </Box>
                <GroupTable query={query} filter={filter} onChange={change} />
              </Box>
            )
          }
        </PageState>
      )}
      <EventsDrawer
        measure={problem ? undefined : query.events}
        filter={filter}
        period={query.period}
        onClose={() => change({ events: undefined })}
      />
    </PageFrame>
  );
}
