/**
 * How long the first screen of `/models` takes against the catalog of the same application without Slipway, in Chromium, with the
 * frontend as it is built for production; and how much Slipway adds to what every page loads.
 *
 *     node test/bench/firstScreen/main.mjs
 *
 * Builds the frontend twice and starts the portal with sample data and state of its own. Needs Chromium: /usr/bin/chromium, or the
 * one that SLIPWAY_CHROMIUM names.
 */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFrontend } from '../../../scripts/lib/frontendBuild.mjs';
import { root } from '../../../scripts/lib/paths.mjs';
import { bringNode } from '../../../scripts/lib/toolchain.mjs';
import { percentile } from '../lib/percentiles.mjs';
import { signIn, startPortal } from '../lib/portal.mjs';
import { Programs } from '../lib/programs.mjs';
import { eagerKilobytes, serveFrontend } from './serveFrontend.mjs';

const ROUNDS = 20;
const DIST = join(root, 'packages/app/dist');

const require = createRequire(join(root, 'package.json'));
const { chromium } = require('@playwright/test');
const say = text => process.stdout.write(`${text}\n`);

/** The frontend with Slipway and without, each in a folder of its own. */
async function buildBoth(programs, folder) {
  const tools = await bringNode();
  const [full, bare] = [join(folder, 'full'), join(folder, 'bare')];
  await buildFrontend(tools);
  cpSync(DIST, full, { recursive: true });
  const without = join(folder, 'without.yaml');
  writeFileSync(
    without,
    `app:
  packages:
    exclude: ['@slipway/backstage-plugin-model-delivery']
`,
  );
  try {
    await programs.run(
      'the build without Slipway',
      tools.node,
      [
        join(root, 'node_modules/@backstage/cli/bin/backstage-cli'),
        'package',
        'build',
        ...['--config', join(root, 'app-config.yaml'), '--config', without],
      ],
      {
        cwd: join(root, 'packages/app'),
        env: { ...tools.env, NODE_ENV: 'production' },
      },
    );
    cpSync(DIST, bare, { recursive: true });
  } finally {
    rmSync(DIST, { recursive: true, force: true });
    cpSync(full, DIST, { recursive: true });
  }
  return { full, bare };
}

/** Milliseconds from asking for a page to its first row. */
async function time(page, url, row) {
  const begun = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator(row).first().waitFor();
  return performance.now() - begun;
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-first-screen-'));
  const programs = new Programs();
  const servers = [];
  let browser;
  try {
    const built = await buildBoth(programs, folder);
    const portal = await startPortal(programs, join(folder, 'state'));
    for (const dist of [built.full, built.bare]) {
      servers.push(await serveFrontend(dist, portal));
    }
    const [full, bare] = servers.map(each => each.url);

    browser = await chromium.launch({
      executablePath: process.env.SLIPWAY_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    });
    const page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
    });
    // The session is a cookie of the host, whatever the port
    await signIn(page, portal, 'Auditor');

    const screens = {
      '/models': [
        `${full}/models`,
        '[role=table][aria-label="Models"] [role=row] a',
      ],
      '/catalog, with Slipway': [`${full}/catalog`, 'table tbody tr a'],
      '/catalog, without': [`${bare}/catalog`, 'table tbody tr a'],
    };
    const times = new Map(Object.keys(screens).map(name => [name, []]));
    for (let round = -2; round < ROUNDS; round++) {
      for (const [name, [url, row]] of Object.entries(screens)) {
        const took = await time(page, url, row);
        if (round >= 0) {
          times.get(name).push(took);
        }
      }
    }
    say(`${ROUNDS} rounds; load ${loadavg()[0].toFixed(1)}`);
    const base = percentile(times.get('/catalog, without'), 0.5);
    for (const [name, all] of times) {
      const p50 = percentile(all, 0.5);
      say(
        `${name}: p50 ${p50.toFixed(0)} ms, p95 ${percentile(all, 0.95).toFixed(
          0,
        )} ms, ${(p50 / base).toFixed(2)} times`,
      );
    }
    const [withIt, without] = [built.full, built.bare].map(eagerKilobytes);
    say(
      `loaded by every page, gzipped: ${withIt.toFixed(
        0,
      )} kB, without Slipway ${without.toFixed(0)} kB: ${(
        withIt - without
      ).toFixed(0)} kB more`,
    );
  } finally {
    await browser?.close();
    servers.forEach(each => each.close());
    await programs.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
