import { useState } from 'react';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import type {
  GateMatrix,
  GateVerdict,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from '../../api';
import { formatDuration, ReasonDialog } from '../../components';
import { buttonSx } from '../../promotions/buttonSx';
import { useModelName } from '../useModelDetail';

const DAY = 86_400;
const LENGTHS = [DAY / 4, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY];
/** As the API asks for it. */
export const SHORTEST_REASON = 10;

/** Asks those whom the policy names to let a version through that a gate keeps out. */
export function AskForWaiver(props: {
  verdict: GateVerdict;
  version: string;
  environment: string;
  rule: NonNullable<GateMatrix['waivers']>;
  onAsked: () => void;
}) {
  const { verdict, version, environment, rule, onAsked } = props;
  const client = useModelDelivery();
  const { namespace, name } = useModelName();
  const lengths = [
    ...LENGTHS.filter(seconds => seconds < rule.longestSeconds),
    rule.longestSeconds,
  ];
  const [open, setOpen] = useState(false);
  const [seconds, setSeconds] = useState(
    lengths.find(each => each >= DAY) ?? rule.longestSeconds,
  );
  const ask = async ({ reason }: { reason: string }) => {
    await client.POST('/models/{namespace}/{name}/waivers', {
      params: { path: { namespace, name } },
      body: {
        version,
        environment,
        gate: verdict.gate,
        reason,
        // A minute less, so that the longest is not too long for a server whose clock is behind
        expiresAt: new Date(Date.now() + (seconds - 60) * 1000).toISOString(),
      },
    });
    onAsked();
  };
  return (
    <>
      <Button
        sx={buttonSx}
        size="small"
        variant="outlined"
        onClick={() => setOpen(true)}
      >
        Ask for a waiver…
      </Button>
      <ReasonDialog
        open={open}
        onClose={() => setOpen(false)}
        title={`Ask to waive “${verdict.title}”?`}
        consequence={
          <>
            {rule.roles.map(({ title }) => title).join(' or ')} decides whether{' '}
            {version} may go to {environment} although this gate does not let it
            through. The verdict is shown as waived for ever, and the waiver is
            void as soon as the gate is judged on other facts.
          </>
        }
        fields={
          <TextField
            select
            size="small"
            label="For at most"
            value={seconds}
            onChange={event => setSeconds(Number(event.target.value))}
            SelectProps={{ native: true }}
            InputLabelProps={{ shrink: true }}
            sx={{ mt: 1, justifySelf: 'start', minWidth: 140 }}
          >
            {lengths.map(each => (
              <option key={each} value={each}>
                {formatDuration(each)}
              </option>
            ))}
          </TextField>
        }
        shortestReason={SHORTEST_REASON}
        confirmLabel="Ask for the waiver"
        refusedTitle="Not asked"
        onConfirm={ask}
      />
    </>
  );
}
