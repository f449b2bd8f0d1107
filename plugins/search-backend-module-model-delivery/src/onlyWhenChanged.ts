import { SchedulerServiceTaskRunner } from '@backstage/backend-plugin-api';

/** An index is built anew after this long in any case: two changes may have come in one moment, of which one was seen. */
const AT_LATEST_AFTER_MS = 60 * 60_000;

/**
 * Runs a task only when what it works on changed since it last succeeded in this process. Search engines replace an index
 * as a whole; so nothing is read, and nothing written, while nothing happens.
 * @param readState - says what the task would work on now
 */
export function onlyWhenChanged(
  runner: SchedulerServiceTaskRunner,
  readState: () => Promise<string>,
  now: () => number = Date.now,
): SchedulerServiceTaskRunner {
  let done: { state: string; at: number } | undefined;
  return {
    run: task =>
      runner.run({
        ...task,
        fn: async signal => {
          const at = now();
          const state = await readState();
          if (done?.state === state && at - done.at < AT_LATEST_AFTER_MS) {
            return;
          }
          await task.fn(signal);
          done = { state, at };
        },
      }),
  };
}
