import { createContext, Script } from 'node:vm';

/** How long code of a module may take for one answer. */
export const LONGEST_MS = 250;

const place: { call?: () => unknown } = createContext({});
const script = new Script('call()', { filename: 'gate-kind' });

/**
 * Runs code of a module for a quarter of a second at most, even if it never ends: the engine that runs JavaScript stops it.
 * @throws what the code throws, or an error that says that it took too long
 */
export function runBounded<T>(call: () => T): T {
  place.call = call;
  try {
    return script.runInContext(place, { timeout: LONGEST_MS }) as T;
  } catch (error) {
    if (
      (error as { code?: unknown } | undefined)?.code ===
      'ERR_SCRIPT_EXECUTION_TIMEOUT'
    ) {
      throw new Error(`it took longer than ${LONGEST_MS} ms`);
    }
    throw error;
  } finally {
    place.call = undefined;
  }
}
