import { FormEvent, useId, useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormLabel from '@mui/material/FormLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import TextField from '@mui/material/TextField';
import type {
  BreakGlassReviewRequest,
  Promotion,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from '../api';
import { ErrorNote, Sub } from '../components';
import { useKept } from '../drafts/useKept';
import { buttonSx } from '../promotions/buttonSx';
import { Notice } from '../promotions/Notice';
import { useSubmit } from '../promotions/useSubmit';

type Outcome = BreakGlassReviewRequest['outcome'];

const EMPTY: { outcome?: Outcome; reason: string } = { reason: '' };

/** Takes the review of an emergency: whether it was justified, and why. */
export function ReviewForm(props: {
  promotion: Promotion;
  onSent: () => void;
}) {
  const { promotion, onSent } = props;
  const client = useModelDelivery();
  const labelId = useId();
  const draft = useKept(`review/${promotion.id}`, EMPTY);
  const { outcome, reason } = draft.value;
  const [isSent, setIsSent] = useState(false);
  const send = useSubmit(async (chosen: Outcome) => {
    try {
      await client.POST('/promotions/{id}/review', {
        params: { path: { id: promotion.id } },
        body: { outcome: chosen, reason: reason.trim() },
      });
      setIsSent(true);
      draft.drop();
    } finally {
      onSent();
    }
  });
  const isReady = outcome !== undefined && reason.trim() !== '' && !isSent;
  return (
    <Box
      component="form"
      aria-label="Your review"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (isReady) {
          send.submit(outcome);
        }
      }}
      sx={{
        display: 'grid',
        gap: 1.5,
        maxWidth: '60em',
        pt: 1.5,
        borderTop: 1,
        borderColor: 'divider',
      }}
    >
      {send.conflict && (
        <Notice tone="warned" alert>
          <b>Not recorded.</b> {send.conflict}
        </Notice>
      )}
      <FormControl>
        <FormLabel id={labelId} sx={{ fontSize: 14 }}>
          Was the emergency justified?
        </FormLabel>
        <RadioGroup
          row
          aria-labelledby={labelId}
          value={outcome ?? ''}
          onChange={event =>
            draft.change({ outcome: event.target.value as Outcome })
          }
        >
          <FormControlLabel
            value="justified"
            control={<Radio size="small" />}
            label="Justified"
          />
          <FormControlLabel
            value="unjustified"
            control={<Radio size="small" />}
            label="Unjustified"
          />
        </RadioGroup>
      </FormControl>
      <TextField
        label="Reason, compulsory"
        multiline
        minRows={3}
        value={reason}
        onChange={event => draft.change({ reason: event.target.value })}
        placeholder="What you looked at, and why it was justified or not"
        inputProps={{ maxLength: 2000, 'aria-required': true }}
        InputLabelProps={{ shrink: true }}
      />
      <Box>
        <Button
          type="submit"
          variant="contained"
          disabled={!isReady || send.pending}
          sx={buttonSx}
        >
          {send.pending ? 'Sending…' : 'Record the review'}
        </Button>
        <Sub sx={{ mt: 1 }}>
          Write-once, recorded with your role at this moment. It moves no
          traffic: roll back if {promotion.version} should not serve.
        </Sub>
      </Box>
      {Boolean(send.error) && (
        <ErrorNote title="Not recorded" error={send.error} />
      )}
    </Box>
  );
}
