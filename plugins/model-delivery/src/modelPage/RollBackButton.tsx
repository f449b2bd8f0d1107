import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useRouteRef } from '@backstage/core-plugin-api';
import Button from '@mui/material/Button';
import {
  dataOf,
  EnvironmentStatus,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from '../api';
import { icons, ReasonDialog, useTones } from '../components';
import { promotionRouteRef } from '../routes';
import { useModelName } from './useModelDetail';

/** Puts the version before back into an environment, after saying what that means and asking why. */
export function RollBackButton(props: { environment: EnvironmentStatus }) {
  const { environment } = props;
  const { rollbackTarget: target } = environment;
  const [open, setOpen] = useState(false);
  const tones = useTones();
  const client = useModelDelivery();
  const navigate = useNavigate();
  const promotionRoute = useRouteRef(promotionRouteRef);
  const { namespace, name } = useModelName();
  if (!target) {
    return null;
  }
  const serving = environment.serving
    .map(each => each.version)
    .filter(version => version !== target.version);
  const isProduction = environment.tier === 'production';

  const rollBack = async (input: { reason: string; key: string }) => {
    const promotion = dataOf(
      await client.POST('/models/{namespace}/{name}/rollbacks', {
        params: { path: { namespace, name } },
        body: {
          environment: environment.name,
          version: target.version,
          reason: input.reason,
          idempotencyKey: input.key,
        },
      }),
    );
    navigate(promotionRoute({ id: promotion.id }));
  };

  return (
    <>
      <Button
        size="small"
        variant={isProduction ? 'outlined' : 'text'}
        startIcon={isProduction ? <icons.RollbackIcon /> : undefined}
        onClick={() => setOpen(true)}
        aria-label={`Roll back ${environment.name}…`}
        sx={{
          textTransform: 'none',
          fontSize: 13,
          whiteSpace: 'nowrap',
          ...(isProduction && {
            color: tones.failed.text,
            borderColor: tones.failed.text,
            '&:hover': { borderColor: tones.failed.text },
          }),
        }}
      >
        Roll back…
      </Button>
      <ReasonDialog
        open={open}
        onClose={() => setOpen(false)}
        title={`Roll ${environment.name} back to ${target.version}?`}
        consequence={
          <>
            <b>{target.version}</b> takes all of {environment.name}’s traffic at
            once, without approval
            {serving.length > 0 && (
              <>
                , and <b>{serving.join(' and ')}</b> stops serving
              </>
            )}
            .{' '}
            {target.ready
              ? `The server of ${target.version} runs and answers.`
              : `The server of ${target.version} is not running and is started first.`}
            {isProduction &&
              ' It counts as a failed change in the delivery metrics.'}
          </>
        }
        confirmLabel={`Roll back to ${target.version}`}
        destructive
        refusedTitle="Nothing was rolled back"
        onConfirm={rollBack}
      />
    </>
  );
}
