import { cutAround } from './cutAround';

const CARD = [
  'Intended use: Rank new loan applications by probability of default.',
  `Limitations: ${'Many words stand before it. '.repeat(
    8,
  )}Nobody under 21 is judged fairly.`,
  'Licence: apache-2.0',
].join('\n');
const marks = { pre: '<m>', post: '</m>' };
const marked = (word: string) => CARD.replaceAll(word, `<m>${word}</m>`);

describe('what a found card shows', () => {
  it('is where the words are, with the title of their section', () => {
    const found = cutAround(marked('fairly'), marks, 'fairly');
    expect(found.section).toBe('Limitations');
    expect(found.text).toMatch(/^… (words|stand|Many|before|it\.) /);
    expect(found.text).toContain('is judged <m>fairly</m>. · Licence:');
  });

  it('begins with the section where the words are near its beginning', () => {
    expect(cutAround(marked('loan'), marks, 'loan')).toEqual({
      section: 'Intended use',
      text: expect.stringMatching(/^Rank new <m>loan<\/m> applications/),
    });
    const uuid = `<${'0'.repeat(36)}>`;
    expect(
      cutAround(
        `Intended ${uuid}use${uuid}: Rank`,
        { pre: uuid, post: uuid },
        'use',
      ),
    ).toEqual({ section: 'Intended use', text: 'Rank' });
    expect(cutAround(marked('Licence'), marks, 'licence')).toEqual({
      section: 'Licence',
      text: 'apache-2.0',
    });
  });

  it('finds the words by itself, and shows the beginning where there are none', () => {
    expect(cutAround(CARD, undefined, 'FAIRLY judged').text).toContain(
      'fairly',
    );
    expect(cutAround(CARD, undefined, 'churn')).toEqual({
      section: 'Intended use',
      text: expect.stringMatching(/^Rank new loan/),
    });
  });

  it('prefers what was searched for to what an engine takes for similar', () => {
    const similar = [
      'Intended <m>use</m>: Within <m>12</m> weeks.',
      'Limitations: Applicants with less than six <m>months</m> of <m>history</m>.',
    ].join('\n');
    expect(cutAround(similar, marks, 'month history').section).toBe(
      'Limitations',
    );
  });

  it('cuts no mark in two, and takes any text', () => {
    const long = `<m>${'word '.repeat(300)}</m>`;
    expect(cutAround(long, marks, 'word').text).toMatch(/<\/m> …$/);
    expect(cutAround('', marks, '')).toEqual({ text: '' });
    expect(cutAround('مرحبا: <b>', undefined, '<b>')).toEqual({
      section: 'مرحبا',
      text: '<b>',
    });
  });
});
