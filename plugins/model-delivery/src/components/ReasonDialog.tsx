import { ReactNode, useEffect, useId, useRef, useState } from 'react';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import TextField from '@mui/material/TextField';
import type { Kept } from '../drafts/useKept';
import { isWithoutAnswer } from './errors';
import { ErrorNote } from './ErrorNote';
import { newKey } from './newKey';
import { useTones } from './tones';
import { useSendOnce } from './useSendOnce';

/** What a {@link ReasonDialog} asks. */
export interface ReasonDialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  /** What will happen, in plain words. */
  consequence: ReactNode;
  /** What else is asked, above the reason. */
  fields?: ReactNode;
  /** Names the act, such as `Roll back to v13`. */
  confirmLabel: string;
  /** Red, for what stops or undoes. */
  destructive?: boolean;
  /** Whether it cannot be done without a reason; so unless given. */
  reasonRequired?: boolean;
  /** How many characters a reason has to have; 1 unless given. */
  shortestReason?: number;
  /** What was written before the page was built anew, and where to keep it; without, it lives as long as the dialog. */
  draft?: Kept<{ reason: string }>;
  /** What did not come about when it is refused. */
  refusedTitle: string;
  /**
   * Does it. `key` is the same for every attempt of one opening of the dialog, and of the next ones after an attempt that
   * got no answer, so that the server does it once. What it throws is shown.
   */
  onConfirm: (input: { reason: string; key: string }) => Promise<void>;
}

/** Names the consequence of an act, asks for the reason, and does it once however often one clicks. */
export function ReasonDialog(props: ReasonDialogProps) {
  const { open, title, consequence, confirmLabel, draft } = props;
  const { destructive, reasonRequired = true, refusedTitle, onConfirm } = props;
  const { fields, shortestReason = 1 } = props;
  const [own, setOwn] = useState('');
  const reason = draft?.value.reason ?? own;
  const [key, setKey] = useState(newKey);
  const asked = useRef(title);
  asked.current = title;
  /** Title of what was sent last and got no answer. */
  const unanswered = useRef<string>();
  const {
    onSubmit,
    sending: busy,
    error,
    forgetError,
  } = useSendOnce(async () => {
    try {
      await onConfirm({ reason: reason.trim(), key });
    } catch (caught) {
      unanswered.current = isWithoutAnswer(caught) ? title : undefined;
      throw caught;
    }
    unanswered.current = undefined;
    draft?.drop();
    props.onClose();
  });
  const isUnknown = isWithoutAnswer(error);
  const onClose = () => {
    if (!isUnknown) {
      draft?.drop();
    }
    props.onClose();
  };
  const input = useRef<HTMLTextAreaElement>(null);
  const titleId = useId();
  const tones = useTones();
  useEffect(() => {
    // What may have been done already is not done once more by closing the dialog and opening it again
    if (open && unanswered.current !== asked.current) {
      setOwn('');
      setKey(newKey());
      forgetError();
    }
  }, [open, forgetError]);

  const missing = reasonRequired && reason.trim().length < shortestReason;
  return (
    <Dialog
      open={open}
      onClose={busy ? undefined : onClose}
      aria-labelledby={titleId}
      TransitionProps={{
        onEntered: dialog => {
          // Whoever was quicker than the transition and types already goes on where they are
          const { activeElement } = document;
          if (activeElement === dialog || !dialog.contains(activeElement)) {
            input.current?.focus();
          }
        },
      }}
      fullWidth
      maxWidth="sm"
    >
      <form onSubmit={onSubmit}>
        <DialogTitle id={titleId} component="h2" sx={{ fontSize: 20 }}>
          {title}
        </DialogTitle>
        <DialogContent
          sx={{
            display: 'grid',
            gap: 2,
            fontSize: 14,
            lineHeight: '20px',
            fontFamily: theme => theme.typography.fontFamily,
          }}
        >
          <div>{consequence}</div>
          {fields}
          <TextField
            inputRef={input}
            label="Reason"
            required={reasonRequired}
            multiline
            minRows={3}
            value={reason}
            onChange={event =>
              draft
                ? draft.change({ reason: event.target.value })
                : setOwn(event.target.value)
            }
            inputProps={{ maxLength: 2000 }}
            helperText={`Kept in the audit log under your name${
              shortestReason > 1 ? `; ${shortestReason} characters or more` : ''
            }`}
            sx={{ mt: 1 }}
          />
          {error !== undefined && (
            <ErrorNote
              title={isUnknown ? 'It may not have been recorded' : refusedTitle}
              error={error}
              advice={isUnknown ? 'Send it again: it is done once.' : undefined}
            />
          )}
        </DialogContent>
        <DialogActions
          sx={{ px: 3, pb: 2, '& button': { textTransform: 'none' } }}
        >
          <Button onClick={onClose} disabled={busy}>
            Keep as it is
          </Button>
          <Button
            type="submit"
            variant="contained"
            disabled={busy || missing}
            sx={
              destructive
                ? {
                    '&, &:hover': {
                      bgcolor: tones.failed.text,
                      color: 'background.paper',
                    },
                    '&.Mui-disabled, &.v5-Mui-disabled': {
                      bgcolor: 'action.disabledBackground',
                      color: 'text.secondary',
                    },
                  }
                : undefined
            }
          >
            {busy ? 'Sending…' : confirmLabel}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
