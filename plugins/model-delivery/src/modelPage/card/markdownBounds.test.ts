import { isBoundedMarkdown } from './markdownBounds';

describe('isBoundedMarkdown', () => {
  it.each([
    ['prose', '**A model** of _loans_.\n\n> quoted\n> > twice\n\n- a\n  1. b'],
    ['words with underscores', 'one_of_many_features\n'.repeat(2_000)],
    ['a rule of stars', '*'.repeat(80)],
    ['a table with emphasis', `|a|b|\n|-|-|\n${'|**x**|_y_ |\n'.repeat(150)}`],
    ['many paragraphs', '**Lorem** ipsum.\n\n'.repeat(4_000)],
  ])('draws %s', (_, text) => {
    expect(isBoundedMarkdown(text)).toBe(true);
  });

  it.each([
    ['quotes in quotes', `${'>'.repeat(5_000)} a`],
    ['quotes in lists', `${'- > 1. '.repeat(1_000)}a`],
    ['lists in lists', `${'- '.repeat(2_500)}a`],
    ['stars in a row', `${'*'.repeat(5_000)}a${'*'.repeat(5_000)}`],
    ['emphases in emphases', '_a **b '.repeat(714) + ' b** a_'.repeat(714)],
    ['emphases over lines', '_a **b\r'.repeat(714)],
    ['a table of a thousand columns', `|${'a|'.repeat(1_000)}`],
    ['a quote of many lines', '> a\n'.repeat(5_000)],
    ['a book', 'word '.repeat(50_000)],
  ])('does not draw %s', (_, text) => {
    expect(isBoundedMarkdown(text)).toBe(false);
  });

  it('takes no time for what is hostile to it', () => {
    const started = performance.now();
    isBoundedMarkdown('_'.repeat(100_000));
    isBoundedMarkdown(`a${'_'.repeat(99_990)}b`);
    isBoundedMarkdown('> '.repeat(50_000));
    isBoundedMarkdown(`${' '.repeat(99_999)}a`);
    isBoundedMarkdown(`1${'1'.repeat(99_990)}`);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
