import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import {
  dataOf,
  Delegation,
  DelegationPage,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useState } from 'react';
import { useLive, useModelDelivery } from '../api';
import { ErrorNote, PersonName, Sub, Time } from '../components';
import { buttonSx } from '../promotions/buttonSx';
import { useSubmit } from '../promotions/useSubmit';
import { HandOnDialog } from './HandOnDialog';

/** Whom the caller stands in for and who stands in for them, and the way to hand on a role; nothing without either. */
export function StandIns(props: { userRef: string | undefined }) {
  const { userRef } = props;
  const page = useLive<DelegationPage>(
    'delegations',
    async ({ client, signal }) =>
      dataOf(
        await client.GET('/delegations', {
          params: { query: { limit: 50 } },
          signal,
        }),
      ),
  );
  const [isOpen, setIsOpen] = useState(false);
  const active = page.data?.items.filter(each => each.isActive) ?? [];
  const roles = page.data?.roles ?? [];
  if (!userRef || (active.length === 0 && roles.length === 0)) {
    return null;
  }
  return (
    <Box
      component="section"
      aria-label="Standing in"
      sx={{ bgcolor: 'background.paper', borderRadius: '8px', p: '12px 16px' }}
    >
      <Box
        component="h2"
        sx={{ m: 0, pb: 0.5, fontSize: 13, lineHeight: '18px' }}
      >
        Standing in
      </Box>
      {active.length > 0 && (
        <Box
          component="ul"
          sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1 }}
        >
          {active.map(each => (
            <Entry
              key={each.id}
              delegation={each}
              title={titleOf(each, roles)}
              isMine={each.from === userRef}
              onEnded={page.reload}
            />
          ))}
        </Box>
      )}
      {roles.length > 0 && (
        <>
          {active.length === 0 && <Sub>Away for a while?</Sub>}
          <Button
            size="small"
            sx={{ ...buttonSx, ml: -0.75 }}
            onClick={() => setIsOpen(true)}
          >
            Hand on a role…
          </Button>
          <HandOnDialog
            open={isOpen}
            roles={roles}
            userRef={userRef}
            onClose={() => setIsOpen(false)}
            onDone={page.reload}
          />
        </>
      )}
    </Box>
  );
}

function titleOf(
  { group }: Delegation,
  roles: DelegationPage['roles'],
): string {
  return (
    roles.find(role => role.group === group)?.title ?? group.split('/').at(-1)!
  );
}

function Entry(props: {
  delegation: Delegation;
  title: string;
  isMine: boolean;
  onEnded: () => void;
}) {
  const { delegation, title, isMine, onEnded } = props;
  const client = useModelDelivery();
  const end = useSubmit(async () => {
    await client.POST('/delegations/{id}/end', {
      params: { path: { id: delegation.id } },
    });
    onEnded();
  });
  return (
    <Box component="li" sx={{ fontSize: 13, lineHeight: '18px' }}>
      {isMine ? (
        <>
          <PersonName principal={delegation.to} /> decides for you as {title}
        </>
      ) : (
        <>
          You decide for <PersonName principal={delegation.from} /> as {title}
        </>
      )}
      <Sub>
        until <Time at={delegation.until} as="datetime" />: {delegation.reason}
      </Sub>
      <Button
        size="small"
        sx={{ ...buttonSx, ml: -0.75 }}
        disabled={end.pending}
        onClick={() => end.submit(undefined)}
      >
        {isMine ? 'Take it back' : 'Give it back'}
      </Button>
      {Boolean(end.error) && (
        <ErrorNote title="It was not ended" error={end.error} />
      )}
    </Box>
  );
}
