/**
 * How long the lineage of 2,000 nodes takes to be drawn in Chromium, and whether the page answers meanwhile: from the answer of
 * the API to the drawn graph, and the longest tasks on the page's main thread; for who comes from the model's overview, and for
 * who opens the lineage's address, where the portal itself starts at the same time.
 *
 *     node test/bench/lineageGraph/main.mjs
 *
 * Starts the portal with state of its own. Needs Chromium: /usr/bin/chromium, or the one that SLIPWAY_CHROMIUM names.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.mjs';
import { percentile } from '../lib/percentiles.mjs';
import { signIn, startPortal, until } from '../lib/portal.mjs';
import { Programs } from '../lib/programs.mjs';

const NODES = 2_000;
/** How many data sets a run reads. */
const BREADTH = 6;
/** Runs that lie behind one another. */
const STEPS = 4;
const ROUNDS = 10;
/** How long the overview is left alone, so that what it does itself is over. */
const SETTLED_MS = 2_000;
const MODEL = 'credit-default';

const require = createRequire(join(root, 'package.json'));
const { chromium } = require('@playwright/test');
const say = text => process.stdout.write(`${text}\n`);

const facet = (schema, content) => ({
  _producer: 'https://bench.invalid',
  _schemaURL: `https://openlineage.io/spec/facets/${schema}.json`,
  ...content,
});

/** The run that made a data set of others, as OpenLineage says it. */
function runEvent(number, inputs, output) {
  const id = String(number).padStart(12, '0');
  return {
    eventType: 'COMPLETE',
    eventTime: new Date(Date.UTC(2026, 10, 1, 0, 0, number)).toISOString(),
    producer: 'https://bench.invalid',
    schemaURL:
      'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    run: { runId: `00000000-0000-5000-8000-${id}` },
    job: { namespace: 'bench', name: `job ${number}`, facets: {} },
    inputs: inputs.map(name => ({ namespace: 'bench', name, facets: {} })),
    outputs: [output],
  };
}

/** A tree of runs and data sets behind the first version of the model. */
function* events() {
  let number = 0;
  let wanted = [
    {
      namespace: 'backstage',
      name: `model:default/${MODEL}`,
      facets: {
        version: facet('1-0-1/DatasetVersionDatasetFacet', {
          datasetVersion: 'bench',
        }),
        datasetType: facet('1-0-1/DatasetTypeDatasetFacet', {
          datasetType: 'MODEL',
        }),
      },
    },
  ];
  for (let step = 0; step < STEPS; step++) {
    const next = [];
    for (const output of wanted) {
      number += 1;
      // The last ones read more, so that there are more than are asked for
      const breadth = step === STEPS - 1 ? BREADTH + 2 : BREADTH;
      const inputs = Array.from(
        { length: breadth },
        (_, index) => `set ${number}.${index}`,
      );
      yield runEvent(number, inputs, output);
      next.push(
        ...inputs.map(name => ({ namespace: 'bench', name, facets: {} })),
      );
    }
    wanted = next;
  }
}

async function post(url, token, path, body) {
  const response = await fetch(`${url}/api/model-delivery${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }
}

/** From the model's overview, where the portal is up already. */
async function fromOverview(page, url) {
  await page.goto(`${url}/catalog/default/model/${MODEL}`);
  const tab = page.getByRole('link', { name: 'Lineage', exact: true });
  await tab.waitFor();
  await page.waitForTimeout(SETTLED_MS);
  return () => tab.click();
}

/** By the address, with which the portal starts. */
async function byAddress(page, url) {
  return () => page.goto(`${url}/catalog/default/model/${MODEL}/lineage`);
}

/** Draws the graph once. @returns milliseconds from the API's answer, the tasks over 50 ms since, and how many nodes there are */
async function draw(page, url, way) {
  let answeredAt;
  let nodes;
  const open = await way(page, url);
  // The page asks for few and lets one go on from them; all at once is the most that the API gives
  await page.route('**/api/model-delivery/lineage?*', async route => {
    const wide = new URL(route.request().url());
    wide.searchParams.set('limit', String(NODES));
    wide.searchParams.set('fanOut', '500');
    wide.searchParams.set('depth', '10');
    wide.searchParams.set('direction', 'upstream');
    const response = await route.fetch({ url: wide.href });
    nodes = (await response.json()).nodes.length;
    await page.evaluate(() => {
      window.tasks = [];
      new PerformanceObserver(list =>
        window.tasks.push(...list.getEntries().map(each => each.duration)),
      ).observe({ type: 'longtask' });
    });
    answeredAt = performance.now();
    await route.fulfill({ response });
  });
  await open();
  await page.locator('.react-flow__node').first().waitFor();
  // Drawn is what two frames in a row have not changed
  await page.evaluate(
    () =>
      new Promise(done =>
        requestAnimationFrame(() => requestAnimationFrame(done)),
      ),
  );
  const time = performance.now() - answeredAt;
  await page.waitForTimeout(1_000);
  const tasks = await page.evaluate(() => window.tasks);
  await page.unroute('**/api/model-delivery/lineage?*');
  return { time, tasks, nodes };
}

function sayOf(what, runs) {
  const times = runs.map(each => each.time);
  say(
    `${what}: p50 ${percentile(times, 0.5).toFixed(0)} ms, p95 ${percentile(
      times,
      0.95,
    ).toFixed(0)} ms; tasks over 50 ms on the main thread: ${runs
      .map(each => each.tasks.map(task => task.toFixed(0)).join('+') || '–')
      .join(', ')}`,
  );
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-lineage-'));
  const programs = new Programs();
  let browser;
  try {
    const url = await startPortal(programs, folder, ['--no-sample']);
    const token = readFileSync(join(folder, 'pipeline-token'), 'utf8').trim();
    await until(`the model ${MODEL}`, async () => {
      const answer = await fetch(
        `${url}/api/model-delivery/models/default/${MODEL}`,
        { headers: { authorization: `Bearer ${token}` } },
      );
      return answer.ok;
    });
    await post(url, token, `/models/default/${MODEL}/versions`, {
      version: 'bench',
      parts: {
        code: { commit: '0'.repeat(40) },
        data: [],
        artifact: { digest: `sha256:${'0'.repeat(64)}` },
        configuration: [],
        parameters: {},
        trainedBy: 'user:default/somebody',
      },
      commits: [],
    });
    for (const event of events()) {
      await post(url, token, '/lineage/openlineage', event);
    }

    browser = await chromium.launch({
      executablePath: process.env.SLIPWAY_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    });
    const page = await browser.newPage({
      viewport: { width: 1440, height: 1000 },
    });
    await signIn(page, url, 'Team lead');

    const runs = { fromOverview: [], byAddress: [] };
    for (let round = -1; round < ROUNDS; round++) {
      for (const way of [fromOverview, byAddress]) {
        const run = await draw(page, url, way);
        if (round >= 0) {
          runs[way.name].push(run);
        }
      }
    }
    say(
      `${
        runs.byAddress[0].nodes
      } nodes, ${ROUNDS} times each; load ${loadavg()[0].toFixed(1)}`,
    );
    sayOf('from the overview', runs.fromOverview);
    sayOf('by the address', runs.byAddress);
  } finally {
    await browser?.close();
    await programs.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
