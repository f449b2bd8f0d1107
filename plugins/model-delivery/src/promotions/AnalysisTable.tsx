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

/** By which statistic a metric is judged. */
const METHODS: Record<MetricAnalysis['kind'], string> = {
  proportion: 'Difference of proportions',
  distribution: 'Hodges-Lehmann shift',
  shift: 'Hodges-Lehmann shift',
  distance: 'Kolmogorov-Smirnov distance',
  stability: 'Population stability index',
};

/** What kind of quantity a metric of a rollout is. */
export function quantityOf(
  analysis: Pick<MetricAnalysis, 'kind' | 'unit'>,
): Quantity {
  if (analysis.kind === 'proportion') {
    return { kind: 'share' };
  }
  if (isOfScores(analysis)) {
    return { kind: 'plain' };
  }
  return analysis.unit === 'ms'
    ? { kind: 'milliseconds' }
    : { kind: 'plain', unit: analysis.unit };
}

/** In what the sides of a metric differ: for scores not in what they are. */
function differenceOf(analysis: MetricAnalysis): Quantity {
  switch (analysis.kind) {
    case 'shift':
      return { kind: 'percent', of: 'spread' };
    case 'distance':
      return { kind: 'share' };
    case 'stability':
      return { kind: 'plain', digits: 3 };
    default:
      return quantityOf(analysis);
  }
}

function isOfScores({ kind }: Pick<MetricAnalysis, 'kind'>): boolean {
  return kind !== 'proportion' && kind !== 'distribution';
}

/** Whether its difference has no direction. */
function isDistance({ kind }: Pick<MetricAnalysis, 'kind'>): boolean {
  return kind === 'distance' || kind === 'stability';
}

/** The margin with the side on which it lies. */
function marginOf(analysis: MetricAnalysis): string {
  const text = formatDifference(analysis.margin, differenceOf(analysis));
  if (!isOfScores(analysis)) {
    return text;
  }
  return text.replace('+', analysis.kind === 'shift' ? '±' : '');
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
  const quantity = differenceOf(analysis);
  const { difference, margin } = analysis;
  return (
    <tr>
      <th scope="row">
        {analysis.title}
        <Sub>{METHODS[analysis.kind]}</Sub>
      </th>
      <Side side={analysis.control} analysis={analysis} />
      <Side side={analysis.candidate} analysis={analysis} />
      <td>
        {difference ? (
          <DifferenceInterval
            label={analysis.title}
            {...difference}
            margin={margin}
            worse={analysis.kind === 'shift' ? 'both' : 'higher'}
            isDistance={isDistance(analysis)}
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
        {marginOf(analysis)} <Sub>{differenceUnit(quantity)}</Sub>
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
          ? valueWord(analysis)
          : `${formatNumber(side.count, { digits: 0 })} of ${samples}`}
      </Sub>
    </td>
  );
}

/** What the value of a side is. */
function valueWord(analysis: MetricAnalysis): string {
  return isOfScores(analysis) ? 'median' : 'p95';
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
  const { analysis, minimumSamples } = of;
  // Where nothing shows scores, no more of them will come
  return isOfScores(analysis) && analysis.candidate.samples === 0
    ? 0
    : minimumSamples - analysis.candidate.samples;
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

function isWithinMargin({ kind, difference, margin }: MetricAnalysis): boolean {
  return (
    difference !== null &&
    difference.high < margin &&
    (kind !== 'shift' || difference.low > -margin)
  );
}

/** Why a verdict is what it is; a pass is explained by the drawing beside it. */
function reasonOf(analysis: MetricAnalysis, missing: number): string {
  if (analysis.verdict === 'inconclusive' && missing > 0) {
    return `${formatNumber(missing, { digits: 0 })} more samples needed`;
  }
  if (analysis.verdict === 'pass') {
    return isWithinMargin(analysis) ? 'within the margin' : 'no sign of harm';
  }
  const { explanation } = analysis;
  return explanation.charAt(0).toUpperCase() + explanation.slice(1);
}
