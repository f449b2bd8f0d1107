import { TextRun } from '@slipway/backstage-plugin-model-delivery-common';
import { diffLines } from 'diff';

/** Edits after which two texts count as different throughout: a bound on the time that comparing them takes. */
const MAX_EDITS = 2_000;

/** Runs of lines that stayed, came and went between two texts; none when they are the same. */
export function diffTexts(before: string, after: string): TextRun[] {
  if (before === after) {
    return [];
  }
  const runs = diffLines(ended(before), ended(after), {
    maxEditLength: MAX_EDITS,
  }) ?? [
    { value: before, removed: true, added: false },
    { value: after, removed: false, added: true },
  ];
  return runs.map(({ value, added, removed }) => ({
    change: (added && 'added') || (removed && 'removed') || 'same',
    lines: value.replace(/\n$/, ''),
  }));
}

/** A last line counts as the same whether or not another one follows. */
function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
