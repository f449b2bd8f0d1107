import { ModelCard } from '@slipway/backstage-plugin-model-delivery-common';
import { CardContent } from './cardLocation';
import { readCycloneDx } from './formats/readCycloneDx';
import { CardCompletion, readCardText } from './readCardText';
import { SECTIONS } from './sections';

/**
 * What a file of the team says.
 * @throws InputError when it cannot be read as what it is
 */
export async function completionOf(
  text: string,
  { format, component }: CardContent,
): Promise<CardCompletion> {
  if (format === 'markdown') {
    return readCardText(text);
  }
  const { card } = await readCycloneDx(text, { what: 'The file', component });
  return toCompletion(card);
}

/** The words of a card, which are the team's; what is known of the version comes from elsewhere. */
export function toCompletion(card: ModelCard): CardCompletion {
  const isOwn = ({ source }: { source: string }) =>
    source === 'text' || source === 'import';
  return {
    details: card.sections
      .flatMap(each => each.facts.filter(isOwn))
      .map(({ label, text }) => ({ label, text })),
    sections: card.sections.flatMap(({ id, title, texts }) =>
      texts.map(({ markdown }) => ({
        id: SECTIONS.some(each => each.id === id) ? id : null,
        title,
        markdown,
      })),
    ),
  };
}
