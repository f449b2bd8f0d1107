import { models } from '../../dev/fixtures';
import { modelsToCsv } from './exportModels';
import { columnsOf } from './modelColumns';
import { USUAL_LAYOUT } from './modelsLayout';
import { LONGEST_NAME, MOST_VIEWS, readViews, saveView } from './savedViews';
import { underName } from './underName';
import { destination } from './useVirtualRows';

const view = (name: string) => ({
  name,
  search: 'risk=high',
  layout: USUAL_LAYOUT,
});

describe('the list of models', () => {
  it('is exported with the chosen columns, and no formula', () => {
    const hostile = {
      ...models[0],
      title: '=HYPERLINK("https://evil.example")',
      owner: '\uff1dcmd',
      framework: 'a,b\n"c"',
    };
    expect(
      modelsToCsv([hostile], columnsOf(['framework', 'owner', 'none'])),
    ).toBe(
      [
        'ref,title,task,owner,framework,sample',
        `model:default/credit-default,"'=HYPERLINK(""https://evil.example"")",tabular-classification,'\uff1dcmd,"a,b\n""c""",false`,
      ].join('\r\n'),
    );
  });

  it.each([
    ['Credit default risk', 'ranking', ['ranking']],
    ['Credit default risk', null, ['Credit default risk']],
    ['نموذج التنبؤ', 'ranking', ['نموذج التنبؤ', 'ranking']],
    ['需要予測', null, ['需要予測']],
  ])('tells the title of %s that its name cannot', (title, task, words) => {
    expect(underName({ title, task })).toEqual(words);
  });

  it('makes sense of views that were kept, whatever they have become', () => {
    expect(readViews(undefined)).toEqual({ views: [], start: null });
    expect(
      readViews({
        views: [
          null,
          { id: 'a', name: 7 },
          {
            id: 'b',
            name: 'x'.repeat(500),
            search: 'sort=name&gone=1&risk=high',
            layout: { columns: ['gone', 'health', 'owner'], density: 'no' },
          },
        ],
        start: 'a',
      }),
    ).toEqual({
      views: [
        {
          id: 'b',
          name: 'x'.repeat(LONGEST_NAME),
          search: 'risk=high&sort=name',
          layout: { columns: ['owner', 'health'], density: 'comfortable' },
        },
      ],
      start: null,
    });
    const many = Array.from({ length: 99 }, (_, index) => ({
      id: String(index),
      ...view(String(index)),
    }));
    expect(readViews({ views: many, start: '98' })).toMatchObject({
      views: { length: MOST_VIEWS },
      start: null,
    });
  });

  it('saves a view of a known name in its place', () => {
    const one = saveView({ views: [], start: null }, view('Risky'), 'a');
    const two = saveView({ ...one, start: 'a' }, view('Mine'), 'b');
    const again = saveView(two, { ...view('Risky'), search: 'risk=low' }, 'c');
    expect(again.start).toBe('a');
    expect(again.views.map(({ id, search }) => [id, search])).toEqual([
      ['a', 'risk=low'],
      ['b', 'risk=high'],
    ]);
  });

  it.each([
    ['ArrowDown', 5, 6],
    ['ArrowDown', 9, 9],
    ['ArrowUp', 0, 0],
    ['PageDown', 0, 4],
    ['PageUp', 2, 0],
    ['Home', 7, 0],
    ['End', 0, 9],
    ['a', 3, undefined],
  ])('is walked by %s from %d to %s', (key, from, to) => {
    expect(destination(key, from, 4, 9)).toBe(to);
  });
});
