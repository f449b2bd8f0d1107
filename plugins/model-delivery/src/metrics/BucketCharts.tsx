import type { MetricsReport } from '@slipway/backstage-plugin-model-delivery-common';
import {
  BarChart,
  ChartFigure,
  formatNumber,
  formatShare,
  useChartColors,
} from '../charts';
import { Card, Message } from '../components';
import { dayLabel, weekLabels } from './weeks';

const HEIGHT = 220;
const whole = (value: number) => formatNumber(Math.abs(value), { digits: 0 });

function bucketName(report: MetricsReport): string {
  return report.bucketDays === 7 ? 'week' : `${report.bucketDays} days`;
}

/** Production deployments per week by what became of them, with incidents over them. */
export function DeploymentOutcomes(props: { report: MetricsReport }) {
  const { report } = props;
  const { outcomes } = report;
  const colors = useChartColors();
  const title = `Deployments per ${bucketName(report)} by outcome`;
  const total = outcomes.reduce(
    (sum, one) => sum + one.fullTraffic + one.hotFixed + one.rolledBack,
    0,
  );
  if (total === 0) {
    return (
      <Card title={title}>
        <Message title="No data">
          No deployment took production traffic in this period.
        </Message>
      </Card>
    );
  }
  const label = weekLabels(outcomes.map(one => one.from));
  const last = outcomes[outcomes.length - 1];
  return (
    <Card label={title}>
      <ChartFigure
        title={title}
        titleLevel="h2"
        height={HEIGHT}
        legend={[
          {
            label: 'full traffic',
            color: colors.candidate,
            mark: 'block',
            opacity: 0.55,
          },
          { label: 'hot-fixed', color: colors.warned, mark: 'block' },
          { label: 'rolled back', color: colors.failed, mark: 'block' },
          { label: 'incident', color: colors.ink, mark: 'triangle' },
        ]}
        alternative={`${title}: ${whole(total)} in all. In the last one ${
          last.fullTraffic
        } at full traffic, ${last.hotFixed} hot-fixed, ${
          last.rolledBack
        } rolled back, ${last.incidents} incidents.`}
        table={{
          columns: [
            'From',
            'Full traffic',
            'Hot-fixed',
            'Rolled back',
            'Incidents',
          ],
          rows: outcomes.map(one => [
            dayLabel(one.from),
            whole(one.fullTraffic),
            whole(one.hotFixed),
            whole(one.rolledBack),
            whole(one.incidents),
          ]),
        }}
      >
        <BarChart
          formatY={whole}
          flagTitle="incidents"
          series={[
            {
              id: 'fullTraffic',
              title: 'full traffic',
              color: colors.candidate,
              opacity: 0.55,
            },
            { id: 'hotFixed', title: 'hot-fixed', color: colors.warned },
            { id: 'rolledBack', title: 'rolled back', color: colors.failed },
          ]}
          data={outcomes.map(one => ({
            label: label(one.from),
            values: {
              fullTraffic: one.fullTraffic,
              hotFixed: one.hotFixed,
              rolledBack: one.rolledBack,
            },
            flags: one.incidents,
          }))}
        />
      </ChartFigure>
    </Card>
  );
}

/** Runs that quality refused, which are reliable, above; runs lost to infrastructure, which are not, below. */
export function PipelineRuns(props: { report: MetricsReport }) {
  const { report } = props;
  const { runs } = report;
  const colors = useChartColors();
  const title = 'Lost runs and refusals, share of runs';
  const finished = runs.reduce((sum, one) => sum + one.finished, 0);
  if (finished === 0) {
    return (
      <Card title={title}>
        <Message title="No data">
          No pipeline run finished in this period. Pipelines report their runs
          as they end.
        </Message>
      </Card>
    );
  }
  const label = weekLabels(runs.map(one => one.from));
  const target = report.measures.find(
    one => one.id === 'pipeline-reliability',
  )?.target;
  const limit = target ? 1 - target.value : null;
  const share = (count: number, of: number) => (of === 0 ? null : count / of);
  const refused = runs.reduce((sum, one) => sum + one.failure, 0) / finished;
  const lost = runs.reduce((sum, one) => sum + one.error, 0) / finished;
  const text = (value: number | null) =>
    value === null ? null : formatShare(value, 1);
  const data = runs.map(one => {
    const error = share(one.error, one.finished);
    return {
      label: label(one.from),
      values: {
        failure: share(one.failure, one.finished),
        error: error === null ? null : -error,
      },
    };
  });
  const reach = niceReach(
    Math.max(
      limit ?? 0,
      ...data.flatMap(one =>
        Object.values(one.values).map(value => Math.abs(value ?? 0)),
      ),
    ),
  );
  return (
    <Card label={title}>
      <ChartFigure
        title={title}
        titleLevel="h2"
        height={HEIGHT}
        legend={[
          {
            label: 'quality said no: reliable',
            color: colors.neutral,
            mark: 'block',
          },
          { label: 'infrastructure error', color: colors.error, mark: 'block' },
        ]}
        alternative={`Of ${whole(
          finished,
        )} finished runs quality refused ${text(
          refused,
        )}, which are reliable runs, and ${text(
          lost,
        )} were lost to infrastructure${
          limit === null ? '' : `, at most ${formatShare(limit, 0)} should be`
        }.`}
        table={{
          columns: ['From', 'Finished', 'Quality said no', 'Infrastructure'],
          rows: runs.map(one => [
            dayLabel(one.from),
            whole(one.finished),
            text(share(one.failure, one.finished)),
            text(share(one.error, one.finished)),
          ]),
        }}
      >
        <BarChart
          formatY={value => formatShare(Math.abs(value), 0)}
          yDomain={[-reach, reach]}
          yTicks={[-reach, -reach / 2, 0, reach / 2, reach]}
          series={[
            { id: 'failure', title: 'quality said no', color: colors.neutral },
            { id: 'error', title: 'infrastructure', color: colors.error },
          ]}
          limits={
            limit === null || !target
              ? []
              : [
                  {
                    value: -limit,
                    label: `limit ${formatShare(
                      limit,
                      0,
                    )}, so reliability over ${formatShare(target.value, 0)}`,
                  },
                ]
          }
          data={data}
        />
      </ChartFigure>
    </Card>
  );
}

/** The next round share that holds a value, so that ticks are round too. */
function niceReach(value: number): number {
  return (
    [0.04, 0.08, 0.12, 0.16, 0.2, 0.3, 0.4, 0.6, 0.8].find(
      reach => value <= reach,
    ) ?? 1
  );
}
