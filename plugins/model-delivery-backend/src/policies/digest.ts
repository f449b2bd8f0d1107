import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** `sha256:` and the SHA-256 of the RFC 8785 form of a JSON value, in hexadecimal. */
export function digestOf(value: object): string {
  const text = canonicalize(value);
  if (text === undefined) {
    throw new Error('The value has no canonical form');
  }
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;
}
