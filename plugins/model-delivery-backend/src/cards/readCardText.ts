import { outlineOf } from '@slipway/backstage-plugin-model-delivery-node/cardFiles';
import { splitCard, textsOf } from './frontMatter';
import { sectionOfHeading, SECTIONS } from './sections';

/** What a team says in its own words, or what a file said that was imported: completes a generated card. */
export interface CardCompletion {
  /** What the front matter says, such as the licence. */
  details: { label: string; text: string }[];
  sections: {
    /** Of a known section; null for a heading that none knows. */
    id: string | null;
    title: string;
    markdown: string;
  }[];
}

/** Keys of Hugging Face's front matter and what the card calls them. */
export const FRONT_MATTER_LABELS: readonly (readonly [string, string])[] = [
  ['license', 'Licence'],
  ['library_name', 'Library'],
  ['pipeline_tag', 'Task'],
  ['base_model', 'Base model'],
  ['language', 'Language'],
  ['datasets', 'Data set'],
  ['metrics', 'Metric'],
  ['tags', 'Tag'],
];

/** Deepest heading that begins a section of its own when its words are known. */
const KNOWN_DEPTH = 3;
/** Deepest heading that begins a section when no section knows it. */
const FURTHER_DEPTH = 2;
/** Sections that are read; what comes after belongs to the last one. */
const MAX_SECTIONS = 100;

/**
 * Reads the team's text: front matter as Hugging Face's, headings that name the sections. What stands before the first
 * heading, or below the title, belongs to the details.
 * @throws InputError when its front matter cannot be read
 */
export function readCardText(source: string): CardCompletion {
  const { front, body } = splitCard(source);
  return {
    details: FRONT_MATTER_LABELS.flatMap(([key, label]) =>
      textsOf(front.get(key)).map(text => ({ label, text })),
    ),
    sections: splitSections(body),
  };
}

/** The text split by its headings; empty sections are left out. */
export function splitSections(body: string): CardCompletion['sections'] {
  const lines = body.split('\n');
  const details = SECTIONS[0];
  const found: (CardCompletion['sections'][number] & { from: number })[] = [
    { id: details.id, title: details.title, markdown: '', from: 0 },
  ];
  const ends: number[] = [];
  for (const heading of headingsOf(body)) {
    const known = sectionOfHeading(heading.text);
    const isTitle = heading.depth === 1 && found.length === 1 && !known;
    const begins =
      isTitle ||
      (known
        ? heading.depth <= KNOWN_DEPTH
        : heading.depth <= FURTHER_DEPTH && heading.text !== '');
    if (!begins || found.length >= MAX_SECTIONS) {
      continue;
    }
    ends.push(heading.from);
    const section = isTitle ? details : known;
    found.push({
      id: section?.id ?? null,
      title: section?.title ?? heading.text,
      markdown: '',
      from: heading.to,
    });
  }
  ends.push(lines.length);
  return found.flatMap(({ id, title, from }, i) => {
    const text = lines
      .slice(from, ends[i])
      .join('\n')
      .replace(/^\n+|\s+$/g, '');
    return text === '' ? [] : [{ id, title, markdown: text }];
  });
}

/** The headings at the outermost level, with the lines that they take. */
function headingsOf(
  body: string,
): { depth: number; text: string; from: number; to: number }[] {
  return outlineOf(body)
    .filter(({ depth }) => depth > 0)
    .map(({ depth, title, from, to }) => ({
      depth,
      text: title.replace(/[*_`]/g, '').trim(),
      from,
      to,
    }));
}
