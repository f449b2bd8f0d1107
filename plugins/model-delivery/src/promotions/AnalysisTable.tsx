import Box from '@mui/material/Box';
import type { MetricAnalysis } from '@slipway/backstage-plugin-model-delivery-common';
import {
  DifferenceInterval,
  differenceUnit,
  formatDifference,
  formatNumber,
  formatQuantity,
  Quantity,
} from '../charts';
import { icons, ScrollRegion, StateLabel, Sub, tableSx } from '../components';

const statisticsSx = {
  ...tableSx,
  minWidth: 740,
  '& tbody th': { minWidth: 110 },
} as const;

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

/** Candidate against control, metric by metric, with the verdict and its reason. */
export function AnalysisTable(props: {
  /** Names the table for those who do not see it. */
  label: string;
  analysis: MetricAnalysis[];
  minimumSamples: number;
}) {
  const { label, analysis, minimumSamples } = props;
  return (
    <ScrollRegion label={`Table: ${label}`}>
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
          {analysis.map(each => (
            <Row
              key={each.metric}
              analysis={each}
              minimumSamples={minimumSamples}
            />
          ))}
        </tbody>
      </Box>
    </ScrollRegion>
  );
}

function Row(props: { analysis: MetricAnalysis; minimumSamples: number }) {
  const { analysis, minimumSamples } = props;
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
        <Sub>of {formatNumber(minimumSamples, { digits: 0 })}</Sub>
      </td>
      <td>
        <Verdict {...props} />
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
  minimumSamples: number;
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
  minimumSamples: number;
}): number {
  return of.minimumSamples - of.analysis.candidate.samples;
}

function Verdict(props: { analysis: MetricAnalysis; minimumSamples: number }) {
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
