import type { PromotionState } from '@slipway/backstage-plugin-model-delivery-common';
import { ErrorNote, StateLabel } from '../components';
import { Notice } from './Notice';
import type { PromotionDeeds } from './usePromotionDeeds';

/** Why what somebody wanted a promotion to do was not done; nothing while nothing was refused. */
export function DeedNotice(props: {
  deeds: PromotionDeeds;
  state: PromotionState;
}) {
  const { deeds, state } = props;
  return (
    <>
      {deeds.conflict && (
        <Notice tone="warned" alert>
          Not done: {deeds.conflict} The promotion is now{' '}
          <StateLabel promotion={state} />: look again before you act.
        </Notice>
      )}
      {Boolean(deeds.error) && (
        <ErrorNote title="Not done" error={deeds.error} />
      )}
    </>
  );
}
