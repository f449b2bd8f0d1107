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
import { ErrorNote, newKey, PageState } from '../components';
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
  const versions = useLive(
    `promotable/${model.ref}`,
    async ({ client: api, signal }) =>
      dataOf(
        await api.GET('/models/{namespace}/{name}/versions', {
          params: { path: { namespace, name }, query: { limit: 50 } },
          signal,
        }),
      ).items,
  );
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
          <PageState
            state={versions}
            what="the versions"
            isEmpty={items => items.length === 0}
            empty={{
              title: 'No versions yet',
              text: 'The model’s pipeline registers them.',
            }}
          >
            {items => (
              <>
                <TextField
                  select
                  label="Version"
                  value={version}
                  onChange={event => setVersion(event.target.value)}
                  SelectProps={{ native: true }}
                  sx={{ mt: 1.5 }}
                >
                  {items.map(each => (
                    <option key={each.version} value={each.version}>
                      {each.version}
                      {each.environments.length > 0 &&
                        `, serves in ${each.environments
                          .map(where => where.name)
                          .join(', ')}`}
                    </option>
                  ))}
                </TextField>
                <TextField
                  select
                  label="Into"
                  value={environment}
                  onChange={event => setEnvironment(event.target.value)}
                  SelectProps={{ native: true }}
                >
                  {environments.map(each => (
                    <option key={each} value={each}>
                      {each}
                    </option>
                  ))}
                </TextField>
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
          </PageState>
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
