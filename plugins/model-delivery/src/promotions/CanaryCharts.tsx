import Box from '@mui/material/Box';
import type {
  MetricAnalysis,
  Promotion,
  RolloutSeries,
  RolloutStep,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  ChartFigure,
  formatNumber,
  formatShare,
  LegendEntry,
  LineChart,
  LinePoint,
  LineSeries,
  niceTicks,
  useChartColors,
} from '../charts';
import { Card } from '../components';
import { ChartLegend } from '../charts/ChartLegend';
import {
  CanaryLines,
  errorRateLines,
  lastOf,
  latencyLines,
  stepMarksOf,
  trafficLines,
} from './series';
import { VerdictLabel } from './AnalysisTable';
import { stepToShow } from './StepStatistics';

const HEIGHT = 150;

/** Times of day; with seconds where minutes would repeat themselves along the axis. */
function clockOf(series: RolloutSeries): (millis: number) => string {
  const [first, last] = [
    series.points[0],
    series.points[series.points.length - 1],
  ];
  const isShort = Date.parse(last.at) - Date.parse(first.at) < 10 * 60_000;
  return millis =>
    new Date(millis).toLocaleTimeString('en-GB', {
      hour: '2-digit',
      minute: '2-digit',
      ...(isShort && { second: '2-digit' }),
    });
}

/** Candidate and control side by side over the rollout: errors, latency, traffic. */
export function CanaryCharts(props: {
  promotion: Promotion;
  series: RolloutSeries;
}) {
  const { promotion, series } = props;
  const colors = useChartColors();
  const answered = (side: 'candidate' | 'control') =>
    series.points.some(point => point[side].requests > 0);
  if (!answered('candidate') && !answered('control')) {
    return null;
  }
  const hasControl = answered('control');
  const from = promotion.from?.version ?? 'before';
  const legend: LegendEntry[] = [
    {
      label: `candidate ${promotion.version}`,
      color: colors.candidate,
      mark: 'line',
    },
    ...(hasControl
      ? [
          {
            label: `control ${from}`,
            color: colors.control,
            mark: 'dashed' as const,
          },
        ]
      : []),
    { label: 'limit', color: colors.limit, mark: 'dotted' },
    { label: '95 % interval', color: colors.candidate, mark: 'band' },
  ];
  const step = promotion.rollout && stepToShow(promotion.rollout);
  const analysisOf = (metric: string) =>
    step?.analysis.find(one => one.metric === metric);
  const errors = errorRateLines(series);
  const errorAnalysis = analysisOf('error-rate');
  const controlRate = errorAnalysis?.control.value ?? lastOf(errors.control);
  const limit =
    errorAnalysis && controlRate !== null
      ? controlRate + errorAnalysis.margin
      : null;
  const shared = { promotion, series, hasControl, step };

  return (
    <Card
      title={
        promotion.rollout?.plan.strategy === 'canary'
          ? 'Canary against control'
          : 'Candidate against control'
      }
      aside={<ChartLegend entries={legend} />}
    >
      <Box
        sx={{
          display: 'grid',
          gap: 2.5,
          gridTemplateColumns: {
            xs: 'minmax(0, 1fr)',
            md: 'repeat(3, minmax(0, 1fr))',
          },
        }}
      >
        <SideBySide
          {...shared}
          title="Error rate, %"
          subtitle="Share of answers with an error, in the step so far"
          lines={errors}
          limit={limit}
          analysis={errorAnalysis}
          highest={1}
          format={value => formatShare(value)}
          tick={value =>
            formatNumber(value * 100, { digits: value < 0.1 ? 1 : 0 })
          }
        />
        <SideBySide
          {...shared}
          title="Latency p95, ms"
          subtitle="Judged by the shift of all latencies, below"
          lines={latencyLines(series)}
          limit={null}
          analysis={analysisOf('latency')}
          format={value => `${formatNumber(value, { digits: 0 })} ms`}
          tick={value => formatNumber(value, { digits: 0 })}
        />
        <SideBySide
          {...shared}
          title="Traffic, requests a minute"
          subtitle="Answered by each version"
          lines={trafficLines(series)}
          limit={null}
          format={value => `${formatNumber(value, { digits: 0 })} a minute`}
          tick={value => formatNumber(value, { digits: 0 })}
        />
      </Box>
    </Card>
  );
}

function SideBySide(props: {
  promotion: Promotion;
  series: RolloutSeries;
  hasControl: boolean;
  title: string;
  subtitle: string;
  lines: CanaryLines;
  limit: number | null;
  /** The largest value that there can be. */
  highest?: number;
  analysis?: MetricAnalysis;
  step?: RolloutStep | null;
  format: (value: number) => string;
  tick: (value: number) => string;
}) {
  const { promotion, series, hasControl, title, subtitle, lines } = props;
  const { limit, highest, analysis, step, format, tick } = props;
  const colors = useChartColors();
  const drawn: LineSeries[] = [
    ...(hasControl
      ? [
          {
            id: 'control',
            title: `control ${promotion.from?.version ?? ''}`,
            color: colors.control,
            dash: '5 3',
            points: lines.control,
          },
        ]
      : []),
    {
      id: 'candidate',
      title: `candidate ${promotion.version}`,
      color: colors.candidate,
      points: lines.candidate,
    },
  ];
  const say = (points: LinePoint[]) => {
    const last = lastOf(points);
    return last === null ? 'no data' : format(last);
  };
  const clock = clockOf(series);
  const start = series.points[0];
  const yTicks = ticksOf(lines, limit, highest);
  return (
    <ChartFigure
      title={title}
      subtitle={subtitle}
      aside={
        analysis &&
        step && (
          <VerdictLabel
            analysis={analysis}
            minimumSamples={step.minimumSamples}
          />
        )
      }
      height={HEIGHT}
      alternative={`${title} since ${clock(Date.parse(start.at))}: candidate ${
        promotion.version
      } ${say(lines.candidate)}${
        hasControl
          ? `, control ${promotion.from?.version ?? ''} ${say(lines.control)}`
          : ''
      }${limit === null ? '' : `, limit ${format(limit)}`}.`}
      table={{
        columns: ['Time', 'Share', 'Candidate', 'Control'],
        rows: series.points.map((point, index) => [
          clock(Date.parse(point.at)),
          point.share === null ? null : `${point.share} %`,
          textOf(lines.candidate[index].y, format),
          textOf(lines.control[index].y, format),
        ]),
      }}
    >
      <LineChart
        series={drawn}
        limits={
          limit === null
            ? []
            : [{ value: limit, label: `limit ${tick(limit)}` }]
        }
        marks={stepMarksOf(series).map(mark => ({
          x: mark.x,
          label: `${mark.share} %`,
        }))}
        yTicks={yTicks}
        yDomain={[0, yTicks[yTicks.length - 1]]}
        formatX={clock}
        formatY={tick}
      />
    </ChartFigure>
  );
}

function textOf(
  value: number | null,
  format: (value: number) => string,
): string | null {
  return value === null ? null : format(value);
}

/**
 * Ticks up to what the lines and the limit need. Bands of the first few answers reach far beyond that; drawing them in
 * full would flatten everything else.
 */
function ticksOf(
  lines: CanaryLines,
  limit: number | null,
  highest = Infinity,
): number[] {
  const top = Math.max(
    (limit ?? 0) * 1.4,
    ...[...lines.candidate, ...lines.control].map(
      point => (point.y ?? 0) * 1.1,
    ),
  );
  return niceTicks(top > 0 ? Math.min(top, highest) : 1);
}
