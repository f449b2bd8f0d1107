import { findHalfCharacter } from './refuseHalfCharacters';

describe('half of a character', () => {
  it.each([
    ['a text', '\ud800', ''],
    ['a list', { a: ['😀', 'x\udc00'] }, '/a/1'],
    ['a key', { a: { 'b\ud83d': 1 } }, '/a, a key of it,'],
    ['halves in the wrong order', { a: '\ude00\ud83d' }, '/a'],
  ])('is found in %s', (_, value, path) => {
    expect(findHalfCharacter(value)).toBe(path);
  });

  it('is none of what is whole, however deep', () => {
    let deep: unknown = 'مرحبا 😀 𝒳';
    for (let i = 0; i < 20_000; i++) {
      deep = [deep, null, 1, true];
    }
    expect(findHalfCharacter(deep)).toBeUndefined();
    expect(findHalfCharacter(undefined)).toBeUndefined();
  });
});
