import Box from '@mui/material/Box';
import type { MetricsReport } from '@slipway/backstage-plugin-model-delivery-common';
import {
  changeKindDash,
  ChartFigure,
  formatNumber,
  formatSpan,
  LineChart,
  useChartColors,
} from '../charts';
import { Card, Message } from '../components';
import { changeKindWords } from './measureText';
import { weekLabels } from './weeks';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Spans that people think in, for the ticks of a logarithmic axis. */
const TICKS = [
  60,
  600,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  12 * HOUR,
  DAY,
  3 * DAY,
  7 * DAY,
  20 * DAY,
  60 * DAY,
  180 * DAY,
];

/** Median and p90 of the lead time by kind of change, on a logarithmic scale, each line named at its end. */
export function LeadTimeChart(props: { report: MetricsReport }) {
  const { report } = props;
  const colors = useChartColors();
  const kinds = report.leadTime.filter(kind =>
    kind.points.some(point => point.median !== null),
  );
  const title = 'Lead time by kind of change';
  if (kinds.length === 0) {
    return (
      <Card title={title}>
        <Message title="No data">
          No deployment of this period is linked to its commits. Versions that
          are registered with their commits fill this chart.
        </Message>
      </Card>
    );
  }
  const sampleSize = kinds.reduce((sum, kind) => sum + kind.sampleSize, 0);
  const label = weekLabels(kinds[0].points.map(point => point.from));
  const values = kinds.flatMap(kind => [
    ...kind.points.flatMap(point =>
      [point.median ?? [], point.p90 ?? []].flat(),
    ),
    ...(kind.targetSeconds === null ? [] : [kind.targetSeconds]),
  ]);
  const positive = values.filter(value => value > 0);
  const yDomain: [number, number] = [
    Math.min(...positive) / 1.4,
    Math.max(...positive) * 1.3,
  ];
  const spanOf = (value: number | null) =>
    value === null ? null : formatSpan(value);

  return (
    <Card label={title}>
      <ChartFigure
        title={title}
        titleLevel="h2"
        subtitle={`Median line, shade to p90, log scale, n = ${formatNumber(
          sampleSize,
          { digits: 0 },
        )}`}
        height={300}
        minWidth={560}
        alternative={`Median lead time by week and kind of change. Over the whole period: ${kinds
          .map(
            kind =>
              `${changeKindWords[kind.changeKind].toLowerCase()} ${
                spanOf(kind.value) ?? 'no data'
              }`,
          )
          .join(', ')}.`}
        table={{
          columns: [
            'Week of',
            ...kinds.flatMap(kind => [
              `${changeKindWords[kind.changeKind]}, median`,
              'p90',
              'n',
            ]),
          ],
          rows: kinds[0].points.map((point, index) => [
            label(point.from),
            ...kinds.flatMap(kind => {
              const at = kind.points[index];
              return [
                spanOf(at?.median ?? null),
                spanOf(at?.p90 ?? null),
                String(at?.sampleSize ?? 0),
              ];
            }),
          ]),
        }}
      >
        <LineChart
          scale="log"
          yDomain={yDomain}
          yTicks={TICKS.filter(
            tick => tick >= yDomain[0] && tick <= yDomain[1],
          )}
          xTicks={kinds[0].points.map(point => Date.parse(point.from))}
          formatX={millis => label(new Date(millis).toISOString())}
          formatY={formatSpan}
          endLabelWidth={150}
          limits={kinds.flatMap(kind =>
            kind.targetSeconds === null
              ? []
              : [
                  {
                    value: kind.targetSeconds,
                    label: `target for ${changeKindWords[
                      kind.changeKind
                    ].toLowerCase()} ${formatSpan(kind.targetSeconds)}`,
                  },
                ],
          )}
          series={kinds.map(kind => ({
            id: kind.changeKind,
            title: changeKindWords[kind.changeKind],
            color: colors.changeKind[kind.changeKind],
            dash: changeKindDash[kind.changeKind],
            connectGaps: true,
            endLabel: `${changeKindWords[kind.changeKind].toLowerCase()} ${
              spanOf(lastMedian(kind.points)) ?? ''
            }`,
            points: kind.points.map(point => ({
              x: Date.parse(point.from),
              y: point.median,
              low: point.median,
              high: point.p90,
            })),
          }))}
        />
      </ChartFigure>
      <Box
        hidden={!kinds.some(hasGaps)}
        sx={{ fontSize: 12, lineHeight: '16px', color: 'text.secondary' }}
      >
        Where a line has dots, only those weeks had a deployment of that kind.
      </Box>
    </Card>
  );
}

function hasGaps(kind: MetricsReport['leadTime'][number]): boolean {
  return kind.points.some(point => point.median === null);
}

function lastMedian(
  points: MetricsReport['leadTime'][number]['points'],
): number | null {
  return (
    [...points].reverse().find(point => point.median !== null)?.median ?? null
  );
}
