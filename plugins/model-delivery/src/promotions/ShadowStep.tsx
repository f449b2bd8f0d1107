import Box from '@mui/material/Box';
import type {
  Rollout,
  RolloutShadow,
} from '@slipway/backstage-plugin-model-delivery-common';
import { formatNumber, formatShare } from '../charts';
import { Card, formatDuration, StateLabel, Sub } from '../components';

type ShadowPlan = NonNullable<Rollout['plan']['shadow']>;

const factsSx = {
  m: 0,
  display: 'grid',
  gap: 1.5,
  gridTemplateColumns: {
    xs: 'repeat(2, minmax(0, 1fr))',
    md: 'repeat(4, minmax(0, 1fr))',
  },
  '& dt': { fontSize: 12, lineHeight: '16px', color: 'text.secondary' },
  '& dd': { m: 0, fontSize: 18, lineHeight: '24px', fontWeight: 600 },
} as const;

/** The shadow before a rollout: how the answers of a version that serves nobody compare with those that were returned. */
export function ShadowStep(props: {
  plan: ShadowPlan;
  shadow: RolloutShadow;
  version: string;
  from: string | null;
}) {
  const { plan, shadow, version } = props;
  const from = props.from ?? 'what serves';
  const { mirrored = 0, skipped = 0, agreed = 0 } = shadow.comparison ?? {};
  const compared = mirrored - skipped;
  const largest = shadow.comparison?.largestDifference ?? null;
  return (
    <Card title="Shadow" aside={<StateLabel step={shadow.state} />}>
      <Box component="p" sx={{ m: '0 0 12px' }}>
        {version} gets copies of {plan.share} % of the requests for{' '}
        {formatDuration(plan.windowSeconds)}. Its answers are compared with
        those of {from} and returned to nobody.
      </Box>
      <Box component="dl" sx={factsSx}>
        <Fact
          title="Answers that agree"
          value={compared > 0 ? formatShare(agreed / compared) : 'No data'}
        >
          at least {formatShare(1 - plan.maxDisagreement)} have to
        </Fact>
        <Fact title="Answers compared" value={count(compared)}>
          of {count(plan.minimumSamples)} needed
          {skipped > 0 && `; ${count(skipped)} copies left out`}
        </Fact>
        <Fact
          title="Largest difference"
          value={
            largest === null ? 'No data' : `${Number(largest.toPrecision(3))}`
          }
        >
          {plan.tolerance
            ? `tolerance ${plan.tolerance}`
            : 'numbers have to be equal'}
        </Fact>
        <Fact title={`Served by ${version}`} value="Nobody">
          {from} answered every request
        </Fact>
      </Box>
      {shadow.explanation && (
        <Sub sx={{ mt: 1.5 }}>{sentence(shadow.explanation)}</Sub>
      )}
    </Card>
  );
}

function Fact(props: {
  title: string;
  value: string;
  children: React.ReactNode;
}) {
  return (
    <div>
      <dt>{props.title}</dt>
      <dd>{props.value}</dd>
      <Box component="dd" sx={{ '&&': { fontWeight: 400 } }}>
        <Sub>{props.children}</Sub>
      </Box>
    </div>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function count(value: number): string {
  return formatNumber(value, { digits: 0 });
}
