import { existsSync, readFileSync } from 'node:fs';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { writePrivately } from './secrets';

interface Entry {
  payload: AdapterPayload;
  /** Milliseconds since the epoch; absent for what never expires. */
  expiresAt?: number;
}

/**
 * Keeps sessions, grants and refresh tokens in one file, so that whoever is signed in stays so when the demo restarts.
 * Made for a handful of people on one machine: each change writes the whole file.
 */
export class FileSessionStore {
  readonly #file: string;
  readonly #now: () => number;
  readonly #entries: Map<string, Entry>;

  constructor(file: string, now: () => number = Date.now) {
    this.#file = file;
    this.#now = now;
    this.#entries = new Map(readEntries(file));
  }

  /** The part of the store that holds one kind of record, as `oidc-provider` asks for it. */
  adapter(model: string): Adapter {
    const key = (id: string) => `${model}:${id}`;
    return {
      upsert: async (id, payload, expiresIn) => {
        const expiresAt = expiresIn
          ? this.#now() + expiresIn * 1000
          : undefined;
        this.#entries.set(key(id), { payload, expiresAt });
        this.#save();
      },
      find: async id => this.#read(key(id)),
      findByUid: async uid =>
        this.#find(key(''), payload => payload.uid === uid),
      findByUserCode: async userCode =>
        this.#find(key(''), payload => payload.userCode === userCode),
      consume: async id => {
        const payload = this.#read(key(id));
        if (payload) {
          payload.consumed = Math.floor(this.#now() / 1000);
          this.#save();
        }
      },
      destroy: async id => {
        this.#entries.delete(key(id));
        this.#save();
      },
      revokeByGrantId: async grantId => {
        for (const [id, { payload }] of this.#entries) {
          if (payload.grantId === grantId) {
            this.#entries.delete(id);
          }
        }
        this.#save();
      },
    };
  }

  #read(key: string): AdapterPayload | undefined {
    const entry = this.#entries.get(key);
    return entry && this.#isCurrent(entry) ? entry.payload : undefined;
  }

  #find(
    prefix: string,
    matches: (payload: AdapterPayload) => boolean,
  ): AdapterPayload | undefined {
    return [...this.#entries].find(
      ([key, entry]) =>
        key.startsWith(prefix) &&
        this.#isCurrent(entry) &&
        matches(entry.payload),
    )?.[1].payload;
  }

  #isCurrent({ expiresAt }: Entry): boolean {
    return expiresAt === undefined || expiresAt > this.#now();
  }

  #save(): void {
    for (const [key, entry] of this.#entries) {
      if (!this.#isCurrent(entry)) {
        this.#entries.delete(key);
      }
    }
    writePrivately(this.#file, JSON.stringify([...this.#entries]));
  }
}

/** A file that cannot be read costs everyone a new sign-in, and no more. */
function readEntries(file: string): [string, Entry][] {
  try {
    return existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as [string, Entry][])
      : [];
  } catch {
    return [];
  }
}
