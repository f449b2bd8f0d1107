import { useId, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useRouteRef } from '@backstage/core-plugin-api';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormLabel from '@mui/material/FormLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import TextField from '@mui/material/TextField';
import {
  dataOf,
  ModelDetail,
  PromotionRequest,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from '../api';
import { ErrorNote, newKey, useSendOnce } from '../components';
import { promotionRouteRef } from '../routes';
import { PreviewOfPromotion } from './PreviewOfPromotion';
import { nextEnvironment } from './promotionPreview';
import {
  usePromotableVersions,
  VersionAndEnvironment,
} from './VersionAndEnvironment';

/** What a {@link RequestPromotionDialog} needs. */
export interface RequestPromotionDialogProps {
  model: ModelDetail;
  version?: string;
  onClose: () => void;
  /** Chosen by who may break the glass, to put this version there past gates and approvals. */
  onEmergency: (version: string) => void;
}

/** Asks for a promotion: which version, where to, why; shows what it will meet, and what the server refuses. */
export function RequestPromotionDialog(props: RequestPromotionDialogProps) {
  const { model, onClose, onEmergency } = props;
  const versions = usePromotableVersions(model);
  const [chosenVersion, setVersion] = useState(props.version);
  const [chosenEnvironment, setEnvironment] = useState<string>();
  const [reason, setReason] =
    useState<NonNullable<PromotionRequest['reason']>>('planned');
  const [note, setNote] = useState('');
  // One key for the life of the dialog: however often it is sent, it makes one promotion
  const [idempotencyKey] = useState(newKey);
  const titleId = useId();
  const client = useModelDelivery();
  const navigate = useNavigate();
  const promotionRoute = useRouteRef(promotionRouteRef);

  const version = chosenVersion ?? versions.data?.[0]?.version ?? '';
  const environment =
    chosenEnvironment ?? nextEnvironment(model, version) ?? '';

  const { onSubmit, sending, error } = useSendOnce(async () => {
    const promotion = dataOf(
      await client.POST('/promotions', {
        body: {
          model: model.ref,
          version,
          environment,
          reason,
          note: note.trim() || undefined,
          idempotencyKey,
        },
      }),
    );
    onClose();
    navigate(promotionRoute({ id: promotion.id }));
  });

  return (
    <Dialog
      open
      onClose={sending ? undefined : onClose}
      aria-labelledby={titleId}
      fullWidth
      maxWidth="sm"
    >
      <form onSubmit={onSubmit}>
        <DialogTitle id={titleId} component="h2" sx={{ fontSize: 20 }}>
          Request a promotion of {model.name}
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
            environments={model.environments.map(({ name: each, serving }) => ({
              name: each,
              label: `${each}, where ${
                serving.length > 0
                  ? `${serving[0].version} serves`
                  : 'nothing serves yet'
              }`,
            }))}
            environment={environment}
            onEnvironment={setEnvironment}
          >
            {items => (
              <>
                <PreviewOfPromotion
                  model={model}
                  version={items.find(each => each.version === version)}
                  environment={environment}
                />
                <FormControl>
                  <FormLabel id={`${titleId}-reason`}>Reason</FormLabel>
                  <RadioGroup
                    aria-labelledby={`${titleId}-reason`}
                    value={reason}
                    onChange={event =>
                      setReason(event.target.value as typeof reason)
                    }
                  >
                    <FormControlLabel
                      value="planned"
                      control={<Radio size="small" />}
                      label="Planned change"
                    />
                    <FormControlLabel
                      value="unplanned-fix"
                      control={<Radio size="small" />}
                      label="Unplanned fix, which counts as rework"
                    />
                  </RadioGroup>
                </FormControl>
                <TextField
                  label="Note for the approvers"
                  multiline
                  minRows={2}
                  value={note}
                  onChange={event => setNote(event.target.value)}
                  inputProps={{ maxLength: 2000 }}
                />
              </>
            )}
          </VersionAndEnvironment>
          {error !== undefined && (
            <ErrorNote title="The promotion was not requested" error={error} />
          )}
        </DialogContent>
        <DialogActions
          sx={{ px: 3, pb: 2, '& button': { textTransform: 'none' } }}
        >
          {model.viewer.mayBreakGlassIn.length > 0 && (
            <Button
              onClick={() => onEmergency(version)}
              disabled={sending || !version}
              sx={{ mr: 'auto' }}
            >
              Emergency (break-glass)…
            </Button>
          )}
          <Button onClick={onClose} disabled={sending}>
            Cancel
          </Button>
          <Button
            type="submit"
            variant="contained"
            disabled={sending || !version || !environment}
          >
            {sending ? 'Sending…' : `Request ${version} to ${environment}`}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
