import {
  dataOf,
  Promotion,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Live, useLive } from '../api';
import { isTerminal } from './rail';

/** Seconds between polls behind the signals: often while traffic moves, seldom when nothing can come any more. */
export function pollSecondsOf(promotion: Promotion): number {
  if (['rolling-out', 'rolling-back'].includes(promotion.state)) {
    return 3;
  }
  return isTerminal(promotion.state) ? 60 : 10;
}

/** One promotion as this person may see and act on it, kept up to date. */
export function usePromotion(id: string): Live<Promotion> {
  return useLive(
    `promotion/${id}`,
    ({ client, signal }) =>
      client
        .GET('/promotions/{id}', { params: { path: { id } }, signal })
        .then(dataOf),
    {
      concerns: signal => signal.type === 'promotion' && signal.id === id,
      pollSeconds: pollSecondsOf,
      signalled: promotion => promotion.revision,
    },
  );
}
