import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@mui/material/Box';
import type { Deployment } from '@slipway/backstage-plugin-model-delivery-common';
import {
  formatDuration,
  toMillis,
  Tone,
  useNow,
  usePersonNames,
  useTones,
  VisuallyHidden,
} from '../../components';
import { deploymentOutcomes } from '../../components/states';
import { promotionRouteRef } from '../../routes';
import { rowIdOf } from './DeploymentsTable';
import { TimelineBar } from './timeline';

const tones: Record<Deployment['outcome'], Tone> = {
  'rolling-out': 'running',
  serving: 'ok',
  superseded: 'neutral',
  'rolled-back': 'failed',
};

/** A bar that nobody could hit: it is drawn and read out, and the table has the way. A shorter period makes it wider. */
const TOO_NARROW = '@container (max-width: 23px)';

/** A deployment on the line of its environment, with the way to its promotion: what it was, until when, and by whom. */
export function DeploymentBar(props: { bar: TimelineBar }) {
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
  }, ${formatDuration(seconds)}, ${usePeople(deployment)}`;
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
        // One that was soon taken back is narrow, and what restored it would cover it
        zIndex: deployment.outcome === 'rolled-back' ? 1 : undefined,
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

/** By whom it was, in words: who asked or rolled back, and who approved, for whom. */
function usePeople(deployment: Deployment): string {
  const nameOf = usePersonNames();
  const { requestedBy, rolledBack, approvedBy, standIns } = deployment;
  const approvers = approvedBy.map(by => {
    const standIn = standIns?.find(each => each.by === by);
    return standIn
      ? `${nameOf(by)} for ${nameOf(standIn.onBehalfOf)}`
      : nameOf(by);
  });
  const asked = rolledBack
    ? rolledBack.by && `rolled back to by ${nameOf(rolledBack.by)}`
    : requestedBy && `requested by ${nameOf(requestedBy)}`;
  return [
    asked || 'not recorded by whom',
    approvers.length > 0
      ? `approved by ${approvers.join(' and ')}`
      : 'without approval',
  ].join(', ');
}
