import { createHmac, timingSafeEqual } from 'node:crypto';

/** How old a signed message may be, in seconds. */
const LONGEST_AGE_SECONDS = 300;

/** Headers of a signed message, in lower case. */
export const SIGNATURE_HEADERS = {
  id: 'x-slipway-delivery-id',
  timestamp: 'x-slipway-timestamp',
  signature: 'x-slipway-signature',
} as const;

/** What a message is signed as: `v1,` and the base64 HMAC-SHA256 of id, Unix time and raw body, divided by dots. */
export function sign(
  secret: string,
  message: { id: string; timestamp: string; body: string },
): string {
  const { id, timestamp, body } = message;
  const digest = createHmac('sha256', secret)
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64');
  return `v1,${digest}`;
}

/** Headers that sign a message. */
export function signedHeaders(
  secret: string,
  id: string,
  body: string,
  now: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  return {
    [SIGNATURE_HEADERS.id]: id,
    [SIGNATURE_HEADERS.timestamp]: timestamp,
    [SIGNATURE_HEADERS.signature]: sign(secret, { id, timestamp, body }),
  };
}

/** Whether a message was signed with the secret within the last five minutes. */
export function isSigned(
  secret: string,
  headers: Record<string, string | string[] | undefined>,
  body: string,
  now: Date,
): boolean {
  const id = headers[SIGNATURE_HEADERS.id];
  const timestamp = headers[SIGNATURE_HEADERS.timestamp];
  const signature = headers[SIGNATURE_HEADERS.signature];
  if (
    typeof id !== 'string' ||
    typeof timestamp !== 'string' ||
    typeof signature !== 'string' ||
    !/^\d{1,12}$/.test(timestamp) ||
    Math.abs(now.getTime() / 1000 - Number(timestamp)) > LONGEST_AGE_SECONDS
  ) {
    return false;
  }
  const expected = Buffer.from(sign(secret, { id, timestamp, body }));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
