import { useRef, useState } from 'react';
import Button from '@mui/material/Button';
import { useNavigate } from 'react-router-dom';
import { parseEntityRef } from '@backstage/catalog-model';
import { useRouteRef } from '@backstage/core-plugin-api';
import {
  dataOf,
  Promotion,
  PromotionEvent,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from '../api';
import { icons, ReasonDialog } from '../components';
import { promotionRouteRef } from '../routes';
import type { PromotionDeeds } from './usePromotionDeeds';
import { eventText } from './planText';
import { buttonSx, useStopButtonSx } from './buttonSx';

const eventIcons: Record<PromotionEvent, typeof icons.PauseIcon> = {
  pause: icons.PauseIcon,
  resume: icons.RightIcon,
  skip: icons.SkipIcon,
  abort: icons.StoppedIcon,
  cancel: icons.CloseIcon,
  retry: icons.RefreshIcon,
  're-evaluate': icons.RefreshIcon,
};

/** The buttons for what this person may do with this promotion now. */
export function PromotionActions(props: {
  promotion: Promotion;
  deeds: PromotionDeeds;
}) {
  const { promotion, deeds } = props;
  const stopSx = useStopButtonSx();
  const [asked, setAsked] = useState<PromotionEvent>();
  const textOf = (event: PromotionEvent) =>
    eventText(event, {
      share: promotion.share,
      version: promotion.version,
      from: promotion.from?.version ?? null,
      next: promotion.rollout?.steps.find(step => step.state === 'pending')
        ?.share,
    });
  const askedText = asked && textOf(asked);
  const { bundle } = promotion;

  return (
    <>
      {promotion.allowedEvents.map(event => {
        const text = textOf(event);
        const Icon = eventIcons[event];
        return (
          <Button
            sx={event === 'abort' ? stopSx : buttonSx}
            key={event}
            size="small"
            variant="outlined"
            startIcon={<Icon />}
            title={text.consequence}
            disabled={deeds.isWaiting}
            onClick={() =>
              text.confirm ? setAsked(event) : deeds.act({ event })
            }
          >
            {text.label}
            {text.confirm && '…'}
          </Button>
        );
      })}
      {promotion.mayRollBack && takesTraffic(promotion) && (
        <RollBackButton promotion={promotion} disabled={deeds.isWaiting} />
      )}
      <ReasonDialog
        open={asked !== undefined}
        destructive={asked !== 'skip'}
        title={`${askedText?.label}${
          asked === 'skip' ? ' in' : ''
        } the promotion of ${promotion.version} to ${promotion.environment}?`}
        consequence={
          bundle
            ? `It is part of the bundle ${bundle.name}: all its members are treated alike. ${askedText?.consequence}`
            : askedText?.consequence
        }
        confirmLabel={
          asked === 'skip'
            ? 'Skip step'
            : `${askedText?.label} ${promotion.version}`
        }
        refusedTitle="Not done"
        onConfirm={async ({ reason }) => {
          if (asked) {
            await deeds.actOrThrow({ event: asked, reason });
          }
        }}
        onClose={() => setAsked(undefined)}
      />
    </>
  );
}

/** Whether its version serves, so that there is something to go back from. */
function takesTraffic(promotion: Promotion): boolean {
  return ['rolling-out', 'paused', 'succeeded'].includes(promotion.state);
}

function RollBackButton(props: { promotion: Promotion; disabled: boolean }) {
  const { promotion, disabled } = props;
  const client = useModelDelivery();
  const navigate = useNavigate();
  const promotionPath = useRouteRef(promotionRouteRef);
  const stopSx = useStopButtonSx();
  const [isAsked, setIsAsked] = useState(false);
  // The second click of a double click may come after the answer, while the dialog closes.
  const doneKey = useRef<string>();
  const target = promotion.from?.version;
  const label = target ? `Roll back to ${target}` : 'Roll back';
  return (
    <>
      <Button
        sx={stopSx}
        size="small"
        variant="outlined"
        startIcon={<icons.RollbackIcon />}
        title={`Sends all traffic back to ${target ?? 'the version before'}`}
        disabled={disabled}
        onClick={() => setIsAsked(true)}
      >
        {label}…
      </Button>
      <ReasonDialog
        open={isAsked}
        destructive
        title={`${label} in ${promotion.environment}?`}
        consequence={`All traffic goes to ${
          target ?? 'the version before'
        } at once and without approval; ${
          promotion.version
        } takes no more traffic. It counts as a failed change.`}
        confirmLabel={label}
        refusedTitle="Not rolled back"
        onConfirm={async ({ reason, key }) => {
          if (doneKey.current === key) {
            return;
          }
          const { namespace, name } = parseEntityRef(promotion.model);
          const rollback = dataOf(
            await client.POST('/models/{namespace}/{name}/rollbacks', {
              params: { path: { namespace, name } },
              body: {
                environment: promotion.environment,
                reason,
                idempotencyKey: key,
                ...(target && { version: target }),
              },
            }),
          );
          doneKey.current = key;
          if (rollback.id !== promotion.id) {
            navigate(promotionPath({ id: rollback.id }));
          }
        }}
        onClose={() => setIsAsked(false)}
      />
    </>
  );
}
