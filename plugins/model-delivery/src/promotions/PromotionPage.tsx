import Box from '@mui/material/Box';
import { useParams } from 'react-router-dom';
import { parseEntityRef } from '@backstage/catalog-model';
import { useRouteRef } from '@backstage/core-plugin-api';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import type { HeaderMetadataItem } from '@backstage/ui';
import {
  dataOf,
  ModelDeliverySignal,
  Promotion,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useLive } from '../api';
import { BreakGlassNotice } from '../breakGlass/BreakGlassNotice';
import { TogetherCard } from '../bundles/TogetherCard';
import {
  PageFrame,
  PageState,
  PersonName,
  RiskBars,
  Time,
} from '../components';
import { changeKindWords } from '../metrics/measureText';
import { PolicyLink } from '../policies/PolicyLink';
import { modelsRouteRef } from '../routes';
import { ApprovalsCard } from './ApprovalsCard';
import { CanaryCharts } from './CanaryCharts';
import { Changes } from './Changes';
import { GatesCard } from './GatesCard';
import { NowCard } from './NowCard';
import { DeedNotice } from './DeedNotice';
import { Notice } from './Notice';
import { PromotionActions } from './PromotionActions';
import { RolloutSteps } from './RolloutSteps';
import { ShadowStep } from './ShadowStep';
import { StepStatistics } from './StepStatistics';
import { WatchCard } from './WatchCard';
import { TimelineCard } from './TimelineCard';
import { useNarrow } from './useNarrow';
import { pollSecondsOf, usePromotion } from './usePromotion';
import { usePromotionDeeds } from './usePromotionDeeds';

const stackSx = {
  display: 'grid',
  gap: 2.5,
  gridTemplateColumns: 'minmax(0, 1fr)',
} as const;

/** One promotion, live: what is true now, what one can do, the proof, and the history. */
export function PromotionPage() {
  const { id = '' } = useParams();
  const live = usePromotion(id);
  const promotion = live.data;
  const deeds = usePromotionDeeds(promotion, live.reload);
  const modelsPath = useRouteRef(modelsRouteRef);
  const entityPath = useRouteRef(entityRouteRef);
  const model = promotion && parseEntityRef(promotion.model);
  const isNarrow = useNarrow();
  const actions = promotion && (
    <PromotionActions promotion={promotion} deeds={deeds} />
  );

  return (
    <PageFrame
      title={promotion ? titleOf(promotion) : `Promotion ${id}`}
      breadcrumbs={
        isNarrow
          ? undefined
          : [
              { label: 'Models', href: modelsPath() },
              ...(model
                ? [{ label: model.name, href: entityPath(model) }]
                : []),
            ]
      }
      metadata={promotion && metadataOf(promotion)}
      actions={!isNarrow && actions}
    >
      <PageState state={live} what="the promotion" lines={8}>
        {loaded => (
          <Box sx={stackSx}>
            {isNarrow && (
              <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
                {actions}
              </Box>
            )}
            <DeedNotice deeds={deeds} state={loaded.state} />
            <NowCard
              promotion={loaded}
              status={live.status}
              updatedAt={live.updatedAt}
            />
            <TogetherCard promotion={loaded} onDone={live.reload} />
            <BreakGlassNotice promotion={loaded} onReviewed={live.reload} />
            <Proof promotion={loaded} />
          </Box>
        )}
      </PageState>
    </PageFrame>
  );
}

function titleOf(promotion: Promotion): string {
  const { kind, version, environment } = promotion;
  return kind === 'rollback'
    ? `Roll back to ${version} in ${environment}`
    : `Promote ${version} to ${environment}`;
}

function metadataOf(promotion: Promotion): HeaderMetadataItem[] {
  const { changeKinds, policy, reason } = promotion;
  const changes =
    changeKinds.map(kind => changeKindWords[kind].toLowerCase()).join(', ') ||
    'not reported';
  return [
    {
      label: 'Model',
      value: <PersonName principal={promotion.model} />,
    },
    { label: 'Risk', value: <RiskBars risk={promotion.risk} /> },
    { label: 'Tier', value: promotion.tier },
    {
      label: 'Requested by',
      value: (
        <span>
          <PersonName principal={promotion.requestedBy} />,{' '}
          <Time at={promotion.requestedAt} />
        </span>
      ),
    },
    {
      label: 'Change',
      value: reason === 'unplanned-fix' ? `${changes}; unplanned fix` : changes,
    },
    {
      label: 'Policy',
      value: (
        <PolicyLink
          to={{ risk: promotion.risk, policy: policy.digest }}
          title={policy.digest}
        >
          {policy.name}
        </PolicyLink>
      ),
    },
  ];
}

function Proof(props: { promotion: Promotion }) {
  const { promotion } = props;
  const { id, rollout } = promotion;
  const concerns = (signal: ModelDeliverySignal) =>
    signal.type === 'promotion' && signal.id === id;
  const pollSeconds = pollSecondsOf(promotion);
  const gates = useLive(
    `promotion/${id}/gates`,
    ({ client, signal }) =>
      client
        .GET('/promotions/{id}/gates', { params: { path: { id } }, signal })
        .then(result => dataOf(result).items),
    { concerns, pollSeconds: 30 },
  );
  const hasStarted = Boolean(rollout?.startedAt);
  const series = useLive(
    `promotion/${id}/series/${hasStarted}`,
    async ({ client, signal }) =>
      hasStarted
        ? dataOf(
            await client.GET('/promotions/{id}/series', {
              params: { path: { id } },
              signal,
            }),
          )
        : null,
    { concerns, pollSeconds },
  );
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 2.5,
        alignItems: 'start',
        gridTemplateColumns: {
          xs: 'minmax(0, 1fr)',
          lg: 'minmax(0, 1fr) 376px',
        },
      }}
    >
      <Box
        sx={{
          display: 'grid',
          gap: 2.5,
          gridTemplateColumns: 'minmax(0, 1fr)',
        }}
      >
        {rollout?.plan.shadow && rollout.shadow && (
          <ShadowStep
            plan={rollout.plan.shadow}
            shadow={rollout.shadow}
            version={promotion.version}
            from={promotion.from?.version ?? null}
          />
        )}
        {rollout && rollout.steps.length > 0 && (
          <RolloutSteps promotion={promotion} rollout={rollout} />
        )}
        {series.data?.missingBecause && (
          <Notice tone="error">{series.data.missingBecause}.</Notice>
        )}
        {series.data && series.data.points.length > 0 && (
          <CanaryCharts promotion={promotion} series={series.data} />
        )}
        {rollout && (
          <StepStatistics
            rollout={rollout}
            isPaused={promotion.state === 'paused'}
          />
        )}
        {rollout?.watch && (
          <WatchCard
            promotion={promotion}
            rollout={rollout}
            watch={rollout.watch}
          />
        )}
        {promotion.kind === 'promotion' && <Changes promotion={promotion} />}
      </Box>
      <Box
        component="aside"
        aria-label="Evidence"
        sx={{
          display: 'grid',
          gap: 2.5,
          gridTemplateColumns: 'minmax(0, 1fr)',
        }}
      >
        <ApprovalsCard promotion={promotion} />
        <GatesCard promotion={promotion} gates={gates} />
        <TimelineCard promotionId={id} />
      </Box>
    </Box>
  );
}
