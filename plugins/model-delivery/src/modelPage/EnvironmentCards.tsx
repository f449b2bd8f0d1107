import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@mui/material/Box';
import type {
  EnvironmentStatus,
  ModelDetail,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  Digest,
  icons,
  ApproverNames,
  PeopleNames,
  StateLabel,
  Sub,
  Time,
  useTones,
} from '../components';
import { openRevocations } from '../revocations/revoked';
import { promotionRouteRef } from '../routes';
import { RollBackButton } from './RollBackButton';

/** What serves in each environment, in the order in which a version passes through them. */
export function EnvironmentCards(props: { model: ModelDetail }) {
  const { model } = props;
  const count = model.environments.length;
  return (
    <Box
      component="ol"
      aria-label="Environments"
      sx={{
        listStyle: 'none',
        m: 0,
        p: 0,
        display: 'grid',
        gridTemplateColumns: {
          xs: 'minmax(0, 1fr)',
          sm: `repeat(${Math.min(count, 2)}, minmax(0, 1fr))`,
          lg: `repeat(${count}, minmax(0, 1fr))`,
        },
        gap: { xs: 1.5, lg: '28px' },
      }}
    >
      {model.environments.map((environment, index) => (
        <Box
          component="li"
          key={environment.name}
          sx={{ position: 'relative' }}
        >
          <EnvironmentCard
            environment={environment}
            mayRollBack={model.viewer.mayRollBack}
          />
          {index < count - 1 && (
            <Box
              aria-hidden
              sx={{
                display: { xs: 'none', lg: 'block' },
                position: 'absolute',
                top: 'calc(50% - 8px)',
                right: -22,
                fontSize: 16,
                lineHeight: '16px',
                color: 'text.secondary',
              }}
            >
              <icons.RightIcon />
            </Box>
          )}
        </Box>
      ))}
    </Box>
  );
}

function EnvironmentCard(props: {
  environment: EnvironmentStatus;
  mayRollBack: boolean;
}) {
  const { environment, mayRollBack } = props;
  const { serving, openPromotion, rollbackTarget, tier } = environment;
  const tones = useTones();
  const promotionRoute = useRouteRef(promotionRouteRef);
  const control =
    serving.find(each => each.outcome === 'serving') ?? serving[0];
  return (
    <Box
      component="section"
      aria-label={environment.name}
      sx={{
        display: 'flex',
        flexDirection: 'column',
        height: '100%',
        bgcolor: 'background.paper',
        borderRadius: '8px',
        p: 2,
        fontFamily: theme => theme.typography.fontFamily,
        fontSize: 13,
        lineHeight: '18px',
        boxShadow:
          tier === 'production'
            ? `inset 0 3px 0 ${tones.running.mark}`
            : 'none',
        fontVariantNumeric: 'tabular-nums',
      }}
    >
      <Box
        sx={{
          display: 'flex',
          flexWrap: 'wrap',
          gap: '2px 8px',
          minHeight: 20,
        }}
      >
        <Box component="h2" sx={{ m: 0, mr: 'auto', fontSize: 13 }}>
          {environment.name}
        </Box>
        {openPromotion && (
          <Link to={promotionRoute({ id: openPromotion.id })}>
            <StateLabel promotion={openPromotion.state} />
          </Link>
        )}
      </Box>
      {control ? (
        <>
          <Box sx={{ mt: 0.5 }}>
            <Box component="b" sx={{ fontSize: 20, lineHeight: '28px', mr: 1 }}>
              {control.version}
            </Box>
            <Digest
              value={control.digest}
              of={`digest of ${control.version}`}
            />
          </Box>
          <Sub>
            for <Time at={control.startedAt} as="since" />
            <Provenance deployment={control} />
          </Sub>
          {serving.some(each => openRevocations(each).length > 0) && (
            <Box sx={{ mt: 0.5 }}>
              <StateLabel verdict="failed">
                Rests on revoked evidence
              </StateLabel>
            </Box>
          )}
        </>
      ) : (
        <Box sx={{ mt: 0.5, color: 'text.secondary' }}>
          Nothing serves here yet
        </Box>
      )}
      {serving.length > 1 && <TrafficBar serving={serving} />}
      {openPromotion && <Sub sx={{ mt: '4px' }}>{openPromotion.statement}</Sub>}
      {rollbackTarget && (
        <Box
          sx={{
            display: 'flex',
            flexWrap: 'wrap',
            alignItems: 'center',
            justifyContent: 'space-between',
            gap: '4px 8px',
            mt: 'auto',
            '&::before': {
              content: '""',
              flexBasis: '100%',
              mt: 1,
              borderTop: 1,
              borderColor: 'divider',
            },
          }}
        >
          <Sub>
            {rollbackTarget.version}{' '}
            {rollbackTarget.ready ? 'ready to return' : 'would be started anew'}
          </Sub>
          {mayRollBack && <RollBackButton environment={environment} />}
        </Box>
      )}
    </Box>
  );
}

function Provenance(props: {
  deployment: EnvironmentStatus['serving'][number];
}) {
  const { approvedBy, requestedBy, origin } = props.deployment;
  if (origin === 'recorded' && approvedBy.length === 0) {
    return <>, recorded from outside</>;
  }
  if (approvedBy.length > 0) {
    return (
      <>
        , approved by <ApproverNames of={props.deployment} />
      </>
    );
  }
  return requestedBy ? (
    <>
      , requested by <PeopleNames principals={[requestedBy]} />
    </>
  ) : null;
}

function TrafficBar(props: { serving: EnvironmentStatus['serving'] }) {
  const { serving } = props;
  const tones = useTones();
  const colorOf = (outcome: string) =>
    outcome === 'rolling-out' ? tones.running.mark : tones.neutral.mark;
  return (
    <Box sx={{ mt: 0.5 }}>
      <Box
        aria-hidden
        sx={{ display: 'flex', gap: '2px', height: 6, my: '4px' }}
      >
        {serving.map(each => (
          <Box
            key={each.id}
            sx={{
              width: `${each.share}%`,
              borderRadius: '2px',
              bgcolor: colorOf(each.outcome),
            }}
          />
        ))}
      </Box>
      <Sub>
        {serving.map((each, index) => (
          <span key={each.id}>
            {index > 0 && ', '}
            {each.version} <b>{each.share} %</b>
          </span>
        ))}
      </Sub>
    </Box>
  );
}
