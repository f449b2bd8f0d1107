import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ConflictError } from '@backstage/errors';
import {
  isAlive,
  ProcessIdentity,
  startTimeOf,
} from '../processes/processIdentity';
import { readIfThere, writeFileAtomically } from './atomicFile';

const heldHere = new Set<string>();

/**
 * Sees to it that one backend at a time uses a state directory: two would divide the traffic twice. A lock whose holder
 * has died is taken over.
 */
export class DirectoryLock {
  private constructor(readonly path: string) {}

  /**
   * @param patience - milliseconds to wait for a holder that is shutting down
   * @throws ConflictError when another living backend holds it.
   */
  static async acquire(
    directory: string,
    patience: number,
  ): Promise<DirectoryLock> {
    const path = join(directory, 'lock.json');
    const deadline = Date.now() + patience;
    for (;;) {
      const holder = await readHolder(path);
      const busy =
        holder?.pid === process.pid
          ? heldHere.has(path)
          : holder && (await isAlive(holder));
      if (!busy) {
        break;
      }
      if (Date.now() >= deadline) {
        throw new ConflictError(
          `Another backend (process ${holder?.pid}) serves models from ${directory}; give each backend a modelDelivery.localServing.directory of its own, or enable local serving in one of them only`,
        );
      }
      await delay(200);
    }
    heldHere.add(path);
    const startTime = (await startTimeOf(process.pid)) ?? '';
    await writeFileAtomically(
      path,
      JSON.stringify({ pid: process.pid, startTime }),
    );
    return new DirectoryLock(path);
  }

  async release(): Promise<void> {
    heldHere.delete(this.path);
    await rm(this.path, { force: true });
  }
}

async function readHolder(path: string): Promise<ProcessIdentity | undefined> {
  const text = await readIfThere(path);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    // Half-written by something else than this class; nobody can hold it
    return undefined;
  }
}
