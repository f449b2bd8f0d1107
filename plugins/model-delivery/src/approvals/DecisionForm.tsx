import { useEffect, useRef, useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type {
  ApprovalSubject,
  Promotion,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from '../api';
import {
  Card,
  ErrorNote,
  icons,
  isWithoutAnswer,
  OnceLoaded,
  PersonName,
  Sub,
} from '../components';
import { Notice } from '../promotions/Notice';
import { isTerminal } from '../promotions/rail';
import { inSentence } from '../promotions/slots';
import { useSubmit } from '../promotions/useSubmit';
import { BindsTo } from './BindsTo';
import { Drafts, useDraft } from './useDraft';
import { whatChanged } from './whatChanged';
import { buttonSx, useStopButtonSx } from '../promotions/buttonSx';

/** The place where one decides, below what one decides on; nothing when there is nothing for this person to decide. */
export function DecisionForm(props: {
  promotion: Promotion;
  /** Whoever decides. */
  userRef: string;
  drafts: Drafts;
  onSent: () => void;
}) {
  const { promotion, userRef, drafts } = props;
  const { subject, viewer, decisions } = promotion.approval;
  const isOver =
    isTerminal(promotion.state) ||
    decisions.some(({ decidedBy, voided }) => decidedBy === userRef && !voided);
  const { drop } = drafts;
  useEffect(() => {
    if (isOver) {
      drop(promotion.id);
    }
  }, [isOver, drop, promotion.id]);
  return viewer.mayDecide && viewer.roles.length > 0 && subject ? (
    <OnceLoaded>
      <OpenForm {...props} subject={subject} />
    </OnceLoaded>
  ) : null;
}

function OpenForm(props: {
  promotion: Promotion;
  subject: ApprovalSubject;
  drafts: Drafts;
  onSent: () => void;
}) {
  const { promotion, subject, drafts, onSent } = props;
  const client = useModelDelivery();
  const stopSx = useStopButtonSx();
  const { slots, viewer } = promotion.approval;
  const [chosenRole, setRole] = useState(viewer.roles[0]);
  const [isMissing, setIsMissing] = useState(false);
  const [isRejecting, setIsRejecting] = useState(false);
  const draft = useDraft(drafts, promotion.id, subject);
  const { seen, reason } = draft;
  const [sentFor, setSentFor] = useState<number>();
  // The second click of a double click may come after the answer to the first, before the page shows it.
  const lastSentFor = useRef<number>();

  const role = viewer.roles.includes(chosenRole) ? chosenRole : viewer.roles[0];
  const slot = slots.find(one => one.role === role);
  const title = inSentence(slot?.title ?? role);
  const needsReason = slot?.reasonRequired ?? false;
  const differences = whatChanged(seen, subject, promotion.model);

  const decide = useSubmit(async (decision: 'approve' | 'reject') => {
    if (lastSentFor.current === promotion.revision) {
      return;
    }
    try {
      await client.POST('/promotions/{id}/decisions', {
        params: { path: { id: promotion.id } },
        body: {
          decision,
          role,
          subjectDigest: seen.digest,
          revision: promotion.revision,
          ...(reason.trim() && { reason: reason.trim() }),
        },
      });
      lastSentFor.current = promotion.revision;
      setSentFor(promotion.revision);
      draft.drop();
    } finally {
      setIsRejecting(false);
      onSent();
    }
  });
  const isWaiting = decide.pending || sentFor === promotion.revision;
  const isStale = differences.length > 0;
  /** A rejection without a reason helps nobody, so it always asks for one. */
  const hasReason = (isNeeded: boolean) => {
    const missing = isNeeded && reason.trim() === '';
    setIsMissing(missing);
    return !missing;
  };

  return (
    <Card
      title="Your decision"
      aside="Write-once, recorded with your role at this moment"
    >
      {decide.conflict && (
        <Box sx={{ mb: 2 }}>
          <Notice tone="warned" alert>
            <b>Not recorded.</b> {decide.conflict.replace(/\.?$/, '.')}
            {!isStale &&
              ' The promotion moved on meanwhile; look at it again before you decide.'}
          </Notice>
        </Box>
      )}
      {viewer.onBehalfOf && (
        <Sub sx={{ mb: 2 }}>
          You stand in for <PersonName principal={viewer.onBehalfOf} />, whose
          name is recorded beside yours.
        </Sub>
      )}
      {isStale && (
        <Box sx={{ mb: 2 }}>
          <Notice tone="warned" alert>
            <b>What you decide on has changed since you opened it.</b>
            <ul style={{ margin: '4px 0', paddingLeft: 18 }}>
              {differences.map(difference => (
                <li key={difference}>{difference}</li>
              ))}
            </ul>
            <Button
              sx={buttonSx}
              size="small"
              variant="outlined"
              onClick={() => draft.change({ seen: subject })}
            >
              I have looked at what changed
            </Button>
          </Notice>
        </Box>
      )}
      <Box
        sx={{
          display: 'grid',
          gap: 3,
          gridTemplateColumns: {
            xs: 'minmax(0, 1fr)',
            lg: 'minmax(0, 1fr) 340px',
          },
        }}
      >
        <div>
          {viewer.roles.length > 1 && (
            <TextField
              select
              fullWidth
              size="small"
              label="Decide as"
              value={role}
              onChange={event => setRole(event.target.value)}
              sx={{ mb: 2 }}
            >
              {viewer.roles.map(one => (
                <MenuItem key={one} value={one}>
                  {slots.find(candidate => candidate.role === one)?.title ??
                    one}
                </MenuItem>
              ))}
            </TextField>
          )}
          <TextField
            fullWidth
            multiline
            minRows={3}
            label={needsReason ? 'Reason, compulsory' : 'Reason'}
            placeholder="What you checked, and why it is acceptable or not"
            value={reason}
            onChange={event => {
              draft.change({ reason: event.target.value });
              setIsMissing(false);
            }}
            error={isMissing}
            helperText={
              isMissing ? 'Say why: it is recorded with your decision.' : ' '
            }
            inputProps={{
              maxLength: 2000,
              'aria-required': needsReason || undefined,
            }}
            InputLabelProps={{ shrink: true }}
          />
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: 1 }}>
            <Button
              sx={buttonSx}
              variant="contained"
              startIcon={<icons.PassedIcon />}
              disabled={isWaiting || isStale}
              onClick={() => {
                if (hasReason(needsReason)) {
                  decide.submit('approve');
                }
              }}
            >
              Approve as {title}
            </Button>
            <Button
              sx={stopSx}
              variant="outlined"
              startIcon={<icons.FailedIcon />}
              disabled={isWaiting || isStale}
              onClick={() => {
                if (hasReason(true)) {
                  setIsRejecting(true);
                }
              }}
            >
              Reject…
            </Button>
          </Box>
          <Sub sx={{ mt: 1 }}>
            {consequence(promotion)} {consequenceOfRejecting(promotion)}
          </Sub>
          {Boolean(decide.error) && (
            <Box sx={{ mt: 1 }}>
              <ErrorNote
                title={
                  isWithoutAnswer(decide.error)
                    ? 'It may not have been recorded'
                    : 'Not recorded'
                }
                error={decide.error}
              />
            </Box>
          )}
        </div>
        <BindsTo promotion={promotion} seen={seen} />
      </Box>
      <Dialog
        open={isRejecting}
        onClose={decide.pending ? undefined : () => setIsRejecting(false)}
        aria-labelledby="reject-title"
        fullWidth
        maxWidth="sm"
      >
        <DialogTitle id="reject-title" component="h2" sx={{ fontSize: 20 }}>
          Reject {promotion.version} as {title}?
        </DialogTitle>
        <DialogContent sx={{ fontSize: 14, lineHeight: '20px' }}>
          It ends the promotion of {promotion.modelTitle} {promotion.version} to{' '}
          {promotion.environment}, whoever approved it before. Another attempt
          needs a new promotion. Your reason: “{reason.trim()}”
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button
            sx={buttonSx}
            onClick={() => setIsRejecting(false)}
            disabled={decide.pending}
          >
            Keep as it is
          </Button>
          <Button
            sx={buttonSx}
            variant="contained"
            color="error"
            disabled={decide.pending}
            onClick={() => decide.submit('reject')}
          >
            Reject as {title}
          </Button>
        </DialogActions>
      </Dialog>
    </Card>
  );
}

/** What rejecting leads to. */
function consequenceOfRejecting(promotion: Promotion): string {
  const { approval, environment, from } = promotion;
  return approval.subject?.rolloutPlan.adoptedShare !== undefined && from
    ? `Rejecting ends the promotion and sets ${environment} back to ${from.version}.`
    : 'Rejecting ends the promotion.';
}

/** What approving leads to, now. */
function consequence(promotion: Promotion): string {
  const { slotsFilled, slotsTotal, version, approval } = promotion;
  const left = slotsTotal - slotsFilled - 1;
  if (left > 0) {
    return `Approving fills one slot; ${left} more ${
      left === 1 ? 'decision is' : 'decisions are'
    } needed.`;
  }
  const plan = approval.subject?.rolloutPlan;
  if (plan?.adoptedShare !== undefined) {
    return `Approving fills the last slot: ${version} keeps the ${
      plan.steps[0].share
    } % it has${plan.steps.length > 1 ? ' and goes on from there' : ''}.`;
  }
  const first = plan?.steps[0];
  return `Approving fills the last slot: ${version} is scheduled and ${
    first ? `starts at ${first.share} %` : 'takes all traffic'
  } as soon as nothing holds it back.`;
}
