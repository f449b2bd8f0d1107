import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '../portfolio/random';
import { Caller } from './callers';
import { LoadGenerator, LoadSummary } from './LoadGenerator';

/**
 * Sends requests to one endpoint for a while.
 * @param options - `rate` in requests per second; `seconds` how long; the signal ends it early
 * @throws Error for an endpoint that is not on this machine's loopback.
 */
export async function generateLoad(options: {
  endpoint: string;
  rate: number;
  seconds: number;
  caller: Caller;
  random?: Random;
  signal?: AbortSignal;
}): Promise<LoadSummary> {
  const generator = new LoadGenerator({
    ...options,
    random: options.random ?? new Random(randomUUID()),
  });
  await delay(options.seconds * 1000, undefined, {
    signal: options.signal,
  }).catch(() => {});
  return generator.stop();
}
