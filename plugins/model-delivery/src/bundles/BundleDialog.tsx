import { useId, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useRouteRef } from '@backstage/core-plugin-api';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import TextField from '@mui/material/TextField';
import {
  Bundle,
  dataOf,
  ModelDetail,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from '../api';
import { ErrorNote, newKey, Sub, useSendOnce } from '../components';
import { promotionRouteRef } from '../routes';
import {
  BundleMembersFields,
  ChosenMember,
  newMember,
} from './BundleMembersFields';

/** Asks for several versions to be promoted together: a bundle that there is, or one made of the members chosen here. */
export function BundleDialog(props: {
  model: ModelDetail;
  /** One that is registered; its members stand. */
  bundle?: Bundle;
  onClose: () => void;
}) {
  const { model, bundle, onClose } = props;
  const [name, setName] = useState('');
  const [members, setMembers] = useState<ChosenMember[]>(() => [
    newMember(model.ref),
    newMember(),
  ]);
  const [environment, setEnvironment] = useState(
    model.environments[0]?.name ?? '',
  );
  const [note, setNote] = useState('');
  const [idempotencyKey] = useState(newKey);
  const titleId = useId();
  const client = useModelDelivery();
  const navigate = useNavigate();
  const promotionPath = useRouteRef(promotionRouteRef);
  const isComplete =
    bundle !== undefined ||
    (name.trim() !== '' && members.every(each => each.model && each.version));

  const { onSubmit, sending, error } = useSendOnce(async () => {
    const chosen =
      bundle ??
      dataOf(
        await client.POST('/bundles', {
          body: {
            name: name.trim(),
            members: members.map(({ model: ref, version }) => ({
              model: ref,
              version,
            })),
          },
        }),
      );
    const promotion = dataOf(
      await client.POST('/bundle-promotions', {
        body: {
          bundle: chosen.id,
          environment,
          reason: 'planned',
          note: note.trim() || undefined,
          idempotencyKey,
        },
      }),
    );
    const own =
      promotion.members.find(
        each => each.promotion && each.model === model.ref,
      ) ?? promotion.members.find(each => each.promotion);
    onClose();
    navigate(promotionPath({ id: own!.promotion!.id }));
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
          {bundle ? `Promote the bundle ${bundle.name}` : 'Promote as a bundle'}
        </DialogTitle>
        <DialogContent
          sx={{
            display: 'grid',
            gap: 2,
            fontFamily: theme => theme.typography.fontFamily,
          }}
        >
          <Sub>
            The versions of a bundle are approved once, take traffic in step and
            are rolled back as one. Each keeps the gates of its own model.
          </Sub>
          {bundle ? (
            <Sub>
              {bundle.members
                .map(each => `${each.modelTitle} ${each.version}`)
                .join(', ')}
            </Sub>
          ) : (
            <>
              <TextField
                label="Name"
                required
                value={name}
                onChange={event => setName(event.target.value)}
                inputProps={{ maxLength: 100 }}
              />
              {members.map((member, i) => (
                <BundleMembersFields
                  key={member.key}
                  position={i + 1}
                  member={member}
                  isFixed={i === 0}
                  taken={members.map(each => each.model)}
                  onChange={changed =>
                    setMembers(known =>
                      known.map(each =>
                        each.key === member.key ? changed : each,
                      ),
                    )
                  }
                  onRemove={
                    i > 1
                      ? () =>
                          setMembers(known =>
                            known.filter(each => each.key !== member.key),
                          )
                      : undefined
                  }
                />
              ))}
              {members.length < 10 && (
                <Button
                  size="small"
                  onClick={() => setMembers([...members, newMember()])}
                  sx={{ textTransform: 'none', justifySelf: 'start' }}
                >
                  Another member
                </Button>
              )}
            </>
          )}
          <TextField
            select
            label="Into"
            value={environment}
            onChange={event => setEnvironment(event.target.value)}
            SelectProps={{ native: true }}
          >
            {model.environments.map(each => (
              <option key={each.name} value={each.name}>
                {each.name}
              </option>
            ))}
          </TextField>
          <TextField
            label="Note for the approvers"
            multiline
            minRows={2}
            value={note}
            onChange={event => setNote(event.target.value)}
            inputProps={{ maxLength: 2000 }}
          />
          {error !== undefined && (
            <ErrorNote title="The bundle was not requested" error={error} />
          )}
        </DialogContent>
        <DialogActions
          sx={{ px: 3, pb: 2, '& button': { textTransform: 'none' } }}
        >
          <Button onClick={onClose} disabled={sending}>
            Cancel
          </Button>
          <Button
            type="submit"
            variant="contained"
            disabled={sending || !isComplete || !environment}
          >
            {sending ? 'Sending…' : `Request all to ${environment}`}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
