import { useState } from 'react';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type {
  ModelDetail,
  OutsideChange,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from '../api';
import { ErrorNote, PersonName, ReasonDialog, Sub, Time } from '../components';
import { useModelName } from '../modelPage/useModelDetail';
import { buttonSx, useStopButtonSx } from '../promotions/buttonSx';
import { Notice } from '../promotions/Notice';
import { useSubmit } from '../promotions/useSubmit';
import { promotionRouteRef } from '../routes';

/** As the API asks for it. */
const SHORTEST_REASON = 10;

/** Warns of what was changed without Slipway, and lets those who may adopt it or set it back. */
export function OutsideChangesNotice(props: {
  model: ModelDetail;
  onChanged: () => void;
}) {
  const { model, onChanged } = props;
  return (
    <>
      {model.outsideChanges.map(change => (
        <Change
          key={change.id}
          change={change}
          viewer={model.viewer}
          onChanged={onChanged}
        />
      ))}
    </>
  );
}

function Change(props: {
  change: OutsideChange;
  viewer: ModelDetail['viewer'];
  onChanged: () => void;
}) {
  const { change, viewer, onChanged } = props;
  const { revert, promotionId } = change;
  const promotionRoute = useRouteRef(promotionRouteRef);
  return (
    <Notice tone="warned">
      <b>Changed without Slipway: {change.statement}</b>
      <br />
      Seen <Time at={change.firstSeenAt} />. The history does not say so, and no
      gate or person has let it through.
      {promotionId && (
        <Sub sx={{ mt: 0.5 }}>
          <Link to={promotionRoute({ id: promotionId })}>
            Promotion {promotionId}
          </Link>{' '}
          is to adopt it.
        </Sub>
      )}
      {revert && (
        <Sub sx={{ mt: 0.5 }}>
          <PersonName principal={revert.by} /> sets it back: “{revert.reason}”
          {revert.error && `. It failed: ${revert.error}`}
        </Sub>
      )}
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: 1 }}>
        {viewer.mayRequestPromotion && !promotionId && (
          <Adopt change={change} onChanged={onChanged} />
        )}
        {viewer.mayRollBack && (
          <SetBack change={change} onChanged={onChanged} />
        )}
      </Box>
    </Notice>
  );
}

function Adopt(props: { change: OutsideChange; onChanged: () => void }) {
  const { change, onChanged } = props;
  const client = useModelDelivery();
  const { namespace, name } = useModelName();
  const adopt = useSubmit(async () => {
    await client.POST(
      '/models/{namespace}/{name}/outside-changes/{changeId}/adopt',
      { params: { path: { namespace, name, changeId: change.id } } },
    );
    onChanged();
  });
  return (
    <>
      <Button
        sx={buttonSx}
        size="small"
        variant="outlined"
        disabled={adopt.pending}
        onClick={() => adopt.submit(undefined)}
      >
        Adopt it by a promotion
      </Button>
      {(adopt.error !== undefined || adopt.conflict) && (
        <Box sx={{ flexBasis: '100%' }}>
          <ErrorNote
            title="No promotion was requested"
            error={adopt.error ?? new Error(adopt.conflict ?? '')}
          />
        </Box>
      )}
    </>
  );
}

function SetBack(props: { change: OutsideChange; onChanged: () => void }) {
  const { change, onChanged } = props;
  const client = useModelDelivery();
  const { namespace, name } = useModelName();
  const stopSx = useStopButtonSx();
  const [open, setOpen] = useState(false);
  const setBack = async ({ reason }: { reason: string }) => {
    try {
      await client.POST(
        '/models/{namespace}/{name}/outside-changes/{changeId}/revert',
        {
          params: { path: { namespace, name, changeId: change.id } },
          body: { reason },
        },
      );
    } finally {
      onChanged();
    }
  };
  const should = change.expected
    .map(({ version, share }) =>
      change.kind === 'alias' || share >= 100
        ? version
        : `${version} with ${share} %`,
    )
    .join(' and ');
  return (
    <>
      <Button
        sx={stopSx}
        size="small"
        variant="outlined"
        onClick={() => setOpen(true)}
      >
        Set it back…
      </Button>
      <ReasonDialog
        open={open}
        onClose={() => setOpen(false)}
        title={
          change.kind === 'alias'
            ? `Set ${change.alias} back to ${should}?`
            : `Set ${change.environment} back to ${should}?`
        }
        consequence={
          change.kind === 'alias'
            ? `The alias ${change.alias} of the registry names ${should} again.`
            : `All traffic of ${change.environment} is divided at once as the history says: ${should}.`
        }
        shortestReason={SHORTEST_REASON}
        confirmLabel="Set it back"
        destructive
        refusedTitle="Not set back"
        onConfirm={setBack}
      />
    </>
  );
}
