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
import { useKept } from '../drafts/useKept';
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

const EMPTY = { reason: '' };

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
  const [stand, setStand] = useState('');
  const draft = useKept(`${asked}/${stand}`, EMPTY);
  const ask = (event: PromotionEvent) => {
    // As it stands now: what one writes stays although traffic moves on meanwhile
    setStand(standOf(promotion));
    setAsked(event);
  };
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
            onClick={() => (text.confirm ? ask(event) : deeds.act({ event }))}
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
        draft={draft}
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

/** What somebody who acts on it has before them: another state or share asks for another reason. */
function standOf({ id, state, share }: Promotion): string {
  return [id, state, share].join('/');
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
  // What a rollback displaced has failed and does not return; the engine finds the version before it
  const target =
    promotion.kind === 'rollback' ? undefined : promotion.from?.version;
  const [stand, setStand] = useState('');
  const draft = useKept(`roll-back/${stand}`, EMPTY);
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
        onClick={() => {
          setStand(`${standOf(promotion)}/${target}`);
          setIsAsked(true);
        }}
      >
        {label}…
      </Button>
      <ReasonDialog
        open={isAsked}
        draft={draft}
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
                promotion: promotion.id,
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
