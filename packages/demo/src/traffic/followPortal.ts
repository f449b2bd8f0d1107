import { setTimeout as delay } from 'node:timers/promises';
import { ModelDeliveryClient } from '@slipway/backstage-plugin-model-delivery-common';
import { Random } from '../portfolio/random';
import { Caller } from './callers';
import { LoadGenerator } from './LoadGenerator';

/** Share of the rate that an environment gets that is not production. */
const ELSEWHERE = 0.1;

/**
 * Asks the portal again and again where the models serve, and keeps requests going there, until the signal ends it. A
 * model that the portal does not know, and a portal that does not answer, are asked for again.
 * @param options - `rate` in requests per second for each endpoint of production; others get a tenth of it
 */
export async function followPortal(options: {
  client: ModelDeliveryClient;
  callers: Readonly<Record<string, Caller>>;
  rate: number;
  pauseMilliseconds: number;
  random: Random;
  log: (line: string) => void;
  signal: AbortSignal;
}): Promise<void> {
  const { client, callers, rate, random, log, signal } = options;
  const running = new Map<string, LoadGenerator>();
  let lastTrouble = '';
  while (!signal.aborted) {
    try {
      const wanted = new Map<string, { rate: number; caller: Caller }>();
      for (const [name, caller] of Object.entries(callers)) {
        const { data } = await client.GET('/models/{namespace}/{name}', {
          params: { path: { namespace: 'default', name } },
          signal,
        });
        for (const { endpoint, tier } of data?.environments ?? []) {
          if (endpoint) {
            wanted.set(endpoint, {
              rate: tier === 'production' ? rate : rate * ELSEWHERE,
              caller,
            });
          }
        }
      }
      for (const [endpoint, generator] of running) {
        if (!wanted.has(endpoint)) {
          running.delete(endpoint);
          await generator.stop();
          log(`No requests to ${endpoint} any longer`);
        }
      }
      for (const [endpoint, { rate: each, caller }] of wanted) {
        if (!running.has(endpoint)) {
          running.set(
            endpoint,
            new LoadGenerator({ endpoint, rate: each, caller, random }),
          );
          log(`About ${each} requests per second to ${endpoint}`);
        }
      }
      lastTrouble = '';
    } catch (error) {
      // The same trouble once, not every few seconds
      if (!signal.aborted && String(error) !== lastTrouble) {
        lastTrouble = String(error);
        log(`The portal did not say where models serve: ${error}`);
      }
    }
    await delay(options.pauseMilliseconds, undefined, { signal }).catch(
      () => {},
    );
  }
  await Promise.all([...running.values()].map(generator => generator.stop()));
}
