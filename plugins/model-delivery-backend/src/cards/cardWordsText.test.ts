import { modelEntity } from '../__testUtils__/people';
import { statedWords, wordsOfMarkdown, writtenWords } from './cardWordsText';
import { readCardText } from './readCardText';

describe('the words of a card', () => {
  it('are those that a reader sees of Markdown', () => {
    expect(
      wordsOfMarkdown(
        'Not **for** `x < 3`, see [the *paper*](javascript:alert(1)) ![a map](https://evil.invalid/x.png)',
      ),
    ).toBe(' Not for x < 3, see the paper a map ');
    expect(wordsOfMarkdown('| a | b |\n|---|---|\n| 1 | 2 |')).toMatch(
      /a\s+b\s+1\s+2/,
    );
    const hostile = wordsOfMarkdown(
      '<script>alert(1)</script>\n\n<img src=x onerror=alert(2)>\n\n<!-- hidden -->\n\nfine <b>words</b>',
    );
    expect(hostile.trim()).toBe('fine words');
  });

  it('stand in a line for each section, those that are looked for most first, and are bounded', () => {
    const written = writtenWords(
      readCardText(
        [
          '---',
          'license: apache-2.0',
          '---',
          `About\u0007 this\u202e model ${'🚢'.repeat(5_000)}`,
          '## Training data',
          'Loans of 2024',
          '## Limitations',
          'Adults only',
        ].join('\n'),
      ),
    );
    const lines = written.split('\n');
    expect(lines.map(line => line.slice(0, 30))).toEqual([
      'Limitations: Adults only',
      'Data: Loans of 2024',
      expect.stringMatching(/^Model details: About this mode/),
      'Licence: apache-2.0',
    ]);
    expect(lines[2].length).toBeLessThanOrEqual(4_000);
    const long = Array.from(
      { length: 20 },
      (_, i) => `## Part ${i}\n\n${'word '.repeat(2_000)}`,
    ).join('\n');
    expect(writtenWords(readCardText(long)).length).toBeLessThanOrEqual(15_000);
  });

  it('are what the catalog states, whatever stands in its fields', () => {
    const entity = modelEntity('churn');
    expect(
      statedWords({
        ...entity,
        spec: { intendedUse: 'Keep\ncustomers', outOfScope: ['minors', 7] },
        relations: [
          { type: 'trainedOn', targetRef: 'resource:default/contracts' },
        ],
      }),
    ).toBe(
      'Intended use: Keep customers\nNot for: minors\nTrained on: contracts',
    );
    expect(statedWords({ ...entity, spec: undefined, relations: [] })).toBe('');
  });
});
