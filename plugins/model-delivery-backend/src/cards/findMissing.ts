import {
  ModelCard,
  ModelCardView,
} from '@slipway/backstage-plugin-model-delivery-common';
import { SECTIONS } from './sections';

/** What a card should say and does not, with where to write it; and the share of what it says, 0 to 1. */
export function findMissing(
  card: ModelCard,
): Pick<ModelCardView, 'missing' | 'completeness'> {
  const required = SECTIONS.flatMap(({ id, required: asked }) =>
    asked ? [{ section: id, ...asked }] : [],
  );
  const missing = required.filter(({ section }) => !says(card, section));
  return {
    missing,
    completeness: 1 - missing.length / required.length,
  };
}

function says(card: ModelCard, id: string): boolean {
  const section = card.sections.find(each => each.id === id);
  if (!section) {
    return false;
  }
  const { facts, measurements, texts } = section;
  switch (id) {
    case 'details':
      return facts.some(({ label }) => label === 'Licence');
    case 'evaluations':
      // Numbers in the team's own words have no sample behind them that could be asked for
      return measurements.some(({ interval }) => interval !== undefined);
    default:
      return facts.length + measurements.length + texts.length > 0;
  }
}
