import {
  CardSection,
  ModelCard,
} from '@slipway/backstage-plugin-model-delivery-common';
import { toLines } from '@slipway/backstage-plugin-model-delivery-node/cardFiles';
import { splitCard, textsOf } from '../frontMatter';
import { readCardText, splitSections } from '../readCardText';
import { CardDraft } from './CardDraft';
import { parseEmbeddedCard } from './embeddedCard';
import { ReadCard } from './formats';
import { CARD_KEY, toHuggingFace } from './huggingFace';
import { factsToMarkdown } from './markdownText';

/**
 * Reads a `README.md` of Hugging Face. One that Slipway wrote and somebody edited keeps what it knew; the words are the
 * file's.
 * @throws InputError when its front matter cannot be read
 */
export function readHuggingFace(source: string): ReadCard {
  const text = toLines(source);
  const { front, body } = splitCard(text);
  const own = front.get(CARD_KEY);
  const embedded = parseEmbeddedCard(
    own instanceof Map ? own.get('card') : undefined,
  );
  if (!embedded) {
    return { card: readForeign(text, front), exact: false };
  }
  return toHuggingFace(embedded) === source
    ? { card: embedded, exact: true }
    : { card: readEdited(embedded, body), exact: false };
}

/** What was known stays; where the words below it changed, they are the file's. */
function readEdited(embedded: ModelCard, body: string): ModelCard {
  const written = splitSections(body);
  const isOf = (section: CardSection) => (each: (typeof written)[number]) =>
    each.id === section.id ||
    (each.id === null && each.title === section.title);
  const known = embedded.sections
    .map((section): CardSection => {
      const generated = factsToMarkdown(section);
      const words = written
        .filter(isOf(section))
        .map(({ markdown }) =>
          markdown.startsWith(generated)
            ? markdown.slice(generated.length).trim()
            : markdown,
        )
        .filter(each => each !== '');
      return {
        ...section,
        texts: words.map(markdown => ({ markdown, source: 'import' })),
      };
    })
    .filter(({ id, texts }) => !id.startsWith('further-') || texts.length > 0);
  const added = written
    .filter(each => !embedded.sections.some(section => isOf(section)(each)))
    .map(
      ({ title, markdown }, i): CardSection => ({
        id: `further-${embedded.sections.length + i}`,
        title,
        facts: [],
        measurements: [],
        texts: [{ markdown, source: 'import' }],
      }),
    );
  return { ...embedded, sections: [...known, ...added] };
}

function readForeign(text: string, front: Map<string, unknown>): ModelCard {
  const draft = new CardDraft();
  const { details, sections } = readCardText(text);
  details.forEach(each => draft.addFact('details', each.label, each.text));
  sections.forEach(({ id, title, markdown }) =>
    id === null
      ? draft.addFurther(title, markdown)
      : draft.addText(id, markdown),
  );
  const [model] = listOf(front.get('model-index'));
  listOf(valueOf(model, 'results')).forEach(result => addResult(draft, result));
  const [title = ''] = textsOf(valueOf(model, 'name'));
  return draft.toCard({
    model: title,
    title,
    version: null,
    digest: null,
    asOf: null,
  });
}

function addResult(draft: CardDraft, result: unknown): void {
  const [dataset] = textsOf(valueOf(valueOf(result, 'dataset'), 'name'));
  listOf(valueOf(result, 'metrics')).forEach(metric => {
    const [name] = textsOf(valueOf(metric, 'type'));
    const value = valueOf(metric, 'value');
    if (!name) {
      return;
    }
    if (typeof value === 'number' && Number.isFinite(value)) {
      draft.addMeasurement({
        fact: 'candidate',
        name,
        value,
        ...(dataset && { dataset }),
      });
    } else {
      draft.addFact('evaluations', name, textsOf(value)[0]);
    }
  });
}

function valueOf(map: unknown, key: string): unknown {
  return map instanceof Map ? map.get(key) : undefined;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
