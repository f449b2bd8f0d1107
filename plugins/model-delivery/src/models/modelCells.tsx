import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@mui/material/Box';
import type { ModelSummary } from '@slipway/backstage-plugin-model-delivery-common';
import { StateLabel, Sub, Time, useTones } from '../components';
import { promotionRouteRef } from '../routes';

/** What there is nothing of, said in grey. */
export function Grey(props: { children: React.ReactNode }) {
  return (
    <Box component="span" sx={{ color: 'text.secondary' }}>
      {props.children}
    </Box>
  );
}

/** What serves in production and since when, and what takes over from it. */
export function InProduction(props: { model: ModelSummary }) {
  const { production, rollout } = props.model;
  return (
    <>
      {production ? (
        <>
          <b>{production.version}</b>{' '}
          <Grey>
            for <Time at={production.since} as="since" />
          </Grey>
        </>
      ) : (
        <Grey>Nothing yet</Grey>
      )}
      {rollout && <RollingOut rollout={rollout} />}
    </>
  );
}

function RollingOut(props: { rollout: NonNullable<ModelSummary['rollout']> }) {
  const { version, share, promotionId } = props.rollout;
  const promotionRoute = useRouteRef(promotionRouteRef);
  const tones = useTones();
  return (
    <Link
      to={promotionRoute({ id: promotionId })}
      title={`${version} receives ${share} % of production traffic`}
    >
      <Box
        component="span"
        sx={{
          display: 'flex',
          alignItems: 'center',
          gap: '6px',
          fontSize: 12,
          lineHeight: '16px',
        }}
      >
        <Box
          component="span"
          sx={{
            width: 44,
            height: 6,
            flex: 'none',
            borderRadius: '3px',
            bgcolor: 'divider',
            overflow: 'hidden',
          }}
        >
          <Box
            component="span"
            sx={{
              display: 'block',
              height: '100%',
              width: `${share}%`,
              bgcolor: tones.running.mark,
            }}
          />
        </Box>
        {version} {share} %
      </Box>
    </Link>
  );
}

/** What the model waits for, with the way to it. */
export function Waiting(props: {
  waiting: ModelSummary['waiting'];
  hasReview: boolean;
}) {
  const { kind, detail, promotionId, since } = props.waiting;
  const promotionRoute = useRouteRef(promotionRouteRef);
  if (kind === 'nothing') {
    return props.hasReview ? null : <Grey>Nothing</Grey>;
  }
  const label = <StateLabel waiting={kind} />;
  return (
    <>
      {promotionId ? (
        <Link to={promotionRoute({ id: promotionId })}>{label}</Link>
      ) : (
        label
      )}
      <Sub>
        {detail}
        {detail && since && ', '}
        {since && <Time at={since} as="since" />}
      </Sub>
    </>
  );
}
