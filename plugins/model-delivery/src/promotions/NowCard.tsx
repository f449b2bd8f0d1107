import Box from '@mui/material/Box';
import type { Promotion } from '@slipway/backstage-plugin-model-delivery-common';
import type { LiveStatus } from '../components';
import { Card, LiveDot, StateLabel, Time } from '../components';
import { NewerPolicy } from './NewerPolicy';
import { Notice } from './Notice';
import { stoppedBefore } from './stoppedBefore';
import { StateRail } from './StateRail';

/** What is true of a promotion now: in one sentence, with what it means, and where it is on its way. */
export function NowCard(props: {
  promotion: Promotion;
  status: LiveStatus;
  updatedAt: number | null;
}) {
  const { promotion, status, updatedAt } = props;
  return (
    <Card label="Now">
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
        <StateLabel promotion={promotion.state} filled>
          {stoppedBefore(promotion)}
        </StateLabel>
        <Box sx={{ ml: 'auto' }}>
          <LiveDot status={status} updatedAt={updatedAt} />
        </Box>
      </Box>
      <Box
        component="p"
        role="status"
        sx={{
          m: '8px 0 8px',
          fontSize: { xs: 18, md: 20 },
          lineHeight: { xs: '26px', md: '28px' },
          maxWidth: '60em',
        }}
      >
        {promotion.statement}
      </Box>
      <Box
        sx={{
          display: 'grid',
          gap: 1,
          maxWidth: '76em',
          fontSize: 12,
          lineHeight: '16px',
          color: 'text.secondary',
        }}
      >
        <Meaning promotion={promotion} />
      </Box>
      <StateRail promotion={promotion} />
    </Card>
  );
}

function Meaning(props: { promotion: Promotion }) {
  const { promotion } = props;
  const { state, error, from, environment, version } = promotion;
  const before = from?.version;
  const isOpen = ![
    'succeeded',
    'rolled-back',
    'rejected',
    'expired',
    'cancelled',
  ].includes(state);
  return (
    <>
      {promotion.firstDeployment && isOpen && (
        <Notice tone="running">
          First deployment: nothing serves in {environment} yet. There is no
          control to compare {version} with and no version to return to.
        </Notice>
      )}
      {error && (
        <Notice tone="error">
          <b>{error.message}</b> This is technical trouble, not a verdict on{' '}
          {version}.{' '}
          {state === 'paused' && <>It is tried again until that works.</>}
          {state !== 'paused' && error.retryAt && (
            <>
              Tried {error.attempts} {error.attempts === 1 ? 'time' : 'times'};
              tried again <Time at={error.retryAt} />.
            </>
          )}
          {state !== 'paused' && !error.retryAt && (
            <>
              Tried {error.attempts} {error.attempts === 1 ? 'time' : 'times'}{' '}
              and not again by itself: somebody has to retry or cancel.
            </>
          )}
        </Notice>
      )}
      {state === 'paused' && promotion.share === 0 && (
        <Notice tone="warned">
          <b>Resume</b> measures anew, <b>cancel</b> ends it.{' '}
          {before ?? 'Nothing'} serves until then; nobody has been served by{' '}
          {version}.
        </Notice>
      )}
      {state === 'paused' && promotion.share !== 0 && (
        <Notice tone="warned">
          <b>Resume</b> measures the step anew, <b>abort</b>{' '}
          {before
            ? `sends all traffic back to ${before}`
            : `takes all traffic from ${version}`}
          . Until then the traffic stays at {promotion.share ?? 0} %
          {(promotion.rollout?.plan.metrics.length ?? 0) > 0 &&
            `, unless ${version} fails: it is watched`}
          .
        </Notice>
      )}
      {state === 'rolling-out' &&
        promotion.rollout?.plan.strategy === 'canary' && (
          <span>
            If a step does not get its samples in time it is inconclusive and
            the rollout pauses; it never passes on too few.
            {before &&
              (promotion.share ?? 0) < 100 &&
              ` ${before} still serves ${100 - (promotion.share ?? 0)} %.`}
          </span>
        )}
      {state === 'rolling-out' &&
        promotion.rollout?.plan.strategy === 'blue-green' &&
        before && (
          <span>
            {promotion.share === 0
              ? `All traffic switches to ${version} at once, and not before ${before} gives enough to compare it with.`
              : `${before} is kept ready: a failure switches all traffic back at once.`}
          </span>
        )}
      {state === 'blocked' && (
        <span>
          New evidence evaluates the gates again by itself. What does not let
          through is listed under Gates.
        </span>
      )}
      {promotion.expiresAt && state === 'awaiting-approval' && (
        <span>
          Expires <Time at={promotion.expiresAt} /> unless it is decided.
        </span>
      )}
      <NewerPolicy promotion={promotion} />
      {promotion.note && isOpen && <span>Note: {promotion.note}</span>}
    </>
  );
}
