import { useState } from 'react';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@mui/material/Box';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import type { Deployment } from '@slipway/backstage-plugin-model-delivery-common';
import {
  formatDuration,
  Time,
  toMillis,
  Tone,
  useNow,
  useTones,
  VisuallyHidden,
} from '../../components';
import { deploymentOutcomes } from '../../components/states';
import { promotionRouteRef } from '../../routes';
import { rowIdOf } from './DeploymentsTable';
import { axisTicks, TimelineBar, timelineBars } from './timeline';

const DAY = 86_400_000;
const PERIODS = [7, 30, 90, 365];

/**
 * A line of bars per environment: which version served from when to when. Each leads to its promotion, with the evidence and
 * the people, and the table below holds the same in words.
 */
export function DeploymentsTimeline(props: {
  deployments: Deployment[];
  /** In the order of the policy; others that have a history follow. */
  environments: string[];
}) {
  const { deployments } = props;
  const now = useNow(60_000);
  const [days, setDays] = useState(() => startingPeriod(deployments, now));
  const from = now - days * DAY;
  const environments = [
    ...new Set([
      ...props.environments,
      ...deployments.map(each => each.environment),
    ]),
  ];
  return (
    <>
      <ToggleButtonGroup
        exclusive
        size="small"
        value={days}
        onChange={(_, value: number | null) => value && setDays(value)}
        aria-label="Period"
        sx={{ mb: 1.5 }}
      >
        {PERIODS.map(period => (
          <ToggleButton
            key={period}
            value={period}
            sx={{
              textTransform: 'none',
              py: '2px',
              fontSize: 13,
              color: 'text.primary',
            }}
          >
            {period === 365 ? '1 year' : `${period} days`}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <Box sx={{ display: 'grid', gap: '6px' }}>
        {environments.map(environment => (
          <EnvironmentLine
            key={environment}
            environment={environment}
            days={days}
            bars={timelineBars(deployments, environment, from, now)}
          />
        ))}
        <Box
          aria-hidden
          sx={{
            display: 'flex',
            ml: { sm: '120px' },
            fontSize: 11,
            lineHeight: '16px',
            color: 'text.secondary',
          }}
        >
          {axisTicks(from, now).map(tick => (
            <Box
              key={tick}
              sx={{
                flex: 1,
                minWidth: 0,
                overflow: 'hidden',
                '&:nth-of-type(even)': { display: { xs: 'none', sm: 'block' } },
              }}
            >
              <Time at={tick} as="date" />
            </Box>
          ))}
        </Box>
      </Box>
    </>
  );
}

/** The shortest period that shows the whole history, 90 days at most. */
function startingPeriod(deployments: Deployment[], now: number): number {
  const oldest = Math.min(...deployments.map(each => toMillis(each.startedAt)));
  const whole = PERIODS.find(period => now - oldest < period * DAY) ?? 90;
  return Math.min(whole, 90);
}

const tones: Record<Deployment['outcome'], Tone> = {
  'rolling-out': 'running',
  serving: 'ok',
  superseded: 'neutral',
  'rolled-back': 'failed',
};

function EnvironmentLine(props: {
  environment: string;
  days: number;
  bars: TimelineBar[];
}) {
  const { environment, days, bars } = props;
  return (
    <Box
      sx={{
        display: 'grid',
        gridTemplateColumns: {
          xs: 'minmax(0, 1fr)',
          sm: '108px minmax(0, 1fr)',
        },
        gap: '2px 12px',
        alignItems: 'center',
      }}
    >
      <Box sx={{ fontWeight: 700, overflowWrap: 'anywhere' }}>
        {environment}
      </Box>
      <Box
        component="ul"
        aria-label={`Deployments to ${environment} in ${days} days`}
        sx={{
          position: 'relative',
          height: 34,
          m: 0,
          p: 0,
          listStyle: 'none',
          borderRadius: '4px',
          bgcolor: 'action.hover',
          overflow: 'hidden',
        }}
      >
        {bars.map(bar => (
          <Bar key={bar.deployment.id} bar={bar} />
        ))}
      </Box>
    </Box>
  );
}

/** A bar that nobody could hit: it is drawn and read out, and the table has the way. A shorter period makes it wider. */
const TOO_NARROW = '@container (max-width: 23px)';

function Bar(props: { bar: TimelineBar }) {
  const { deployment, left, width } = props.bar;
  const colors = useTones()[tones[deployment.outcome]];
  const { label, icon: Icon } = deploymentOutcomes[deployment.outcome];
  const now = useNow(60_000);
  const seconds =
    (toMillis(deployment.endedAt ?? now) - toMillis(deployment.startedAt)) /
    1000;
  const text = `${
    deployment.version
  }, ${label.toLowerCase()}, from ${deployment.startedAt.slice(0, 10)}${
    deployment.endedAt ? ` to ${deployment.endedAt.slice(0, 10)}` : ''
  }, ${formatDuration(seconds)}`;
  const promotionRoute = useRouteRef(promotionRouteRef);
  const way = {
    'aria-label': text,
    sx: {
      display: 'flex',
      alignItems: 'center',
      gap: '4px',
      height: '100%',
      pl: '9px',
      pr: '6px',
      color: colors.text,
      textDecoration: 'none',
      '&:hover': { textDecoration: 'underline', color: colors.text },
      '&:focus-visible': {
        outline: '2px solid',
        outlineColor: colors.text,
        outlineOffset: '-2px',
      },
      [TOO_NARROW]: { display: 'none' },
    },
    children: (
      <>
        {deployment.outcome !== 'superseded' && (
          <Box
            component="span"
            aria-hidden
            sx={{ display: 'flex', fontSize: 13 }}
          >
            <Icon sx={{ fontSize: 'inherit' }} />
          </Box>
        )}
        <span aria-hidden>{deployment.version}</span>
      </>
    ),
  };
  return (
    <Box
      component="li"
      title={text}
      sx={{
        position: 'absolute',
        top: 3,
        bottom: 3,
        left: `${left}%`,
        width: `calc(${width}% - 2px)`,
        minWidth: 4,
        borderRadius: '3px',
        bgcolor: colors.surface,
        boxShadow: `inset 3px 0 0 ${colors.mark}`,
        fontSize: 12,
        fontWeight: 700,
        whiteSpace: 'nowrap',
        overflow: 'hidden',
        containerType: 'size',
      }}
    >
      {deployment.promotionId ? (
        <Box
          component={Link}
          to={promotionRoute({ id: deployment.promotionId })}
          {...way}
        />
      ) : (
        // What was recorded from outside has no promotion; what is known of it stands in the table
        <Box component="a" href={`#${rowIdOf(deployment)}`} {...way} />
      )}
      <Box
        component="span"
        sx={{ display: 'none', [TOO_NARROW]: { display: 'block' } }}
      >
        <VisuallyHidden>{text}</VisuallyHidden>
      </Box>
    </Box>
  );
}
