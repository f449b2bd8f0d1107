import { decodeCursor, encodeCursor } from './paging';

const refusal = 'request/query/cursor is not a cursor of this list';

describe('a cursor', () => {
  it('gives back what it was made of', () => {
    const at = new Date('2026-11-21T08:00:00.123Z');
    expect(
      decodeCursor(
        encodeCursor([at.getTime(), 7, 'v1', null, 2 ** 40]),
        'time',
        'number',
        'text',
        'time?',
        'big',
      ),
    ).toEqual([at, 7, 'v1', null, 2 ** 40]);
  });

  it.each([
    ['what is no JSON', 'x'],
    ['a number', encodeCursor([]).replace(/./, 'Z')],
    ['nothing', encodeCursor([])],
    ['another length', encodeCursor([1, 2, 'x'])],
    ['text for a moment', encodeCursor(['x', 'v1'])],
    ['no moment', encodeCursor([null, 'v1'])],
    ['a moment that no database holds', encodeCursor([8e15, 'v1'])],
    ['a fraction', encodeCursor([0.5, 'v1'])],
    ['a number for text', encodeCursor([1, 1])],
    ['text that PostgreSQL cannot hold', encodeCursor([1, 'a\0'])],
  ])('made of %s is refused', (_, cursor) => {
    expect(() => decodeCursor(cursor, 'time', 'text')).toThrow(refusal);
  });

  it('is refused with a number beyond an integer column', () => {
    expect(() => decodeCursor(encodeCursor([2 ** 31]), 'number')).toThrow(
      refusal,
    );
  });
});
