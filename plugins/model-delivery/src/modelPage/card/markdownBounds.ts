/** Characters of one text that are drawn as Markdown. */
const MOST_CHARACTERS = 100_000;
/** Quotes and lists in one another that a line may open. */
const MOST_OPENED = 20;
/** Signs that may open or close an emphasis, between two empty lines. */
const MOST_EMPHASES = 1_000;
/** Cells of one line of a table. */
const MOST_CELLS = 300;
/** Lines that begin with a quote. */
const MOST_QUOTED = 1_000;

const OPENING = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/;
const OPENED = />|[-+*]|\d+[.)]/g;
/** Underscores within a word are letters. */
const EMPHASIS = /[*~]|(?<![\p{L}\p{N}_])_+|(?<!_)_+(?![\p{L}\p{N}_])/gu;

/**
 * Whether a text can be drawn as Markdown within moments, read line by line and without recursion. A parser needs a frame for
 * each level, and time by the square of what is open: five kilobytes of `>` hold the page for seconds and then end it.
 */
export function isBoundedMarkdown(text: string): boolean {
  if (text.length > MOST_CHARACTERS) {
    return false;
  }
  let emphases = 0;
  let quoted = 0;
  for (const line of text.split(/\r\n?|\n/)) {
    emphases =
      line.trim() === ''
        ? 0
        : emphases +
          (line.match(EMPHASIS)?.reduce((sum, each) => sum + each.length, 0) ??
            0);
    quoted += line.trimStart().startsWith('>') ? 1 : 0;
    const opened = OPENING.exec(line)?.[0].match(OPENED)?.length ?? 0;
    if (
      opened > MOST_OPENED ||
      emphases > MOST_EMPHASES ||
      quoted > MOST_QUOTED ||
      line.split('|', MOST_CELLS + 2).length > MOST_CELLS + 1
    ) {
      return false;
    }
  }
  return true;
}
