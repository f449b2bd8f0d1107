import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whether two texts are the same, in a time that does not tell where they differ. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Whether a header of Basic authentication (RFC 7617) says this user and password. It is what Go's HTTP client makes of
 * `https://user:password@host`, the only way in which Flagger can say who it is.
 */
export function isBasic(
  header: string | undefined,
  user: string,
  password: string,
): boolean {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '') ?? [];
  return (
    encoded !== undefined &&
    isSame(
      Buffer.from(encoded, 'base64').toString('utf8'),
      `${user}:${password}`,
    )
  );
}

/**
 * Whether a header holds the HMAC-SHA256 of the raw body in lower-case hexadecimal digits, after a prefix if there is
 * one: `sha256=` in GitHub's `X-Hub-Signature-256`, none in the `X-Gitlab-Signature` of external status checks.
 */
export function isSignedBy(
  secret: string,
  header: string | undefined,
  body: Buffer,
  prefix = '',
): boolean {
  const expected =
    prefix + createHmac('sha256', secret).update(body).digest('hex');
  return header !== undefined && isSame(header, expected);
}
