import { ReactNode, useId } from 'react';
import Box from '@mui/material/Box';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import {
  dataOf,
  ModelDeliverySignal,
  Promotion,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useLive } from '../api';
import { TogetherCard } from '../bundles/TogetherCard';
import { BreakGlassNotice } from '../breakGlass/BreakGlassNotice';
import {
  Caption,
  Duration,
  LiveDot,
  PageState,
  PersonName,
  RiskBars,
  StateLabel,
  Time,
} from '../components';
import { PolicyLink } from '../policies/PolicyLink';
import { Changes } from '../promotions/Changes';
import { Notice } from '../promotions/Notice';
import { asClause, voidedDecisions } from '../promotions/slots';
import { ClockOrDate } from '../promotions/StateRail';
import { promotionRouteRef } from '../routes';
import { DecisionForm } from './DecisionForm';
import { AllEvidence } from './EvidenceCard';
import { SlotCards } from './SlotCards';
import type { Drafts } from './useDraft';

/** One promotion as the one who decides on it has to see it: slots, what changed, evidence, decision. */
export function ApprovalDetail(props: {
  promotionId: string;
  userRef: string | undefined;
  drafts: Drafts;
  onDecided: () => void;
}) {
  const { promotionId, userRef, drafts, onDecided } = props;
  const concerns = (signal: ModelDeliverySignal) =>
    signal.type === 'promotion' && signal.id === promotionId;
  const live = useLive(
    `approval/${promotionId}`,
    ({ client, signal }) =>
      client
        .GET('/promotions/{id}', {
          params: { path: { id: promotionId } },
          signal,
        })
        .then(dataOf),
    { concerns, signalled: promotion => promotion.revision },
  );
  return (
    <PageState state={live} what="the promotion" lines={8}>
      {promotion => (
        <Box
          sx={{
            display: 'grid',
            gap: 2.5,
            gridTemplateColumns: 'minmax(0, 1fr)',
          }}
        >
          <Subject
            promotion={promotion}
            userRef={userRef}
            freshness={
              <LiveDot status={live.status} updatedAt={live.updatedAt} />
            }
          />
          <BreakGlassNotice
            promotion={promotion}
            onReviewed={() => {
              live.reload();
              onDecided();
            }}
          />
          <TogetherCard promotion={promotion} forDecision />
          <AllChanges promotion={promotion} />
          <AllEvidence promotion={promotion} />
          {userRef && (
            <DecisionForm
              promotion={promotion}
              userRef={userRef}
              drafts={drafts}
              onSent={() => {
                live.reload();
                onDecided();
              }}
            />
          )}
        </Box>
      )}
    </PageState>
  );
}

function Subject(props: {
  promotion: Promotion;
  userRef: string | undefined;
  freshness: ReactNode;
}) {
  const { promotion, userRef, freshness } = props;
  const promotionPath = useRouteRef(promotionRouteRef);
  const titleId = useId();
  const { approval, state } = promotion;
  const { barredBecause } = approval.viewer;
  return (
    <Box
      component="section"
      aria-labelledby={titleId}
      sx={{
        bgcolor: 'background.paper',
        borderRadius: '8px',
        p: 2,
        display: 'grid',
        gap: 1,
        minWidth: 0,
      }}
    >
      <Box
        sx={{
          display: 'flex',
          flexWrap: 'wrap',
          alignItems: 'center',
          gap: '4px 16px',
        }}
      >
        <Box
          component="h2"
          id={titleId}
          sx={{ m: 0, fontSize: 20, lineHeight: '28px' }}
        >
          {promotion.bundle
            ? `Bundle ${promotion.bundle.name}`
            : `${promotion.modelTitle} ${promotion.version}`}{' '}
          to {promotion.environment}
        </Box>
        <Box sx={{ ml: { sm: 'auto' } }}>{freshness}</Box>
        <Link to={promotionPath({ id: promotion.id })}>Open the promotion</Link>
      </Box>
      <Facts promotion={promotion} />
      {state !== 'awaiting-approval' && (
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }} role="status">
          <StateLabel promotion={state} filled />
          <span>{promotion.statement}</span>
        </Box>
      )}
      {promotion.firstDeployment && (
        <Notice tone="running">
          First deployment: nothing serves in {promotion.environment} yet. There
          is nothing to compare {promotion.version} with and no version to
          return to.
        </Notice>
      )}
      {voidedDecisions(approval).map(decision => (
        <Notice key={decision.id} tone="warned">
          {decision.decidedBy === userRef ? (
            'Your'
          ) : (
            <>
              <PersonName principal={decision.decidedBy} />
              ’s
            </>
          )}{' '}
          {decision.decision === 'approve' ? 'approval' : 'rejection'} of{' '}
          <ClockOrDate at={decision.decidedAt} /> was voided:{' '}
          {decision.voided?.because}
        </Notice>
      ))}
      {barredBecause && (
        <Notice tone="neutral">
          <b>You may not decide: {asClause(barredBecause)}.</b>
          <br />
          Whoever requested or trained {promotion.version}, authors of its
          commits{promotion.from && ` since ${promotion.from.version}`} and the
          sponsor of an agent that proposed it are barred. The bar comes from
          lineage; administrators are not exempt. Nothing is asked of you.
        </Notice>
      )}
      {!promotion.breakGlass && (
        <>
          <Caption sx={{ mt: 1 }}>Slots</Caption>
          <SlotCards promotion={promotion} userRef={userRef} />
        </>
      )}
    </Box>
  );
}

function Facts(props: { promotion: Promotion }) {
  const { promotion } = props;
  const { approval, expiresAt, state } = promotion;
  const items = [
    { label: 'Risk', value: <RiskBars risk={promotion.risk} /> },
    {
      label: 'Requested by',
      value: <PersonName principal={promotion.requestedBy} />,
    },
    ...(state === 'awaiting-approval' && approval.askedAt
      ? [{ label: 'Waits', value: <Duration from={approval.askedAt} /> }]
      : []),
    ...(state === 'awaiting-approval' && expiresAt
      ? [{ label: 'Expires', value: <Time at={expiresAt} /> }]
      : []),
    {
      label: 'Policy',
      value: (
        <PolicyLink
          to={{ risk: promotion.risk, policy: promotion.policy.digest }}
        >
          {promotion.policy.name}
        </PolicyLink>
      ),
    },
    ...(promotion.note ? [{ label: 'Note', value: promotion.note }] : []),
  ];
  return (
    <Box
      component="dl"
      sx={{
        m: 0,
        display: 'flex',
        flexWrap: 'wrap',
        gap: '4px 20px',
        fontSize: 13,
        lineHeight: '20px',
        '& > div': { display: 'flex', gap: 1 },
        '& dt': { color: 'text.secondary' },
        '& dd': { m: 0 },
      }}
    >
      {items.map(item => (
        <div key={item.label}>
          <dt>{item.label}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </Box>
  );
}

/** What the version changes; of a bundle, what each of its members does, since one decision covers all. */
function AllChanges({ promotion }: { promotion: Promotion }) {
  const { together, environment } = promotion;
  if (!together) {
    return <Changes promotion={promotion} forDecision />;
  }
  return (
    <>
      {together.members
        .filter(member => member.promotion)
        .map(({ model, modelTitle, version, from }) => (
          <Changes
            key={model}
            promotion={{
              model,
              version,
              environment,
              from: from === null ? null : { version: from },
            }}
            of={modelTitle}
            forDecision
          />
        ))}
    </>
  );
}
