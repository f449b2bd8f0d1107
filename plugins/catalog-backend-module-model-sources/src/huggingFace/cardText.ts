import { outlineOf } from '@slipway/backstage-plugin-model-delivery-node/cardFiles';

/** What only the template of a card says. */
const TEMPLATE = /^\[more information needed\]$/i;
const USES = [/^direct use/i, /^intended uses?/i, /^uses?$/i];
const OUT_OF_SCOPE = [/^out[- ]of[- ]scope/i];
/** Paragraphs that are a table, an image or HTML. */
const NO_TEXT = /^\s*([|<]|!\[|\[!\[)/;

/** What the text of a model card says, as far as an entity has room for it. */
export interface CardText {
  title?: string;
  description?: string;
  intendedUse?: string;
  outOfScope?: string;
}

/** Reads the headings and first paragraphs of a card, by the headings of Hugging Face's template. */
export function readCardText(markdown: string): CardText {
  const sections = outlineOf(markdown).map(({ depth, title, paragraphs }) => ({
    depth,
    title: plain(title),
    paragraph: paragraphs
      .filter(each => !NO_TEXT.test(each))
      .map(each => plain(each.replaceAll('\n', ' ')))
      .find(each => each !== '' && !TEMPLATE.test(each)),
  }));
  const [first] = sections;
  const heading = sections.find(({ depth }) => depth === 1);
  const paragraphOf = (patterns: RegExp[]) =>
    patterns
      .flatMap(pattern => sections.filter(({ title }) => pattern.test(title)))
      .map(({ paragraph }) => paragraph)
      .find(Boolean);
  return {
    title: heading?.title,
    description: heading?.paragraph ?? first.paragraph,
    intendedUse: paragraphOf(USES),
    outOfScope: paragraphOf(OUT_OF_SCOPE),
  };
}

/** Text without the marks of emphasis, code and links, and without what looks like HTML. */
function plain(markdown: string): string {
  return markdown
    .slice(0, 8_000)
    .replace(/\[([^\][]{1,500})\]\([^()\s]{0,2000}\)/g, '$1')
    .replace(/<[^<>]{0,2000}>/g, '')
    .replace(/[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}(?=\s|[.,;:!?)]|$)/g, '')
    .trim()
    .slice(0, 4_000);
}
