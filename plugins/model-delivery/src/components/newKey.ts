/** A fresh idempotency key: 128 random bits in hexadecimal. Works on plain HTTP too, unlike `crypto.randomUUID`. */
export function newKey(): string {
  const bytes = window.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
