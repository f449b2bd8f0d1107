let worker: Worker | undefined;

/** The worker in which places are found; started when it is first asked for, apart from what asks it, which loads meanwhile. */
export function layoutWorker(): Worker {
  worker ??= new Worker(
    new URL('elkjs/lib/elk-worker.min.js', import.meta.url),
  );
  return worker;
}
