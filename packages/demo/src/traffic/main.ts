/**
 * Sends honest traffic to models that serve on this machine.
 *
 * Without arguments to the sample models, wherever the portal says they serve; SLIPWAY_URL and SLIPWAY_TOKEN say where the
 * portal is, SLIPWAY_TRAFFIC_RATE how many requests per second an endpoint of production gets. With `--endpoint` to that one:
 *
 *     --endpoint URL (--payload FILE | --model NAME) [--rate N] [--seconds N] [--keys N]
 *
 * The file holds one body, or a list of bodies. At the end it prints what became of the requests as one line of JSON.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createModelDeliveryClient } from '@slipway/backstage-plugin-model-delivery-common';
import { Random } from '../portfolio/random';
import { askWith, Caller, CALLERS } from './callers';
import { followPortal } from './followPortal';
import { generateLoad } from './generateLoad';

const DEFAULT_RATE = 40;

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => ending.abort());
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      endpoint: { type: 'string' },
      payload: { type: 'string' },
      model: { type: 'string' },
      rate: { type: 'string' },
      seconds: { type: 'string', default: '10' },
      keys: { type: 'string', default: '1000' },
    },
  });
  const rate = Number(
    values.rate ?? process.env.SLIPWAY_TRAFFIC_RATE ?? DEFAULT_RATE,
  );
  if (values.endpoint) {
    const summary = await generateLoad({
      endpoint: values.endpoint,
      rate,
      seconds: Number(values.seconds),
      caller: chooseCaller(values),
      signal: ending.signal,
    });
    process.stdout.write(`${JSON.stringify(summary)}\n`);
    return;
  }
  const { SLIPWAY_URL: url, SLIPWAY_TOKEN: token } = process.env;
  if (!url || !token) {
    throw new Error(
      'Set SLIPWAY_URL and SLIPWAY_TOKEN to follow a portal, or name an --endpoint',
    );
  }
  await followPortal({
    client: createModelDeliveryClient({
      baseUrl: `${url}/api/model-delivery`,
      fetch: (input, init) => {
        const request = new Request(input, init);
        request.headers.set('authorization', `Bearer ${token}`);
        return fetch(request);
      },
    }),
    callers: CALLERS,
    rate,
    pauseMilliseconds: 3000,
    random: new Random(randomUUID()),
    log: line => process.stdout.write(`${line}\n`),
    signal: ending.signal,
  });
}

function chooseCaller(values: {
  payload?: string;
  model?: string;
  keys: string;
}): Caller {
  if (values.payload) {
    const payload: unknown = JSON.parse(readFileSync(values.payload, 'utf8'));
    const bodies = Array.isArray(payload) ? payload : [payload];
    return askWith(
      bodies.map(body => JSON.stringify(body)),
      Number(values.keys),
    );
  }
  const caller = CALLERS[values.model ?? ''];
  if (!caller) {
    throw new Error(
      `Say what to send: --payload FILE, or --model ${Object.keys(CALLERS).join(
        ' or ',
      )}`,
    );
  }
  return caller;
}

main().catch(error => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
