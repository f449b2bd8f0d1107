import { join } from 'node:path';
import { readIfThere, writeFileAtomically } from '../state/atomicFile';
import { ProcessIdentity } from './processIdentity';

/** A server process that was started here. Its id is also that of its process group. */
export interface ProcessEntry extends ProcessIdentity {
  model: string;
  environment: string;
  version: string;
  host: string;
  port: number;
  /** Program and arguments, to see after a restart whether the configuration still asks for the same. */
  command: string[];
}

/**
 * `processes.json`: the server processes that run, for finding them again after a restart, and for whoever has to end
 * them when the backend is gone (`scripts/endServers.mjs`).
 */
export class ProcessRegistry {
  #entries = new Map<string, ProcessEntry>();
  #last: Promise<unknown> = Promise.resolve();

  private constructor(readonly path: string) {}

  static async open(directory: string): Promise<ProcessRegistry> {
    const registry = new ProcessRegistry(join(directory, 'processes.json'));
    const text = await readIfThere(registry.path);
    try {
      const entries: ProcessEntry[] = JSON.parse(text ?? '[]');
      entries.forEach(entry => registry.#entries.set(keyOf(entry), entry));
    } catch {
      // Damaged by hand: what ran is found by its marker where the system can tell, and replaced
    }
    return registry;
  }

  get(server: ServerName): ProcessEntry | undefined {
    return this.#entries.get(keyOf(server));
  }

  all(): ProcessEntry[] {
    return [...this.#entries.values()];
  }

  async set(entry: ProcessEntry): Promise<void> {
    this.#entries.set(keyOf(entry), entry);
    await this.#write();
  }

  /** Removes an entry if it is still about this process. */
  async remove(entry: ProcessEntry): Promise<void> {
    if (this.#entries.get(keyOf(entry))?.pid === entry.pid) {
      this.#entries.delete(keyOf(entry));
      await this.#write();
    }
  }

  async #write(): Promise<void> {
    const turn = this.#last.then(() =>
      writeFileAtomically(this.path, JSON.stringify(this.all(), null, 1)),
    );
    this.#last = turn.catch(() => {});
    await turn;
  }
}

/** What a server serves. */
export interface ServerName {
  model: string;
  environment: string;
  version: string;
}

function keyOf({ model, environment, version }: ServerName): string {
  return `${model}|${environment}|${version}`;
}
