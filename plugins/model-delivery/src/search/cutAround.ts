/** Characters before what was found, and in all. */
const BEFORE = 70;
const LENGTH = 420;

/** Where in a card something was found. */
export interface Snippet {
  /** Title of the section; absent where that cannot be told. */
  section?: string;
  /** What stands there, with the marks that it had. */
  text: string;
}

/**
 * The part of a card's words in which something was found: from the line of its section, or a few words before it; the
 * beginning where nothing is.
 * @param text - the words, a line for each section, maybe with marks
 * @param marks - before and after what was found, as the search engine set them
 * @param term - what was searched for, where the engine marks nothing
 */
export function cutAround(
  text: string,
  marks: { pre: string; post: string } | undefined,
  term: string,
): Snippet {
  const at = marks ? text.indexOf(marks.pre) : indexOfTerm(text, term);
  const lineStart = text.lastIndexOf('\n', Math.max(0, at)) + 1;
  const line = text.slice(lineStart);
  const section = /^([^:\n]{1,80}): /.exec(line)?.[1];
  const bodyStart = lineStart + (section ? section.length + 2 : 0);
  const isFar = at - bodyStart > BEFORE;
  const from = isFar ? wordStart(text, at - BEFORE, at) : bodyStart;
  const rest = text.slice(from).replace(/\n/g, ' · ');
  return {
    ...(section && { section: withoutMarks(section, marks) }),
    text: (isFar ? '… ' : '') + cutEnd(rest, marks),
  };
}

function indexOfTerm(text: string, term: string): number {
  const lower = text.toLocaleLowerCase('en-US');
  const found = term
    .toLocaleLowerCase('en-US')
    .split(/\s+/)
    .filter(word => word.length > 1)
    .map(word => lower.indexOf(word))
    .filter(index => index >= 0);
  return found.length > 0 ? Math.min(...found) : -1;
}

/** The first beginning of a word from there on, yet not behind `latest`. */
function wordStart(text: string, from: number, latest: number): number {
  const space = text.indexOf(' ', from);
  return space < 0 || space >= latest ? from : space + 1;
}

function cutEnd(
  text: string,
  marks: { pre: string; post: string } | undefined,
): string {
  if (text.length <= LENGTH) {
    return text;
  }
  const space = text.lastIndexOf(' ', LENGTH);
  const cut = text.slice(0, space > 0 ? space : LENGTH);
  const isOpen =
    marks && cut.lastIndexOf(marks.pre) > cut.lastIndexOf(marks.post);
  return `${cut}${isOpen ? marks.post : ''} …`;
}

function withoutMarks(
  text: string,
  marks: { pre: string; post: string } | undefined,
): string {
  return marks
    ? text.replaceAll(marks.pre, '').replaceAll(marks.post, '')
    : text;
}
