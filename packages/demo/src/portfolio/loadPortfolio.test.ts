import { join } from 'node:path';
import { createModelDeliveryClient } from '@slipway/backstage-plugin-model-delivery-common';
import { generatePortfolio } from './generatePortfolio';
import { describeError } from './portal';
import { readArtifacts } from './servedModels';
import { countReports, loadPortfolio } from './loadPortfolio';

const artifacts = readArtifacts(
  join(__dirname, '../../../../examples/artifacts'),
);
const now = new Date('2026-11-21T09:30:00.000Z');

/** Stands where the portal does, and keeps what it was told. */
function portal(refuse?: (url: string) => boolean) {
  const calls: string[] = [];
  let open = 0;
  let mostAtOnce = 0;
  const client = createModelDeliveryClient({
    baseUrl: 'http://portal.example/api/model-delivery',
    fetch: async input => {
      const { method, url } = input as Request;
      open += 1;
      mostAtOnce = Math.max(mostAtOnce, open);
      await new Promise(resolve => setImmediate(resolve));
      open -= 1;
      calls.push(`${method} ${new URL(url).pathname}`);
      return refuse?.(url)
        ? new Response(
            JSON.stringify({
              error: { name: 'ConflictError', message: 'Taken by another' },
              response: { statusCode: 409 },
            }),
            { status: 409, headers: { 'content-type': 'application/json' } },
          )
        : Response.json({}, { status: 201 });
    },
  });
  return { client, calls, atOnce: () => mostAtOnce };
}

describe('loadPortfolio', () => {
  const portfolio = generatePortfolio({ now, artifacts });

  it('reports everything once, the landmark first, few at a time', async () => {
    const { client, calls, atOnce } = portal();
    const seen: number[] = [];
    await loadPortfolio({
      client,
      portfolio,
      concurrency: 3,
      onProgress: ({ sent }) => seen.push(sent),
    });
    expect(calls).toHaveLength(countReports(portfolio));
    expect(calls[0]).toBe(
      'POST /api/model-delivery/models/default/compact-instruct/versions',
    );
    expect(seen[seen.length - 1]).toBe(countReports(portfolio));
    expect(atOnce()).toBeLessThanOrEqual(3);
  });

  it('reports the deployments of a model after its versions, and incidents last', async () => {
    const { client, calls } = portal();
    await loadPortfolio({ client, portfolio, concurrency: 2 });
    const own = calls.filter(call => call.includes('/demand-forecast-fresh/'));
    const last = (what: string) =>
      own.map(call => call.includes(what)).lastIndexOf(true);
    const first = (what: string) => own.findIndex(call => call.includes(what));
    expect(first('/deployments')).toBeGreaterThan(last('/versions'));
    expect(first('/incidents/')).toBeGreaterThan(last('/deployments'));
  });

  it('stops at what the portal refuses, and says why', async () => {
    const { client } = portal(url => url.endsWith('/deployments'));
    const refusal = await loadPortfolio({
      client,
      portfolio,
      concurrency: 2,
    }).catch(describeError);
    expect(refusal).toBe('The portal answered 409: Taken by another');
  });
});
