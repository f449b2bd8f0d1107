import { createContext, Script } from 'node:vm';

/** How long code of a module may take for one answer. */
export const LONGEST_MS = 250;

const place: { call?: () => unknown } = createContext({});
const script = new Script('call()', { filename: 'gate-kind' });

/** What share of its time code must have computed to have taken that long by itself. */
const OWN_DOING = 0.2;

class TookTooLong extends Error {
  constructor() {
    super(`it took longer than ${LONGEST_MS} ms`);
  }
}

/**
 * Runs code of a module for a quarter of a second at most, even if it never ends: the engine that runs JavaScript stops it.
 *
 * Time in which the process stood still, such as on a machine that was suspended or overloaded, says nothing of the code:
 * where it had little of a processor in its time, it is run once more. So it must be as good to run it twice.
 * @throws what the code throws, or an error that says that it took too long
 */
export function runBounded<T>(call: () => T): T {
  const begin = process.cpuUsage();
  try {
    return runOnce(call);
  } catch (error) {
    const { user, system } = process.cpuUsage(begin);
    const computed = (user + system) / 1_000;
    if (error instanceof TookTooLong && computed < OWN_DOING * LONGEST_MS) {
      return runOnce(call);
    }
    throw error;
  }
}

function runOnce<T>(call: () => T): T {
  place.call = call;
  try {
    return script.runInContext(place, { timeout: LONGEST_MS }) as T;
  } catch (error) {
    if (
      (error as { code?: unknown } | undefined)?.code ===
      'ERR_SCRIPT_EXECUTION_TIMEOUT'
    ) {
      throw new TookTooLong();
    }
    throw error;
  } finally {
    place.call = undefined;
  }
}
