import { Entity, parseEntityRef } from '@backstage/catalog-model';
import { RELATION_TRAINED_ON } from '@slipway/backstage-plugin-model-delivery-common';
import MarkdownIt from 'markdown-it';
import { CardCompletion } from './readCardText';

/** The most characters of what is found of one section, so that a long one does not crowd out the others. */
const MAX_SECTION = 4_000;
/** The most characters that are found of what the catalog states, and of what the team wrote. */
const MAX_WORDS = { stated: 4_000, written: 15_000 };

/** Sections that are looked for most, and so stand first; the others follow as they were written. */
const FIRST = ['intended-use', 'limitations', 'out-of-scope', 'data'];

const markdown = new MarkdownIt({ html: true });
// Nothing is linked: of every link, its words
markdown.validateLink = () => true;

/** What the catalog states of a model that its card shows: a line each, beginning with what it is. */
export function statedWords({ spec = {}, relations = [] }: Entity): string {
  const trainedOn = relations.flatMap(({ type, targetRef }) =>
    type === RELATION_TRAINED_ON ? [parseEntityRef(targetRef).name] : [],
  );
  return linesOf(
    [
      ['Intended use', textsOf(spec.intendedUse).join(', ')],
      ['Not for', textsOf(spec.outOfScope).join(', ')],
      ['Trained on', [...new Set(trainedOn)].sort().join(', ')],
    ],
    MAX_WORDS.stated,
  );
}

/** What the team wrote, without the marks of Markdown: a line for each section, beginning with its title. */
export function writtenWords({ details, sections }: CardCompletion): string {
  const rankOf = (id: string | null) => {
    const rank = FIRST.indexOf(id ?? '');
    return rank < 0 ? FIRST.length : rank;
  };
  const labels = [...new Set(details.map(({ label }) => label))];
  return linesOf(
    [
      ...[...sections]
        .sort((a, b) => rankOf(a.id) - rankOf(b.id))
        .map(
          each =>
            [each.title, wordsOfMarkdown(each.markdown)] as [string, string],
        ),
      ...labels.map((label): [string, string] => [
        label,
        details
          .filter(each => each.label === label)
          .map(({ text }) => text)
          .join(', '),
      ]),
    ],
    MAX_WORDS.written,
  );
}

/** The words of a text in Markdown as a reader sees them; of HTML within it, those between the tags. */
export function wordsOfMarkdown(source: string): string {
  // A word has a few marks at most
  const tokens = markdown.parse(source.slice(0, 5 * MAX_SECTION), {});
  return tokens
    .map(({ type, content, children }) => {
      if (type === 'inline') {
        return (children ?? []).map(wordsOfInline).join('');
      }
      return type === 'html_block' ? withoutTags(content) : content;
    })
    .join(' ');
}

function wordsOfInline({ type, content }: { type: string; content: string }) {
  if (type === 'softbreak' || type === 'hardbreak') {
    return ' ';
  }
  return type === 'html_inline' ? '' : content;
}

function withoutTags(html: string): string {
  return html
    .replace(/<!--[\s\S]*?(?:-->|$)/g, ' ')
    .replace(/<(script|style)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, ' ')
    .replace(/<[^>]*>?/g, ' ');
}

function linesOf(parts: [title: string, text: string][], most: number): string {
  return (
    parts
      .map(([title, text]) => [inOneLine(title), inOneLine(text)])
      .filter(([, text]) => text !== '')
      .map(pair => pair.join(': ').slice(0, MAX_SECTION))
      .join('\n')
      .slice(0, most)
      // A letter that was cut in two
      .replace(/\p{Cs}/gu, '')
  );
}

/** Without line breaks, and without what no database or screen takes: control characters and turned directions. */
function inOneLine(text: string): string {
  return text
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}

function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter(
    each => typeof each === 'string',
  );
}
