import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import StarIcon from '@mui/icons-material/Star';
import StarBorderIcon from '@mui/icons-material/StarBorder';
import type { ModelSummary } from '@slipway/backstage-plugin-model-delivery-common';
import { ReviewDueMark } from '../breakGlass/ReviewDueMark';
import {
  PersonName,
  RiskBars,
  SampleChip,
  StateLabel,
  Sub,
  Time,
  ToBeCompletedChip,
  useTones,
} from '../components';
import { promotionRouteRef } from '../routes';
import { DeploymentTicks } from './DeploymentTicks';

/** What a {@link ModelRow} shows. */
export interface ModelRowProps {
  model: ModelSummary;
  starred: boolean;
  onStar: () => void;
}

/** One model, read in a second: what serves, is it healthy, does anything wait. */
export function ModelRow(props: ModelRowProps) {
  const { model, starred, onStar } = props;
  const entityRoute = useRouteRef(entityRouteRef);
  return (
    <div role="row" className="row">
      <div role="cell" className="star">
        <IconButton
          size="small"
          onClick={onStar}
          aria-pressed={starred}
          aria-label={`Star ${model.name}`}
          title={starred ? 'Starred' : 'Star'}
          sx={{ p: '4px', my: '-4px', fontSize: 18, color: 'text.secondary' }}
        >
          {starred ? (
            <StarIcon fontSize="inherit" sx={{ color: 'primary.main' }} />
          ) : (
            <StarBorderIcon fontSize="inherit" />
          )}
        </IconButton>
      </div>
      <div role="rowheader" className="name">
        <Link
          title={model.title}
          to={entityRoute({
            kind: 'model',
            namespace: model.namespace,
            name: model.name,
          })}
        >
          {model.name}
        </Link>
        <Sub>
          {model.task ?? model.title} {model.sample && <SampleChip />}{' '}
          <ToBeCompletedChip fields={model.toBeCompleted} />
        </Sub>
      </div>
      <div role="cell" className="owner">
        <CardLabel>Owner</CardLabel>
        <PersonName principal={model.owner} />
      </div>
      <div role="cell">
        <CardLabel>Risk, tier</CardLabel>
        <RiskBars risk={model.risk} />
        <Sub>{model.tier}</Sub>
      </div>
      <div role="cell">
        <CardLabel>In production</CardLabel>
        <InProduction model={model} />
      </div>
      <div role="cell">
        <CardLabel>Health</CardLabel>
        <StateLabel health={model.health.state} />
        {model.health.state !== 'ok' && model.health.detail && (
          <Sub>{model.health.detail}</Sub>
        )}
      </div>
      <div role="cell">
        <CardLabel>Waiting</CardLabel>
        <Waiting waiting={model.waiting} hasReview={!!model.reviewDue} />
        <ReviewDueMark reviewDue={model.reviewDue} />
      </div>
      <div role="cell" className="num wide">
        {model.lastDeployedAt ? (
          <Time at={model.lastDeployedAt} />
        ) : (
          <Grey>Never</Grey>
        )}
      </div>
      <div role="cell" className="wide">
        <DeploymentTicks deployments={model.recentDeployments} />
      </div>
    </div>
  );
}

/** The column's heading, where the row is a card; the table's own headings serve those who listen. */
function CardLabel(props: { children: string }) {
  return (
    <span className="cardLabel" aria-hidden>
      {props.children}
    </span>
  );
}

function Grey(props: { children: React.ReactNode }) {
  return (
    <Box component="span" sx={{ color: 'text.secondary' }}>
      {props.children}
    </Box>
  );
}

function InProduction(props: { model: ModelSummary }) {
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

function Waiting(props: {
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
