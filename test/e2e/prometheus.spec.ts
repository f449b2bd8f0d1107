/** A canary is judged by what a real Prometheus has read of the model servers, not by what their proxy measured. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PROGRAM, startPrometheus } from '../peers/prometheusPeer';
import {
  approve,
  expectStatement,
  openAs,
  requestPromotion,
} from './support/promotions';
import { REQUESTS, ServedModel, STATE } from './support/servedModel';
import { startTraffic } from './support/traffic';

const WIDE = { viewport: { width: 1440, height: 1000 } };
const SCRATCH = process.env.SLIPWAY_E2E_SCRATCH!;
const TARGETS = join(SCRATCH, 'prometheus-targets.json');

test.use({ actionTimeout: 30_000 });
test.skip(
  !existsSync(PROGRAM),
  `needs Prometheus: there is none at ${PROGRAM}, and SLIPWAY_PROMETHEUS names no other`,
);

/** Tells Prometheus of the model servers that run, with what each serves, as service discovery does elsewhere. */
function listServers(): void {
  const servers: {
    model: string;
    environment: string;
    version: string;
    host: string;
    port: number;
  }[] = JSON.parse(readFileSync(join(STATE, 'serving/processes.json'), 'utf8'));
  writeFileSync(
    TARGETS,
    JSON.stringify(
      servers.map(({ model, environment, version, host, port }) => ({
        targets: [`${host}:${port}`],
        labels: { model: model.split('/')[1], environment, version },
      })),
    ),
  );
}

test('a canary is judged by Prometheus', async ({ browser, request }) => {
  test.setTimeout(300_000);
  const model = new ServedModel(request, 'basket-value');
  await model.arrange(['v1', 'v2']);
  mkdirSync(SCRATCH, { recursive: true });
  writeFileSync(TARGETS, '[]');
  const prometheus = await startPrometheus(
    { file: TARGETS },
    Number(new URL(process.env.SLIPWAY_E2E_PROMETHEUS_URL!).port),
  );
  const discovery = setInterval(listServers, 500);
  try {
    const engineer = await openAs(browser, 'ML engineer', '/', WIDE);
    const manager = await openAs(browser, 'Model risk manager', '/', WIDE);
    await requestPromotion(engineer, {
      model: model.name,
      version: 'v2',
      environment: 'production',
    });
    await approve(manager, {
      title: /Basket value v2/,
      role: 'model risk manager',
      reason: 'Closer for large baskets',
    });
    const traffic = startTraffic({
      endpoint: await model.endpoint(),
      bodies: REQUESTS,
      rate: 40,
      folder: SCRATCH,
    });
    await expectStatement(engineer, /v2 took over all traffic/, 120_000);
    await traffic.stop();
    const read = await request.get(
      `${prometheus.url}/api/v1/query?query=${encodeURIComponent(
        'sum by (version) (scorer_requests_total{model="basket-value"})',
      )}`,
    );
    const { data } = await read.json();
    expect(
      data.result
        .map((each: { metric: { version: string } }) => each.metric.version)
        .sort(),
    ).toEqual(['v1', 'v2']);
    for (const page of [engineer, manager]) {
      await page.context().close();
    }
  } finally {
    clearInterval(discovery);
    await prometheus.stop();
  }
});
