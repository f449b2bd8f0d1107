import { useState } from 'react';
import Box from '@mui/material/Box';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import type { Deployment } from '@slipway/backstage-plugin-model-delivery-common';
import { readableError, Time, toMillis, useNow } from '../../components';
import { DeploymentBar } from './DeploymentBar';
import { IncidentSign } from './IncidentSign';
import {
  axisTicks,
  IncidentMark,
  incidentMarks,
  TimelineBar,
  timelineBars,
} from './timeline';
import { Period, usePeriod } from './usePeriod';

const DAY = 86_400_000;
const PERIODS = [7, 30, 90, 365];

/**
 * A line of bars per environment: which version served from when to when. Each leads to its promotion, with the evidence and
 * the people, and the table below holds the same in words.
 */
export function DeploymentsTimeline(props: {
  /** The latest, newest first: they tell the period to begin with, and are drawn until it is loaded. */
  recent: Deployment[];
  /** Whether there are no others. */
  isWhole: boolean;
  /** In the order of the policy; others that have a history follow. */
  environments: string[];
}) {
  const { recent, isWhole } = props;
  const now = useNow(60_000);
  const [days, setDays] = useState(() => startingPeriod(recent, now));
  const drawn = usePeriod(days, recent, isWhole);
  const { deployments, incidents } = drawn;
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
            marks={incidentMarks(
              incidents,
              deployments,
              environment,
              from,
              now,
            )}
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
      <PeriodNotes period={drawn} />
    </>
  );
}

/** What of the period is not drawn, and how to read what is. */
function PeriodNotes(props: { period: Period }) {
  const { period } = props;
  const unlinked = period.incidents.filter(each => !each.deploymentId).length;
  return (
    <Box sx={{ mt: 1, fontSize: 13, color: 'text.secondary' }} role="status">
      {period.isLoading && <div>Loading the rest of the period…</div>}
      {period.failed !== undefined && (
        <div>
          The rest of the period could not be loaded:{' '}
          {readableError(period.failed).message}
        </div>
      )}
      {period.stoppedAt && (
        <div>
          Only the latest {period.deployments.length} deployments of this period
          are drawn; what began before{' '}
          <Time at={period.stoppedAt} as="datetime" /> is left out. Choose a
          shorter period, or read on in the history below
        </div>
      )}
      {period.incidents.length > unlinked && (
        <div>▲ an incident, at the deployment that caused it</div>
      )}
      {unlinked > 0 && (
        <div>
          {unlinked === 1
            ? '1 incident of this period is linked to no deployment'
            : `${unlinked} incidents of this period are linked to no deployment`}
        </div>
      )}
    </Box>
  );
}

/** The shortest period that shows the whole history, 90 days at most. */
function startingPeriod(deployments: Deployment[], now: number): number {
  const oldest = Math.min(...deployments.map(each => toMillis(each.startedAt)));
  const whole = PERIODS.find(period => now - oldest < period * DAY) ?? 90;
  return Math.min(whole, 90);
}

function EnvironmentLine(props: {
  environment: string;
  days: number;
  bars: TimelineBar[];
  marks: IncidentMark[];
}) {
  const { environment, days, bars, marks } = props;
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
          <DeploymentBar key={bar.deployment.id} bar={bar} />
        ))}
        {marks.map(mark => (
          <IncidentSign key={mark.incident.id} mark={mark} />
        ))}
      </Box>
    </Box>
  );
}
