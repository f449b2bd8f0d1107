import MarkdownIt from 'markdown-it';

/** Blocks are what counts here, and what stands within a line is what hostile texts are made of. */
const markdown = new MarkdownIt('commonmark').disable('inline');

/**
 * A heading of a text at the outermost level, and what stands below it up to the next one.
 *
 * @public
 */
export interface OutlineSection {
  /** 1 to 6; 0 for what stands before the first heading. */
  depth: number;
  /** Markdown; empty before the first heading. */
  title: string;
  /** First line of the heading, from 0. */
  from: number;
  /** First line after the heading. */
  to: number;
  /** What is text at the outermost level, in Markdown: paragraphs, and lists and quotes as one each. */
  paragraphs: string[];
}

/**
 * Takes a text in Markdown apart by its headings. Code and HTML are no text, and what looks like a heading within another
 * block is none.
 *
 * @public
 */
export function outlineOf(body: string): OutlineSection[] {
  const sections: OutlineSection[] = [
    { depth: 0, title: '', from: 0, to: 0, paragraphs: [] },
  ];
  let texts: string[] = [];
  for (const token of markdown.parse(body, {})) {
    const { content, level, map, nesting, tag, type } = token;
    if (type === 'inline') {
      texts.push(content);
    } else if (type === 'heading_open' && level === 0 && map) {
      sections.push({
        depth: Number(tag.slice(1)),
        title: '',
        from: map[0],
        to: map[1],
        paragraphs: [],
      });
    } else if (level === 0 && nesting === -1) {
      const section = sections[sections.length - 1];
      if (type === 'heading_close') {
        section.title = texts.join(' ');
      } else if (texts.length > 0) {
        section.paragraphs.push(texts.join(type.includes('list') ? '; ' : ' '));
      }
      texts = [];
    }
  }
  return sections;
}
