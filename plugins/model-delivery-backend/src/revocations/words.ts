import { RevocationEffects } from '@slipway/backstage-plugin-model-delivery-common';
import { capitalize, listing } from '../words';

/** What a revocation does, in words, such as `1 promotion pauses and 1 deployment rests on it`. Pure. */
export function effectsText({
  promotions,
  deployments,
}: RevocationEffects): string {
  const of = (effect: string) =>
    promotions.filter(each => each.effect === effect).length;
  const parts = [
    count(
      of('re-evaluated'),
      'promotion goes',
      'promotions go',
      'back to its gates',
      'back to their gates',
    ),
    count(of('paused'), 'rollout pauses', 'rollouts pause'),
    count(of('held'), 'rollout stays stopped', 'rollouts stay stopped'),
    count(
      deployments.length,
      'deployment rests',
      'deployments rest',
      'on it',
      'on it',
    ),
  ].filter(Boolean);
  return parts.length > 0 ? capitalize(listing(parts)) : 'Nothing rests on it';
}

function count(
  n: number,
  one: string,
  more: string,
  afterOne = '',
  afterMore = '',
): string {
  const text = n === 1 ? `${one} ${afterOne}` : `${more} ${afterMore}`;
  return n === 0 ? '' : `${n} ${text.trim()}`;
}
