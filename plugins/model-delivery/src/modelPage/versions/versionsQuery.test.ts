import {
  parseVersionsQuery,
  sortBy,
  VersionsQuery,
  writeVersionsQuery,
} from './versionsQuery';

const parse = (text: string) => parseVersionsQuery(new URLSearchParams(text));

it('is the same after it was in the address, which keeps what is not its own', () => {
  const query: VersionsQuery = {
    q: 'c0ffee & co',
    serving: true,
    conditions: [
      { metric: 'f1', operator: '>=', bound: 0.8 },
      { metric: 'latency_ms', operator: '<=', bound: 90 },
    ],
    sort: 'metric:f1',
    order: 'asc',
    columns: ['f1', 'roc_auc'],
    compared: ['v1', 'v 2/ü'],
  };
  const written = writeVersionsQuery(new URLSearchParams('theme=dark'), query);
  expect(parse(written.toString())).toEqual(query);
  expect(written.get('theme')).toBe('dark');
  expect(writeVersionsQuery(written, parse('')).toString()).toBe('theme=dark');
});

it('ignores what makes no sense', () => {
  expect(
    parse(
      'sort=metric:F1;&order=up&measured=f1>0.8&measured=f1>=x&metric=A&compare=&serving=1',
    ),
  ).toEqual(parse(''));
  expect(
    parse('compare=1&compare=1&compare=2&compare=3&compare=4&compare=5')
      .compared,
  ).toEqual(['1', '2', '3', '4']);
});

it('sorts a column the other way when it is pressed again', () => {
  const once = sortBy(parse(''), 'metric:f1');
  expect(once).toMatchObject({ sort: 'metric:f1', order: 'desc' });
  expect(sortBy(once, 'metric:f1').order).toBe('asc');
  expect(sortBy(sortBy(once, 'metric:f1'), 'registered')).toMatchObject({
    sort: 'registered',
    order: 'desc',
  });
});
