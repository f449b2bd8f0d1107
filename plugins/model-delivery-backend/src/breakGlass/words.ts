import { Bypassed } from '@slipway/backstage-plugin-model-delivery-common';
import { listing } from '../words';

/** What an emergency went past, within a sentence. */
export function bypassedText(bypassed: Bypassed[]): string {
  return bypassed.length === 0
    ? 'nothing that would have held it'
    : listing(bypassed.map(each => each.title));
}
