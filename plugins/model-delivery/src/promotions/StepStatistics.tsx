import Box from '@mui/material/Box';
import type {
  MetricAnalysis,
  Rollout,
  RolloutStep,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  DifferenceInterval,
  differenceUnit,
  formatDifference,
  formatNumber,
  formatQuantity,
  Quantity,
} from '../charts';
import {
  Card,
  icons,
  ScrollRegion,
  StateLabel,
  Sub,
  tableSx,
} from '../components';
import { ClockOrDate } from './StateRail';

const statisticsSx = {
  ...tableSx,
  minWidth: 740,
  '& tbody th': { minWidth: 110 },
} as const;

/** The step whose statistics say most now: the one that runs, or else the last that was judged. */
export function stepToShow(rollout: Rollout): RolloutStep | undefined {
  return [...rollout.steps].reverse().find(step => step.analysis.length > 0);
}

/** The shadow's statistics, as long as no step has any. */
function shadowToShow({ plan, shadow }: Rollout): RolloutStep | undefined {
  return plan.shadow && shadow && shadow.analysis.length > 0
    ? { ...plan.shadow, ...shadow, index: -1, samples: null }
    : undefined;
}

/** What kind of quantity a metric of a rollout is. */
export function quantityOf(
  analysis: Pick<MetricAnalysis, 'kind' | 'unit'>,
): Quantity {
  if (analysis.kind === 'proportion') {
    return { kind: 'share' };
  }
  return analysis.unit === 'ms'
    ? { kind: 'milliseconds' }
    : { kind: 'plain', unit: analysis.unit };
}

/** Candidate against control in numbers, metric by metric, with the verdict and its reason. */
export function StepStatistics(props: {
  rollout: Rollout;
  /** Whether the rollout is paused, so that nothing is judged until somebody resumes. */
  isPaused: boolean;
}) {
  const ownStep = stepToShow(props.rollout);
  const step = ownStep ?? shadowToShow(props.rollout);
  if (!step) {
    return null;
  }
  const title = ownStep
    ? `Statistics of step ${step.share} %`
    : 'Statistics of the shadow';
  const level = step.analysis.find(one => one.difference)?.difference?.level;
  return (
    <Card
      title={title}
      aside={
        <>
          {level !== undefined &&
            `Interval ${formatNumber(level * 100, { digits: 0 })} %. `}
          {step.judgedAt && (
            <>
              Judged <ClockOrDate at={step.judgedAt} />
            </>
          )}
          {!step.judgedAt && props.isPaused && 'Paused; this is a preview'}
          {!step.judgedAt && !props.isPaused && step.endsAt && (
            <>
              Judged at <ClockOrDate at={step.endsAt} />; until then this is a
              preview
            </>
          )}
        </>
      }
    >
      <ScrollRegion label={`Table: ${title}`}>
        <Box component="table" sx={statisticsSx}>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col" className="num">
                Control
              </th>
              <th scope="col" className="num">
                Candidate
              </th>
              <th scope="col">Difference with interval</th>
              <th scope="col" className="num">
                Margin
              </th>
              <th scope="col" className="num">
                Samples
              </th>
              <th scope="col">Verdict</th>
            </tr>
          </thead>
          <tbody>
            {step.analysis.map(analysis => (
              <Row key={analysis.metric} analysis={analysis} step={step} />
            ))}
          </tbody>
        </Box>
      </ScrollRegion>
    </Card>
  );
}

function Row(props: { analysis: MetricAnalysis; step: RolloutStep }) {
  const { analysis, step } = props;
  const quantity = quantityOf(analysis);
  const { difference, margin } = analysis;
  return (
    <tr>
      <th scope="row">
        {analysis.title}
        <Sub>
          {analysis.kind === 'proportion'
            ? 'Difference of proportions'
            : 'Hodges-Lehmann shift'}
        </Sub>
      </th>
      <Side side={analysis.control} analysis={analysis} />
      <Side side={analysis.candidate} analysis={analysis} />
      <td>
        {difference ? (
          <DifferenceInterval
            label={analysis.title}
            {...difference}
            margin={margin}
            quantity={quantity}
            width={144}
          />
        ) : (
          <Box component="span" sx={{ color: 'text.secondary' }}>
            No data
          </Box>
        )}
      </td>
      <td className="num">
        {formatDifference(margin, quantity)}{' '}
        <Sub>{differenceUnit(quantity)}</Sub>
      </td>
      <td className="num">
        {formatNumber(analysis.candidate.samples, { digits: 0 })}
        <Sub>of {formatNumber(step.minimumSamples, { digits: 0 })}</Sub>
      </td>
      <td>
        <Verdict analysis={analysis} step={step} />
      </td>
    </tr>
  );
}

function Side(props: {
  side: MetricAnalysis['control'];
  analysis: MetricAnalysis;
}) {
  const { side, analysis } = props;
  const samples = formatNumber(side.samples, { digits: 0 });
  return (
    <td className="num">
      {side.value === null ? (
        <Box component="span" sx={{ color: 'text.secondary' }}>
          No data
        </Box>
      ) : (
        formatQuantity(side.value, quantityOf(analysis))
      )}
      <Sub>
        {side.count === undefined
          ? 'p95'
          : `${formatNumber(side.count, { digits: 0 })} of ${samples}`}
      </Sub>
    </td>
  );
}

/** A verdict in one or two words; an inconclusive one says when it is for want of samples. */
export function VerdictLabel(props: {
  analysis: MetricAnalysis;
  step: RolloutStep;
}) {
  const { analysis } = props;
  return analysis.verdict === 'inconclusive' && missingSamples(props) > 0 ? (
    <StateLabel
      appearance={{
        label: 'Too few',
        tone: 'warned',
        icon: icons.InconclusiveIcon,
      }}
    />
  ) : (
    <StateLabel analysis={analysis.verdict} />
  );
}

function missingSamples(of: {
  analysis: MetricAnalysis;
  step: RolloutStep;
}): number {
  return of.step.minimumSamples - of.analysis.candidate.samples;
}

function Verdict(props: { analysis: MetricAnalysis; step: RolloutStep }) {
  const { analysis } = props;
  const missing = missingSamples(props);
  return (
    <>
      <VerdictLabel {...props} />
      <Sub sx={{ minWidth: 120 }}>{reasonOf(analysis, missing)}</Sub>
    </>
  );
}

/** Why a verdict is what it is; a pass is explained by the drawing beside it. */
function reasonOf(analysis: MetricAnalysis, missing: number): string {
  if (analysis.verdict === 'inconclusive' && missing > 0) {
    return `${formatNumber(missing, { digits: 0 })} more samples needed`;
  }
  if (analysis.verdict === 'pass') {
    return analysis.difference && analysis.difference.high < analysis.margin
      ? 'within the margin'
      : 'no sign of harm';
  }
  const { explanation } = analysis;
  return explanation.charAt(0).toUpperCase() + explanation.slice(1);
}
