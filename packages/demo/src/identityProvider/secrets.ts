import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { JWK } from 'oidc-provider';

/** What the identity provider signs with. */
export interface IdentityProviderKeys {
  /** Signs tokens (RS256). */
  jwks: { keys: JWK[] };
  /** Sign its cookies. */
  cookieKeys: string[];
}

/**
 * The provider's keys, made at its first start and kept in the folder, so that sessions outlive a restart. They are
 * worth something on this machine only, and readable by its user alone.
 */
export function loadKeys(folder: string): IdentityProviderKeys {
  const file = join(folder, 'keys.json');
  if (existsSync(file)) {
    return JSON.parse(readFileSync(file, 'utf8')) as IdentityProviderKeys;
  }
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys: IdentityProviderKeys = {
    jwks: {
      keys: [
        {
          ...(privateKey.export({ format: 'jwk' }) as JWK),
          use: 'sig',
          alg: 'RS256',
          kid: randomBytes(8).toString('hex'),
        },
      ],
    },
    cookieKeys: [randomBytes(32).toString('hex')],
  };
  writePrivately(file, JSON.stringify(keys));
  return keys;
}

/** Writes the file in one step, so that a kill leaves the old or the new one, for its owner's eyes only. */
export function writePrivately(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
