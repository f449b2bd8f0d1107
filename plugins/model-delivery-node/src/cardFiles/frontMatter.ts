import { InputError } from '@backstage/errors';
import { Composer, CST, Lexer, LineCounter, Parser } from 'yaml';

/** Longest front matter that is read, in characters; what Slipway exports stands in it whole. */
const MAX_LENGTH = 1_000_000;
/** Enough for the anchors that people use; a bomb needs more. */
const MAX_ALIASES = 50;
/** Deeper than what anybody writes of a model; what reads recursively would end in a full stack. */
const MAX_NESTING = 50;

/**
 * A text and what stands before it between two lines of `---`.
 *
 * @public
 */
export interface SplitText {
  /** What its YAML says, mappings as maps, so that no key can be taken for a property that objects have anyway. */
  front: unknown;
  body: string;
}

/**
 * Takes the YAML front matter off a text. Line ends become `\n`.
 *
 * @returns undefined when there is none
 * @throws InputError when there is one that is too long, nested too deep or not YAML
 * @public
 */
export function splitFrontMatter(source: string): SplitText | undefined {
  const text = toLines(source);
  const match = /^---[ \t]*\n([\s\S]*?)(?:^|\n)---[ \t]*(?:\n|$)/.exec(text);
  if (!match) {
    return undefined;
  }
  const [whole, yaml] = match;
  if (yaml.length > MAX_LENGTH) {
    throw new InputError(
      `The front matter is ${yaml.length} characters long; at most ${MAX_LENGTH} are read`,
    );
  }
  return { front: readYaml(yaml), body: text.slice(whole.length) };
}

/**
 * The text with line ends of one kind and without a byte order mark.
 *
 * @public
 */
export function toLines(source: string): string {
  return source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
}

function readYaml(yaml: string): unknown {
  const lines = new LineCounter();
  const [document, next] = new Composer({
    schema: 'core',
    uniqueKeys: true,
  }).compose(parseBounded(yaml, lines), true, yaml.length);
  if (next) {
    throw new InputError(
      `The front matter holds another document at ${placeOf(
        next.range[0],
        lines,
      )}; one alone is read`,
    );
  }
  const [fault] = document.errors;
  if (fault) {
    throw new InputError(
      `The front matter is not YAML: ${fault.message} at ${placeOf(
        fault.pos[0],
        lines,
      )}`,
    );
  }
  try {
    return document.toJS({ mapAsMap: true, maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw new InputError(
      `The front matter cannot be read: ${
        error instanceof Error ? error.message : error
      }`,
    );
  }
}

/** Parses without recursion, and no further than what is nested deeper than it may be. */
function parseBounded(yaml: string, lines: LineCounter): CST.Token[] {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  let offset = 0;
  for (const lexeme of new Lexer().lex(yaml)) {
    tokens.push(...parser.next(lexeme));
    // Beside lists and mappings, the document and a scalar may be open
    if (
      parser.stack.length > MAX_NESTING &&
      parser.stack.filter(CST.isCollection).length > MAX_NESTING
    ) {
      throw new InputError(
        `The front matter is nested more than ${MAX_NESTING} deep at ${placeOf(
          offset,
          lines,
        )}; at most ${MAX_NESTING} lists and mappings within one another are read`,
      );
    }
    offset = parser.offset;
  }
  tokens.push(...parser.end());
  return tokens;
}

/** A place in the file, whose first line is the `---` before the YAML. */
function placeOf(offset: number, lines: LineCounter): string {
  const { line, col } = lines.linePos(offset);
  return `line ${line + 1}, column ${col}`;
}
