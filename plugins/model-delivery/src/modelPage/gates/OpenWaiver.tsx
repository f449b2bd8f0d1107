import { useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { Waiver } from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from '../../api';
import {
  Digest,
  icons,
  PersonName,
  ReasonDialog,
  Sub,
  Time,
} from '../../components';
import { buttonSx, useStopButtonSx } from '../../promotions/buttonSx';
import { Notice } from '../../promotions/Notice';
import { inSentence } from '../../promotions/slots';
import { SHORTEST_REASON } from './AskForWaiver';

type Deed = 'grant' | 'refuse' | 'end';

/** A waiver that is asked for or holds, and what one may do with it. */
export function OpenWaiver(props: { waiver: Waiver; onChanged: () => void }) {
  const { waiver, onChanged } = props;
  const { decision, viewer, roles } = waiver;
  const client = useModelDelivery();
  const stopSx = useStopButtonSx();
  const [deed, setDeed] = useState<Deed | null>(null);
  const role = viewer.roles[0];
  const title = inSentence(
    roles.find(each => each.role === role)?.title ?? role ?? '',
  );

  const confirm = async ({ reason }: { reason: string }) => {
    const params = { path: { id: waiver.id } };
    try {
      if (deed === 'end') {
        await client.POST('/waivers/{id}/end', { params, body: { reason } });
      } else if (deed) {
        await client.POST('/waivers/{id}/decisions', {
          params,
          body: {
            decision: deed,
            role,
            reason,
            subjectDigest: waiver.subjectDigest,
          },
        });
      }
    } finally {
      onChanged();
    }
  };
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <Notice tone={waiver.state === 'granted' ? 'warned' : 'running'}>
        <b>{waiver.statement}</b>
        <br />
        Asked by <PersonName principal={waiver.askedBy} />{' '}
        <Time at={waiver.askedAt} />: “{waiver.reason}”
        {decision && (
          <>
            <br />
            Granted by <PersonName principal={decision.decidedBy} /> as{' '}
            {inSentence(
              roles.find(each => each.role === decision.role)?.title ??
                decision.role,
            )}{' '}
            <Time at={decision.decidedAt} />: “{decision.reason}”
          </>
        )}
        {waiver.notCounted && (
          <>
            <br />
            <b>{waiver.notCounted}.</b>
          </>
        )}
        <Sub sx={{ mt: 0.5 }}>
          Until <Time at={waiver.expiresAt} />; binds to{' '}
          <Digest value={waiver.subjectDigest} of="digest of the waiver" />
        </Sub>
      </Notice>
      {viewer.barredBecause && (
        <Sub sx={{ display: 'flex', gap: 0.75, alignItems: 'center' }}>
          <icons.LockIcon sx={{ fontSize: 14 }} />
          You may not decide: {viewer.barredBecause}
        </Sub>
      )}
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
        {role && (
          <>
            <Button
              sx={buttonSx}
              size="small"
              variant="contained"
              onClick={() => setDeed('grant')}
            >
              Waive as {title}…
            </Button>
            <Button
              sx={stopSx}
              size="small"
              variant="outlined"
              onClick={() => setDeed('refuse')}
            >
              Refuse…
            </Button>
          </>
        )}
        {viewer.mayEnd && !role && (
          <Button
            sx={stopSx}
            size="small"
            variant="outlined"
            onClick={() => setDeed('end')}
          >
            Take it back…
          </Button>
        )}
      </Box>
      <ReasonDialog
        open={deed !== null}
        onClose={() => setDeed(null)}
        {...wordsOf(deed, waiver, title)}
        shortestReason={SHORTEST_REASON}
        onConfirm={confirm}
      />
    </Box>
  );
}

function wordsOf(deed: Deed | null, waiver: Waiver, title: string) {
  const { version, environment, verdict } = waiver;
  switch (deed) {
    case 'refuse':
      return {
        title: 'Refuse the waiver?',
        consequence: `“${verdict.title}” goes on keeping ${version} out of ${environment}.`,
        confirmLabel: `Refuse as ${title}`,
        destructive: true,
        refusedTitle: 'Not recorded',
      };
    case 'end':
      return {
        title: 'Take the waiver back?',
        consequence: `“${verdict.title}” keeps ${version} out of ${environment} again, and promotions that rest on the waiver are held. What serves already goes on serving.`,
        confirmLabel: 'Take it back',
        destructive: true,
        refusedTitle: 'Not taken back',
      };
    default:
      return {
        title: `Waive “${verdict.title}”?`,
        consequence: (
          <>
            {version} may go to {environment} although: {verdict.explanation}{' '}
            The waiver holds until <Time at={waiver.expiresAt} />, and is void
            as soon as the gate is judged on other facts. You may take it back.
          </>
        ),
        confirmLabel: `Waive as ${title}`,
        refusedTitle: 'Not recorded',
      };
  }
}
