import { InputError } from '@backstage/errors';
import { RequestHandler } from 'express';

/** A surrogate without its other half; those that are whole are one character in this mode. */
const HALF = /\p{Cs}/u;

/**
 * Refuses a body with half of a character, which JSON can write as `"\ud800"`: it has no UTF-8, so that nothing can be hashed,
 * signed or stored of it. Walks without recursion, since a body may be nested as deep as it is long.
 */
export const refuseHalfCharacters: RequestHandler = (req, _res, next) => {
  const path = findHalfCharacter(req.body);
  next(
    path === undefined
      ? undefined
      : new InputError(
          `request/body${path} has half of a character (a lone surrogate); both halves of it, or none, would be right`,
        ),
  );
};

/** Where in a JSON value a key or text has half of a character, as `/job/name`; undefined when none has. */
export function findHalfCharacter(value: unknown): string | undefined {
  const waiting: { path: string; value: unknown }[] = [{ path: '', value }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (typeof next.value === 'string') {
      if (HALF.test(next.value)) {
        return next.path;
      }
    } else if (typeof next.value === 'object' && next.value !== null) {
      for (const [key, each] of Object.entries(next.value)) {
        if (HALF.test(key)) {
          return `${next.path}, a key of it,`;
        }
        if (typeof each === 'string' || typeof each === 'object') {
          waiting.push({ path: `${next.path}/${key}`, value: each });
        }
      }
    }
  }
  return undefined;
}
