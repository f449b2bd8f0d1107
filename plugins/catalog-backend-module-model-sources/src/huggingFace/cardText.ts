/** What only the template of a card says. */
const TEMPLATE = /^\[more information needed\]$/i;
const USES = [/^direct use/i, /^intended uses?/i, /^uses?$/i];
const OUT_OF_SCOPE = [/^out[- ]of[- ]scope/i];

/** What the text of a model card says, as far as an entity has room for it. */
export interface CardText {
  title?: string;
  description?: string;
  intendedUse?: string;
  outOfScope?: string;
}

/** Reads the headings and first paragraphs of a card, by the headings of Hugging Face's template. */
export function readCardText(markdown: string): CardText {
  const sections = splitSections(markdown);
  const [first] = sections;
  const heading = sections.find(({ level }) => level === 1);
  const paragraphOf = (patterns: RegExp[]) =>
    patterns
      .flatMap(pattern =>
        sections.filter(({ title }) => title && pattern.test(title)),
      )
      .map(({ paragraph }) => paragraph)
      .find(Boolean);
  return {
    title: heading?.title,
    description: heading?.paragraph ?? first?.paragraph,
    intendedUse: paragraphOf(USES),
    outOfScope: paragraphOf(OUT_OF_SCOPE),
  };
}

interface Section {
  level: number;
  title?: string;
  /** The first that is text. */
  paragraph?: string;
}

function splitSections(markdown: string): Section[] {
  const sections: Section[] = [{ level: 0 }];
  let lines: string[] = [];
  let isCode = false;
  const end = () => {
    const text = plain(lines.join(' '));
    const current = sections[sections.length - 1];
    if (text && !TEMPLATE.test(text)) {
      current.paragraph ??= text;
    }
    lines = [];
  };
  for (const line of withoutComments(markdown).split(/\r?\n/)) {
    if (/^\s*(```|~~~)/.test(line)) {
      end();
      isCode = !isCode;
    } else if (!isCode) {
      const heading = /^(#{1,6})[ \t]+(\S.*)$/.exec(line);
      if (heading) {
        end();
        sections.push({
          level: heading[1].length,
          title: plain(heading[2].replace(/[ \t#]+$/, '')),
        });
      } else if (line.trim() === '' || /^\s*([|<]|!\[|\[!\[)/.test(line)) {
        end();
      } else {
        lines.push(line.trim());
      }
    }
  }
  end();
  return sections;
}

/** Comments of HTML may go over many lines, and end nowhere. */
function withoutComments(markdown: string): string {
  const parts: string[] = [];
  let from = 0;
  for (;;) {
    const start = markdown.indexOf('<!--', from);
    if (start < 0) {
      parts.push(markdown.slice(from));
      return parts.join('');
    }
    parts.push(markdown.slice(from, start));
    const stop = markdown.indexOf('-->', start + 4);
    if (stop < 0) {
      return parts.join('');
    }
    from = stop + 3;
  }
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
