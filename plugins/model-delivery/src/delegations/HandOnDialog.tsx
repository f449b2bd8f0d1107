import Box from '@mui/material/Box';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import { DelegationPage } from '@slipway/backstage-plugin-model-delivery-common';
import { useState } from 'react';
import { useModelDelivery } from '../api';
import { formatDuration, ReasonDialog, toLocalInput } from '../components';
import { PersonField } from './PersonField';

const DAY_MS = 86_400_000;

/** Asks which role goes to whom and until when, and hands it on. */
export function HandOnDialog(props: {
  open: boolean;
  roles: DelegationPage['roles'];
  userRef: string;
  onClose: () => void;
  onDone: () => void;
}) {
  const { open, roles, userRef, onClose, onDone } = props;
  const client = useModelDelivery();
  const [group, setGroup] = useState(roles[0].group);
  const [to, setTo] = useState('');
  const [until, setUntil] = useState('');
  const role = roles.find(each => each.group === group) ?? roles[0];
  const longestMs = role.longestSeconds * 1000;
  const chosen =
    until ||
    toLocalInput(
      new Date(Date.now() + Math.min(longestMs, 7 * DAY_MS) - 60_000),
    );

  const handOn = async ({ reason, key }: { reason: string; key: string }) => {
    await client.POST('/delegations', {
      body: {
        group: role.group,
        to,
        until: new Date(chosen).toISOString(),
        reason,
        idempotencyKey: key,
      },
    });
    onDone();
  };

  return (
    <ReasonDialog
      open={open}
      onClose={onClose}
      title="Hand on a role"
      consequence={
        <>
          They decide in your place until then, with your name beside theirs, at
          most {formatDuration(role.longestSeconds)}. It reaches no further than
          your own role: what you may not decide, they may not decide for you.
          You can take it back at any time.
        </>
      }
      fields={
        <Box sx={{ display: 'grid', gap: 2, mb: 2 }}>
          <TextField
            select
            size="small"
            label="Role"
            value={role.group}
            onChange={event => setGroup(event.target.value)}
          >
            {roles.map(each => (
              <MenuItem key={each.group} value={each.group}>
                {each.title}
              </MenuItem>
            ))}
          </TextField>
          <PersonField label="To" barred={userRef} onChoose={setTo} />
          <TextField
            required
            size="small"
            type="datetime-local"
            label="Until"
            value={chosen}
            onChange={event => setUntil(event.target.value)}
            InputLabelProps={{ shrink: true }}
            inputProps={{
              min: toLocalInput(new Date()),
              max: toLocalInput(new Date(Date.now() + longestMs)),
            }}
          />
        </Box>
      }
      confirmLabel="Hand it on"
      refusedTitle="Nothing was handed on"
      onConfirm={handOn}
    />
  );
}
