import Box from '@mui/material/Box';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import type {
  Decision,
  Promotion,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  Caption,
  Card,
  Digest,
  Duration,
  icons,
  PersonName,
  StateLabel,
  Sub,
  Time,
} from '../components';
import { approvalsRouteRef } from '../routes';
import { Binding } from './Binding';
import { Notice } from './Notice';
import { asClause, validDecisions, voidedDecisions } from './slots';
import { ClockOrDate } from './StateRail';

/** Who has to decide, who did, and the exact thing that their decisions bind to. */
export function ApprovalsCard(props: { promotion: Promotion }) {
  const { promotion } = props;
  const { approval, slotsFilled, slotsTotal } = promotion;
  const approvalsPath = useRouteRef(approvalsRouteRef);
  if (slotsTotal === 0) {
    return <Card title="Approvals">{withoutSlots(promotion)}</Card>;
  }
  const { subject, viewer } = approval;
  const voided = voidedDecisions(approval);
  const valid = approval.decisions.filter(decision => !decision.voided);
  const isUnchanged =
    subject && valid.every(one => one.subjectDigest === subject.digest);

  return (
    <Card
      title="Approvals"
      state={
        slotsFilled === slotsTotal ? (
          <StateLabel verdict="passed">
            {slotsFilled} of {slotsTotal}
          </StateLabel>
        ) : (
          <StateLabel
            appearance={{
              label: `${slotsFilled} of ${slotsTotal}`,
              tone: 'neutral',
              icon: icons.WaitingIcon,
            }}
          />
        )
      }
      footer={
        <>
          {isUnchanged && valid.length > 0 && (
            <StateLabel verdict="passed">
              Unchanged since {valid.length === 1 ? 'it' : 'each decision'} was
              made
            </StateLabel>
          )}
          {viewer.mayDecide && (
            <Link to={`${approvalsPath()}?selected=${promotion.id}`}>
              Decide on it
            </Link>
          )}
        </>
      }
    >
      <Box
        component="ul"
        sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1.5 }}
      >
        {approval.slots.map(slot => (
          <li key={slot.role}>
            <Slot
              slot={slot}
              decisions={validDecisions(approval, slot.role)}
              askedAt={approval.askedAt}
            />
          </li>
        ))}
      </Box>
      {approval.reminders && <Reminders reminders={approval.reminders} />}
      {viewer.barredBecause && (
        <Box sx={{ mt: 1.5 }}>
          <Notice tone="neutral">
            You may not decide: {asClause(viewer.barredBecause)}.
          </Notice>
        </Box>
      )}
      {voided.length > 0 && (
        <>
          <Caption>Voided</Caption>
          <Box
            component="ul"
            sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1 }}
          >
            {voided.map(decision => (
              <li key={decision.id}>
                <Voided decision={decision} />
              </li>
            ))}
          </Box>
        </>
      )}
      {subject && (
        <>
          <Sub sx={{ m: '12px 0 6px' }}>
            {valid.length === 0 ? 'A decision binds' : 'Decisions bind'} to{' '}
            <Digest
              value={subject.digest}
              of="digest of the subject"
              algorithm
            />
            , which is made of:
          </Sub>
          <Binding subject={subject} version={promotion.version} />
        </>
      )}
    </Card>
  );
}

/** Why nobody is asked. */
function withoutSlots(promotion: Promotion): string {
  if (promotion.breakGlass) {
    return 'An emergency goes past approvals; it has to be reviewed afterwards.';
  }
  if (promotion.together?.state === 'awaiting-approval') {
    return 'The policy of this model asks for no approval. Other members of the bundle do: one decision covers all.';
  }
  return promotion.kind === 'rollback'
    ? 'A rollback needs no approval; it is recorded who did it and why.'
    : `The policy asks for no approval in ${promotion.environment}.`;
}

function Slot(props: {
  slot: Promotion['approval']['slots'][number];
  decisions: Decision[];
  askedAt: string | null;
}) {
  const { slot, decisions, askedAt } = props;
  const open = slot.minimum - slot.filled;
  return (
    <>
      {decisions.map(decision => (
        <Box key={decision.id}>
          <b>
            <PersonName principal={decision.decidedBy} />
            {decision.onBehalfOf && (
              <>
                {' '}
                for <PersonName principal={decision.onBehalfOf} />
              </>
            )}
          </b>
          , {slot.title}
          <Sub>
            {decision.decision === 'approve' ? 'Approved' : 'Rejected'}{' '}
            <ClockOrDate at={decision.decidedAt} />
            {askedAt && (
              <>
                {' '}
                after <Duration from={askedAt} to={decision.decidedAt} />
              </>
            )}
            .{decision.reason && ` “${decision.reason}”`}
          </Sub>
        </Box>
      ))}
      {open > 0 && (
        <Box>
          <b>{slot.title}</b>
          {open > 1 && `, ${open} people`}
          <Sub>
            {askedAt ? 'Waits for' : 'Will be asked of'}{' '}
            <PersonName principal={slot.group} />
            {askedAt && (
              <>
                {' '}
                since <Time at={askedAt} as="since" />
              </>
            )}
          </Sub>
        </Box>
      )}
    </>
  );
}

function Voided(props: { decision: Decision }) {
  const { decision } = props;
  return (
    <>
      <StateLabel
        appearance={{ label: 'Voided', tone: 'warned', icon: icons.WarnedIcon }}
      />{' '}
      {decision.decision === 'approve' ? 'approval' : 'rejection'} of{' '}
      <PersonName principal={decision.decidedBy} />,{' '}
      <ClockOrDate at={decision.decidedAt} />
      {decision.voided && <Sub>{decision.voided.because}</Sub>}
    </>
  );
}

/** That those who are asked were reminded, and who above them was told; nothing before that. */
function Reminders(props: {
  reminders: NonNullable<Promotion['approval']['reminders']>;
}) {
  const { told, escalatedTo, escalatedAt } = props.reminders;
  if (told === 0 && !escalatedTo) {
    return null;
  }
  return (
    <Sub sx={{ mt: 1.5 }}>
      {told > 0 && (told === 1 ? 'Reminded once' : `Reminded ${told} times`)}
      {told > 0 && escalatedTo && '. '}
      {escalatedTo && escalatedAt && (
        <>
          {escalatedTo} was told that nobody decides,{' '}
          <Time at={escalatedAt} as="relative" />
        </>
      )}
    </Sub>
  );
}
