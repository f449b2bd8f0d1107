import { useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type {
  Deployment,
  DeploymentRevocation,
  ModelDetail,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from '../api';
import { icons, PersonName, ReasonDialog, Sub, Time } from '../components';
import { useModelName } from '../modelPage/useModelDetail';
import { buttonSx } from '../promotions/buttonSx';
import { Notice } from '../promotions/Notice';
import { asClause } from '../promotions/slots';
import { openRevocations, SHORTEST_REASON } from './revoked';

/** Warns of what serves on evidence that was revoked, and lets those who may say that it serves on. */
export function RevokedNotice(props: {
  model: ModelDetail;
  onChanged: () => void;
}) {
  const { model, onChanged } = props;
  const marked = model.environments.flatMap(({ serving }) =>
    serving.flatMap(deployment =>
      openRevocations(deployment).map(revoked => ({ deployment, revoked })),
    ),
  );
  return (
    <>
      {marked.map(({ deployment, revoked }) => (
        <Notice key={`${deployment.id} ${revoked.revocation.id}`} tone="failed">
          <b>
            {deployment.version} in {deployment.environment} rests on evidence
            that was revoked
          </b>
          <br />
          <PersonName principal={revoked.revocation.revokedBy} /> revoked{' '}
          {revoked.revocation.evaluation} of {revoked.revocation.version}{' '}
          <Time at={revoked.revocation.revokedAt} />: “
          {revoked.revocation.reason}”
          <Sub sx={{ mt: 0.5 }}>
            It goes on serving. The mark goes when another version takes over,
            or when somebody says that it serves on.
          </Sub>
          {model.viewer.mayRevokeEvidence && (
            <ServeOn
              deployment={deployment}
              revoked={revoked}
              barredBecause={
                model.viewer.barredFromServingOn.find(
                  barred => barred.deployment === deployment.id,
                )?.because
              }
              onChanged={onChanged}
            />
          )}
        </Notice>
      ))}
    </>
  );
}

function ServeOn(props: {
  deployment: Deployment;
  revoked: DeploymentRevocation;
  barredBecause: string | undefined;
  onChanged: () => void;
}) {
  const { deployment, revoked, barredBecause, onChanged } = props;
  const { version, environment } = deployment;
  const client = useModelDelivery();
  const { namespace, name } = useModelName();
  const [open, setOpen] = useState(false);
  const acknowledge = async ({ reason }: { reason: string }) => {
    await client.POST(
      '/models/{namespace}/{name}/revocations/{revocationId}/acknowledgements',
      {
        params: {
          path: { namespace, name, revocationId: revoked.revocation.id },
        },
        body: { deployment: deployment.id, reason },
      },
    );
    onChanged();
  };
  if (barredBecause) {
    return (
      <Sub sx={{ mt: 1, display: 'flex', gap: 0.75, alignItems: 'center' }}>
        <icons.LockIcon sx={{ fontSize: 14 }} />
        <span>
          You may not say that it serves on: {asClause(barredBecause)}.
        </span>
      </Sub>
    );
  }
  return (
    <Box sx={{ mt: 1 }}>
      <Button
        sx={buttonSx}
        size="small"
        variant="outlined"
        onClick={() => setOpen(true)}
      >
        Let {version} serve on in {environment}…
      </Button>
      <ReasonDialog
        open={open}
        onClose={() => setOpen(false)}
        title={`Let ${version} serve on in ${environment}?`}
        consequence={`The model is not marked any more because of ${revoked.revocation.evaluation}, and ${version} may go on from ${environment} if the gates there let it through. The revocation stays in the history, with what you write here.`}
        shortestReason={SHORTEST_REASON}
        confirmLabel="Let it serve on"
        refusedTitle="Not recorded"
        onConfirm={acknowledge}
      />
    </Box>
  );
}
