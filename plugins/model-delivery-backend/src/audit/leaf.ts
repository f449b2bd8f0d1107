import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** What an audit entry commits to. */
export interface AuditLeaf {
  index: number;
  /** ISO 8601, UTC. */
  at: string;
  actor: string;
  action: string;
  model: string | null;
  subject: string;
  summary: string;
  /** What else must be provable later, such as digests and the states before and after. */
  details: Record<string, unknown>;
}

/** The bytes of a leaf: the entry's RFC 8785 form. */
export function leafData(leaf: AuditLeaf): string {
  const data = canonicalize(leaf);
  if (data === undefined) {
    throw new Error('An audit entry has no canonical form');
  }
  return data;
}

/** Leaf hash of RFC 6962, section 2.1: SHA-256 of 0x00 and the data, in hexadecimal. */
export function leafHash(data: string): string {
  return createHash('sha256')
    .update(Buffer.from([0]))
    .update(data, 'utf8')
    .digest('hex');
}
