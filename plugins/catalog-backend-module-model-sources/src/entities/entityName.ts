import { createHash } from 'node:crypto';

/** The longest name that the catalog takes. */
const LONGEST = 63;
const HASH_LENGTH = 8;

/** Eight hexadecimal digits of a text's SHA-256. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);
}

/**
 * The name of an entity for a name of elsewhere, by that name alone: what the catalog takes stays as it is but in lower
 * case, accents are dropped, and anything else separates. Where letters or digits had to be left out, such as Chinese or
 * Arabic ones, or the name is too long, a short hash of the whole name tells it from others.
 */
export function toEntityName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLocaleLowerCase('en-US');
  const isLossy = /[\p{L}\p{N}]/u.test(plain.replace(/[a-z0-9]/g, ''));
  const parts = plain
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/([._-])[._-]*/g, '$1')
    .replace(/^[._-]+|[._-]+$/g, '');
  if (parts === '') {
    return `model-${shortHash(name)}`;
  }
  return isLossy || parts.length > LONGEST
    ? withHash(parts, shortHash(name))
    : parts;
}

/** A name that tells itself by a hash from others of the same name. */
export function withHash(name: string, hash: string): string {
  const room = LONGEST - hash.length - 1;
  return `${name.slice(0, room).replace(/[._-]+$/, '')}-${hash}`;
}
