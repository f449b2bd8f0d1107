import MarkdownIt from 'markdown-it';
import { PdfText } from './PdfText';

type Token = ReturnType<MarkdownIt['parse']>[number];

const markdown = new MarkdownIt('commonmark').enable('table');
const INDENT = 14;

/** Draws Markdown as text: its headings, lists, tables and code by their words; links with their address. Nothing is loaded. */
export function drawMarkdown(text: PdfText, source: string): void {
  let depth = 0;
  let heading = false;
  let row: string[] | undefined;
  for (const token of markdown.parse(source, {})) {
    switch (token.type) {
      case 'heading_open':
      case 'heading_close':
        heading = token.type === 'heading_open';
        break;
      case 'list_item_open':
      case 'blockquote_open':
        depth += 1;
        break;
      case 'list_item_close':
      case 'blockquote_close':
        depth -= 1;
        break;
      case 'tr_open':
        row = [];
        break;
      case 'tr_close':
        text.line((row ?? []).join(' | '));
        row = undefined;
        break;
      case 'inline':
        if (row) {
          row.push(wordsOf(token));
        } else if (heading) {
          text.heading(wordsOf(token), 10);
        } else {
          text.line(`${depth > 0 ? '• ' : ''}${wordsOf(token)}`, {
            indent: Math.min(depth, 8) * INDENT,
          });
        }
        break;
      case 'fence':
      case 'code_block':
      case 'html_block':
        // Comments, with which templates of cards explain themselves, are for whoever writes
        if (/^\s*<!--[^]*-->\s*$/.test(token.content)) {
          break;
        }
        text.line(token.content.trimEnd(), { indent: INDENT });
        break;
      default:
    }
  }
}

function wordsOf(token: Token): string {
  return (token.children ?? [])
    .map((each, i, all) => {
      switch (each.type) {
        case 'softbreak':
          return ' ';
        case 'hardbreak':
          return '\n';
        case 'image':
          return `${each.content} (${String(each.attrGet('src'))})`;
        case 'link_close':
          return addressOf(all, i);
        default:
          return each.content;
      }
    })
    .join('');
}

/** The address of the link that ends at the token, where its words do not say it. */
function addressOf(tokens: Token[], end: number): string {
  const open = tokens
    .slice(0, end)
    .reverse()
    .find(each => each.type === 'link_open');
  const href = open?.attrGet('href');
  return href ? ` (${href})` : '';
}
