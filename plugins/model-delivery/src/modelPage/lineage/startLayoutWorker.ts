/** Starts the worker in which the layout is found. */
export function startLayoutWorker(): Worker {
  return new Worker(new URL('elkjs/lib/elk-worker.min.js', import.meta.url));
}
