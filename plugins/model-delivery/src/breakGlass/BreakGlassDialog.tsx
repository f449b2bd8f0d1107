import { FormEvent, useId, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useRouteRef } from '@backstage/core-plugin-api';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import TextField from '@mui/material/TextField';
import {
  dataOf,
  ModelDetail,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useLive, useModelDelivery } from '../api';
import { ErrorNote, newKey } from '../components';
import {
  usePromotableVersions,
  VersionAndEnvironment,
} from '../modelPage/VersionAndEnvironment';
import { useStopButtonSx } from '../promotions/buttonSx';
import { Notice } from '../promotions/Notice';
import { useSubmit } from '../promotions/useSubmit';
import { promotionRouteRef } from '../routes';
import { EmergencyPreview } from './EmergencyPreview';

const SHORTEST_REASON = 10;

/** Breaks the glass: which version, where to, why; shows exactly what it goes past before one confirms. */
export function BreakGlassDialog(props: {
  model: ModelDetail;
  /** Picked beforehand. */
  version?: string;
  onClose: () => void;
}) {
  const { model, onClose } = props;
  const { namespace, name } = model;
  const client = useModelDelivery();
  const navigate = useNavigate();
  const promotionRoute = useRouteRef(promotionRouteRef);
  const titleId = useId();
  const stopSx = useStopButtonSx();
  const versions = usePromotableVersions(model);
  const environments = model.viewer.mayBreakGlassIn;
  const [chosenVersion, setVersion] = useState(props.version);
  const [environment, setEnvironment] = useState(
    environments[environments.length - 1] ?? '',
  );
  const [reason, setReason] = useState('');
  // One key for the life of the dialog: however often it is sent, it makes one promotion
  const [idempotencyKey] = useState(newKey);
  const version = chosenVersion ?? versions.data?.[0]?.version ?? '';
  const preview = useLive(
    `break-glass/${model.ref}/${version}/${environment}`,
    async ({ client: api, signal }) =>
      version && environment
        ? dataOf(
            await api.GET('/models/{namespace}/{name}/break-glass', {
              params: {
                path: { namespace, name },
                query: { version, environment },
              },
              signal,
            }),
          )
        : null,
    { pollSeconds: 15 },
  );
  const send = useSubmit(async () => {
    const promotion = dataOf(
      await client.POST('/promotions', {
        body: {
          model: model.ref,
          version,
          environment,
          reason: 'unplanned-fix',
          breakGlass: { reason: reason.trim() },
          idempotencyKey,
        },
      }),
    );
    onClose();
    navigate(promotionRoute({ id: promotion.id }));
  });
  const isReady =
    Boolean(preview.data) &&
    !preview.data?.refusedBecause &&
    reason.trim().length >= SHORTEST_REASON;

  return (
    <Dialog
      open
      onClose={send.pending ? undefined : onClose}
      aria-labelledby={titleId}
      fullWidth
      maxWidth="sm"
    >
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          send.submit(undefined);
        }}
      >
        <DialogTitle id={titleId} component="h2" sx={{ fontSize: 20 }}>
          Break the glass for {model.name}
        </DialogTitle>
        <DialogContent
          sx={{
            display: 'grid',
            gap: 2,
            fontFamily: theme => theme.typography.fontFamily,
          }}
        >
          <VersionAndEnvironment
            versions={versions}
            version={version}
            onVersion={setVersion}
            environments={environments.map(each => ({
              name: each,
              label: each,
            }))}
            environment={environment}
            onEnvironment={setEnvironment}
          >
            {() => (
              <>
                <EmergencyPreview
                  state={preview}
                  version={version}
                  environment={environment}
                />
                <TextField
                  label="Reason"
                  required
                  multiline
                  minRows={3}
                  value={reason}
                  onChange={event => setReason(event.target.value)}
                  inputProps={{ maxLength: 2000 }}
                  helperText={`What happened and why it cannot wait, in at least ${SHORTEST_REASON} characters. The owner and the reviewers read it now; it stays in the audit log under your name.`}
                />
              </>
            )}
          </VersionAndEnvironment>
          {send.conflict && (
            <Notice tone="warned" alert>
              <b>Not done.</b> {send.conflict}
            </Notice>
          )}
          {Boolean(send.error) && (
            <ErrorNote title="The glass was not broken" error={send.error} />
          )}
        </DialogContent>
        <DialogActions
          sx={{ px: 3, pb: 2, '& button': { textTransform: 'none' } }}
        >
          <Button onClick={onClose} disabled={send.pending}>
            Keep as it is
          </Button>
          <Button
            type="submit"
            variant="outlined"
            disabled={send.pending || !isReady}
            sx={[stopSx, { fontFamily: theme => theme.typography.fontFamily }]}
          >
            {send.pending
              ? 'Sending…'
              : `Put ${version} into ${environment} now`}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
