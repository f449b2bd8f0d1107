import { useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { dataOf } from '@slipway/backstage-plugin-model-delivery-common';
import { useLive, useModelDelivery } from '../api';
import { PageState, ReasonDialog } from '../components';
import { useModelDetail, useModelName } from '../modelPage/useModelDetail';
import { useStopButtonSx } from '../promotions/buttonSx';
import { EffectsList } from './EffectsList';
import { effectsSummary, SHORTEST_REASON } from './revoked';

/** Withdraws an evaluation that was found wrong, having shown what rests on it. For those who may. */
export function RevokeEvidence(props: {
  version: string;
  /** Id of the evaluation. */
  evaluation: string;
  onRevoked: () => void;
}) {
  const { version, evaluation, onRevoked } = props;
  const client = useModelDelivery();
  const { namespace, name } = useModelName();
  const model = useModelDetail();
  const stopSx = useStopButtonSx();
  const [open, setOpen] = useState(false);
  if (!model.data?.viewer.mayRevokeEvidence) {
    return null;
  }
  const revoke = async (input: { reason: string; key: string }) => {
    await client.POST('/models/{namespace}/{name}/revocations', {
      params: { path: { namespace, name } },
      body: {
        version,
        evaluation,
        reason: input.reason,
        idempotencyKey: input.key,
      },
    });
    onRevoked();
  };
  return (
    <>
      <Button
        sx={stopSx}
        size="small"
        variant="outlined"
        aria-label={`Revoke ${evaluation}`}
        onClick={() => setOpen(true)}
      >
        Revoke…
      </Button>
      <ReasonDialog
        open={open}
        onClose={() => setOpen(false)}
        title={`Revoke ${evaluation} of ${version}?`}
        consequence="What it measured counts no more, for good: its gates have no evidence until somebody measures anew. The report stays, marked with your name and reason. Whoever owns, asked for or approved what rests on it is told."
        fields={<Preview version={version} evaluation={evaluation} />}
        shortestReason={SHORTEST_REASON}
        confirmLabel="Revoke the evidence"
        destructive
        refusedTitle="Not revoked"
        onConfirm={revoke}
      />
    </>
  );
}

function Preview(props: { version: string; evaluation: string }) {
  const { version, evaluation } = props;
  const { ref, namespace, name } = useModelName();
  const preview = useLive(
    `revocations/preview/${ref}/${version}/${evaluation}`,
    async ({ client, signal }) =>
      dataOf(
        await client.GET('/models/{namespace}/{name}/revocations/preview', {
          params: {
            path: { namespace, name },
            query: { version, evaluation },
          },
          signal,
        }),
      ),
    { pollSeconds: 15 },
  );
  return (
    <PageState state={preview} what="what rests on it" lines={2}>
      {({ effects, metrics }) => (
        <Box sx={{ fontSize: 13, lineHeight: '18px' }}>
          <b>Affected: {effectsSummary(effects)}</b>
          <EffectsList effects={effects} />
          {metrics.length > 0 && (
            <Box sx={{ mt: 1, color: 'text.secondary' }}>
              It measured {metrics.join(', ')}.
            </Box>
          )}
        </Box>
      )}
    </PageState>
  );
}
