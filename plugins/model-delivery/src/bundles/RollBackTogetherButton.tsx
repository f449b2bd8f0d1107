import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useRouteRef } from '@backstage/core-plugin-api';
import Button from '@mui/material/Button';
import {
  BundlePromotion,
  dataOf,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from '../api';
import { icons, ReasonDialog } from '../components';
import { useStopButtonSx } from '../promotions/buttonSx';
import { promotionRouteRef } from '../routes';

/** Takes all members of a bundle back at once, after saying to what and asking why. */
export function RollBackTogetherButton(props: {
  promotion: BundlePromotion;
  onDone?: () => void;
}) {
  const { promotion, onDone } = props;
  const [open, setOpen] = useState(false);
  const client = useModelDelivery();
  const navigate = useNavigate();
  const promotionPath = useRouteRef(promotionRouteRef);
  const stopSx = useStopButtonSx();
  const { bundle, environment } = promotion;
  const back = promotion.members
    .filter(each => each.promotion)
    .map(each =>
      each.from
        ? `${each.modelTitle} to ${each.from}`
        : `${each.modelTitle} to nothing`,
    );
  return (
    <>
      <Button
        sx={stopSx}
        size="small"
        variant="outlined"
        startIcon={<icons.RollbackIcon />}
        onClick={() => setOpen(true)}
      >
        Roll the bundle back…
      </Button>
      <ReasonDialog
        open={open}
        destructive
        title={`Roll the bundle ${bundle.name} back in ${environment}?`}
        consequence={`All members go back together, at once and without approval: ${back.join(
          ', ',
        )}. It counts as a failed change of each.`}
        confirmLabel="Roll all back"
        refusedTitle="Not rolled back"
        onConfirm={async ({ reason }) => {
          const made = dataOf(
            await client.POST('/bundle-promotions/{id}/rollbacks', {
              params: { path: { id: promotion.id } },
              body: { reason },
            }),
          );
          onDone?.();
          const first = made.members.find(each => each.promotion)?.promotion;
          if (made.id !== promotion.id && first) {
            navigate(promotionPath({ id: first.id }));
          }
        }}
        onClose={() => setOpen(false)}
      />
    </>
  );
}
