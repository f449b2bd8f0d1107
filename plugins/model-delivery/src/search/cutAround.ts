/** Characters before what was found, behind its first word, and in all. */
const BEFORE = 70;
const NEAR = 200;
const LENGTH = 420;
/** Places that are looked at, the first ones. */
const MAX_HITS = 200;

/** Where in a card something was found. */
export interface Snippet {
  /** Title of the section; absent where that cannot be told. */
  section?: string;
  /** What stands there, with the marks that it had. */
  text: string;
}

/**
 * The part of a card's words in which most of what was searched for stands: from the line of its section, or a few words
 * before it; the beginning where nothing was found.
 * @param text - the words, a line for each section, maybe with marks
 * @param marks - before and after what was found, as the search engine set them
 * @param term - what was searched for, where the engine marks nothing
 */
export function cutAround(
  text: string,
  marks: { pre: string; post: string } | undefined,
  term: string,
): Snippet {
  const words = wordsOf(term);
  const at = bestOf(
    marks ? markedIn(text, marks, words) : foundIn(text, words),
  );
  const lineStart = text.lastIndexOf('\n', Math.max(0, at)) + 1;
  const line = text.slice(lineStart);
  // Of marks it may have some
  const section = /^([^:\n]{1,300}): /.exec(line)?.[1];
  const bodyStart = lineStart + (section ? section.length + 2 : 0);
  const isFar = at - bodyStart > BEFORE;
  const from = isFar ? wordStart(text, at - BEFORE, at) : bodyStart;
  const rest = text.slice(from).replace(/\n/g, ' · ');
  return {
    ...(section && { section: withoutMarks(section, marks) }),
    text: (isFar ? '… ' : '') + cutEnd(rest, marks),
  };
}

interface Hit {
  at: number;
  word: string;
  /** The more, the more it is what was searched for: engines mark similar words too. */
  score: number;
}

function wordsOf(text: string): string[] {
  return text.toLocaleLowerCase('en-US').match(/[\p{L}\p{N}]{2,}/gu) ?? [];
}

function markedIn(
  text: string,
  { pre, post }: { pre: string; post: string },
  words: string[],
): Hit[] {
  const hits: Hit[] = [];
  let at = text.indexOf(pre);
  while (at >= 0 && hits.length < MAX_HITS) {
    const end = text.indexOf(post, at);
    const word = text
      .slice(at + pre.length, end < 0 ? undefined : end)
      .toLocaleLowerCase('en-US');
    const isSame = words.includes(word);
    const isLike = words.some(
      each => each.length > 3 && word.startsWith(each.slice(0, 4)),
    );
    hits.push({ at, word, score: (isSame && 4) || (isLike && 3) || 1 });
    at = text.indexOf(pre, at + 1);
  }
  return hits;
}

function foundIn(text: string, words: string[]): Hit[] {
  const lower = text.toLocaleLowerCase('en-US');
  const hits: Hit[] = [];
  for (const word of new Set(words)) {
    let at = lower.indexOf(word);
    while (at >= 0 && hits.length < MAX_HITS) {
      hits.push({ at, word, score: word.length > 2 ? 4 : 1 });
      at = lower.indexOf(word, at + 1);
    }
  }
  return hits.sort((a, b) => a.at - b.at);
}

/** Where the most different words stand near each other; -1 where there are none. */
function bestOf(found: Hit[]): number {
  const alike = found.filter(({ score }) => score > 1);
  const hits = alike.length > 0 ? alike : found;
  let best = { at: -1, score: 0 };
  hits.forEach((first, index) => {
    const near = new Map<string, number>();
    for (const { at, word, score } of hits.slice(index)) {
      if (at - first.at > NEAR) {
        break;
      }
      near.set(word, score);
    }
    const score = [...near.values()].reduce((sum, each) => sum + each, 0);
    if (score > best.score) {
      best = { at: first.at, score };
    }
  });
  return best.at;
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
