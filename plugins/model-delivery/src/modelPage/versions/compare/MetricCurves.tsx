import { useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import {
  dataOf,
  Version,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useLive } from '../../../api';
import { Caption, PageState, Sub } from '../../../components';
import { useModelName } from '../../useModelDetail';
import { ComparedVersion } from './comparedVersion';
import { CurveFigure } from './CurveFigure';
import { curveOf, registryMetrics, VersionHistories } from './curves';

/** Charts at first, and further ones at a time; the API takes eight metrics at once. */
const BATCH = 6;

/** How the metrics of the versions went while they were trained, a chart for each, as the registry tells now. */
export function MetricCurves(props: {
  versions: Version[];
  columns: ComparedVersion[];
}) {
  const { versions, columns } = props;
  const [count, setCount] = useState(BATCH);
  const all = registryMetrics(versions);
  const asked = all.slice(0, count);
  return (
    <Box component="section" aria-label="Curves while training">
      <Caption>Curves while training</Caption>
      {all.length === 0 ? (
        <Sub>
          {versions.some(({ registry }) => registry)
            ? 'The registry holds no metrics of these versions.'
            : 'None of these versions was found in a model registry, which would hold them.'}
        </Sub>
      ) : (
        <Curves columns={columns} metrics={asked} />
      )}
      {all.length > count && (
        <Button
          size="small"
          onClick={() => setCount(shown => shown + BATCH)}
          sx={{ textTransform: 'none' }}
        >
          {Math.min(BATCH, all.length - count)} more of {all.length} metrics
        </Button>
      )}
    </Box>
  );
}

function Curves(props: { columns: ComparedVersion[]; metrics: string[] }) {
  const { columns, metrics } = props;
  const { ref } = useModelName();
  const names = columns.map(({ label }) => label);
  const told = useLive(
    `curves/${ref}/${JSON.stringify([names, metrics])}`,
    async ({ client, signal }) => {
      const batches = Array.from(
        { length: Math.ceil(metrics.length / BATCH) },
        (_, index) => metrics.slice(index * BATCH, (index + 1) * BATCH),
      );
      return Promise.all(
        columns.map(async (column): Promise<VersionHistories> => {
          const { namespace, name, version } = column;
          const answers = await Promise.all(
            batches.map(async metric =>
              dataOf(
                await client.GET(
                  '/models/{namespace}/{name}/versions/{version}/metric-history',
                  {
                    params: {
                      path: { namespace, name, version },
                      query: { metric },
                    },
                    signal,
                  },
                ),
              ),
            ),
          );
          return {
            version: column.label,
            histories: {
              state: answers[0].state,
              items: answers.flatMap(({ items }) => items),
            },
          };
        }),
      );
    },
  );
  return (
    <PageState state={told} what="the curves" lines={4}>
      {found => <Charts told={found} metrics={metrics} names={names} />}
    </PageState>
  );
}

function Charts(props: {
  told: VersionHistories[];
  metrics: string[];
  names: string[];
}) {
  const { told, metrics, names } = props;
  if (told.every(({ histories }) => histories.state === 'not-kept')) {
    return (
      <Sub>
        The registry keeps no history of metrics, only their last values.
      </Sub>
    );
  }
  const curves = metrics.map(metric => ({
    metric,
    curve: curveOf(metric, told),
  }));
  const once = curves.flatMap(({ metric, curve }) => (curve ? [] : [metric]));
  return (
    <>
      <Box
        sx={{
          display: 'grid',
          gap: 2.5,
          gridTemplateColumns: {
            xs: 'minmax(0, 1fr)',
            md: 'repeat(2, minmax(0, 1fr))',
            xl: 'repeat(3, minmax(0, 1fr))',
          },
        }}
      >
        {curves.map(
          ({ metric, curve }) =>
            curve && <CurveFigure key={metric} curve={curve} order={names} />,
        )}
      </Box>
      {once.length > 0 && (
        <Sub sx={{ mt: 1 }}>
          {once.length === metrics.length
            ? 'The registry keeps no history of these metrics: each was logged once.'
            : `Logged once, so without a curve: ${once.join(', ')}.`}
        </Sub>
      )}
    </>
  );
}
