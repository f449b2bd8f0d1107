import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useRouteRef } from '@backstage/core-plugin-api';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import {
  dataOf,
  EnvironmentStatus,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useLive, useModelDelivery } from '../api';
import { RollBackTogetherButton } from '../bundles/RollBackTogetherButton';
import { formatUtc, icons, ReasonDialog, useTones } from '../components';
import { promotionRouteRef } from '../routes';
import { useModelName } from './useModelDetail';

/**
 * The way back in an environment: that of the bundle as one where what serves came with it, and may not go back apart;
 * otherwise to the version before.
 */
export function RollBackButton(props: { environment: EnvironmentStatus }) {
  const { environment } = props;
  const bundle = environment.serving.find(each => each.bundle)?.bundle;
  const together = useLive(
    `bundle-promotion/${bundle?.promotionId}`,
    async ({ client, signal }) =>
      bundle
        ? dataOf(
            await client.GET('/bundle-promotions/{id}', {
              params: { path: { id: bundle.promotionId } },
              signal,
            }),
          )
        : null,
  );
  return together.data?.mayRollBack ? (
    <RollBackTogetherButton promotion={together.data} />
  ) : (
    <RollBackAloneButton environment={environment} />
  );
}

/** Puts the version before, or another verified one, back into an environment, after saying what that means and asking why. */
function RollBackAloneButton(props: { environment: EnvironmentStatus }) {
  const { environment } = props;
  const { rollbackTarget, rollbackTargets } = environment;
  const [chosen, setChosen] = useState<string>();
  const target =
    rollbackTargets.find(each => each.version === chosen) ?? rollbackTarget;
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
        onClick={() => {
          setChosen(undefined);
          setOpen(true);
        }}
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
                , and <b>{serving.join(' and ')}</b>{' '}
                {serving.length > 1 ? 'stop' : 'stops'} serving
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
        fields={
          rollbackTargets.length > 1 && (
            <TextField
              select
              label="Version to return to"
              size="small"
              value={target.version}
              onChange={event => setChosen(event.target.value)}
              SelectProps={{ native: true }}
              InputLabelProps={{ shrink: true }}
              helperText="Versions that served all traffic here and were not rolled back since"
              sx={{ mt: 1 }}
            >
              {rollbackTargets.map((each, index) => (
                <option key={each.version} value={each.version}>
                  {optionText(each, index === 0)}
                </option>
              ))}
            </TextField>
          )
        }
        confirmLabel={`Roll back to ${target.version}`}
        destructive
        refusedTitle="Nothing was rolled back"
        onConfirm={rollBack}
      />
    </>
  );
}

/** A version to return to in words: how soon it could serve, and when it last did. */
function optionText(
  target: EnvironmentStatus['rollbackTargets'][number],
  isDefault: boolean,
): string {
  return [
    `${target.version}${isDefault ? ', the version before' : ''}`,
    target.ready ? 'ready now' : 'started first',
    target.servedUntil
      ? `served until ${formatUtc(new Date(target.servedUntil))}`
      : 'serves now',
  ].join(' · ');
}
