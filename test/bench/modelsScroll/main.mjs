/**
 * Whether the list of models is smooth with 10,000 of them, in Chromium on the production build: the time between frames and the
 * tasks over 50 ms while a wheel turns through the list, how long the rows that come are empty, and how long the key End takes
 * to the last row.
 *
 *     node test/bench/modelsScroll/main.mjs [models]
 *
 * Starts the portal with state of its own, whose catalog reads the models from a file, as any catalog does: for 10,000 that takes
 * a while. Needs Chromium: /usr/bin/chromium, or the one that SLIPWAY_CHROMIUM names.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.mjs';
import { percentile } from '../lib/percentiles.mjs';
import { signIn, startPortal, until } from '../lib/portal.mjs';
import { Programs } from '../lib/programs.mjs';

const MODELS = Number(process.argv[2] ?? 10_000);
/** One turn of the wheel, in pixels, and the time between two. */
const TURN = 120;
const BETWEEN_MS = 16;
const TURNS = 1_000;
const ROUNDS = 5;

const require = createRequire(join(root, 'package.json'));
const { chromium } = require('@playwright/test');
const say = text => process.stdout.write(`${text}\n`);

/** The catalog's file of all models. */
function modelsFile() {
  return Array.from(
    { length: MODELS },
    (_, index) => `---
apiVersion: slipway.dev/v1alpha1
kind: Model
metadata:
  name: bench-${String(index).padStart(5, '0')}
  title: Model ${index} of those that are measured
spec:
  type: classifier
  lifecycle: ${index % 3 === 0 ? 'experimental' : 'production'}
  owner: group:default/credit-risk
  risk: ${['low', 'medium', 'high'][index % 3]}
  teamSize: medium
  intendedUse: Measuring how smooth the list is
`,
  ).join('');
}

/** Starts to note frames and long tasks. */
const watch = page =>
  page.evaluate(() => {
    window.noted = { frames: [], tasks: [], empty: 0, looks: 0 };
    let last = performance.now();
    const frame = now => {
      window.noted.frames.push(now - last);
      last = now;
      // Rows that were not loaded yet, of those within the window
      const rows = [...document.querySelectorAll('[data-index]')].filter(
        row => {
          const { top, bottom } = row.getBoundingClientRect();
          return bottom > 0 && top < window.innerHeight;
        },
      );
      window.noted.looks += 1;
      window.noted.empty += rows.some(row => row.ariaBusy === 'true') ? 1 : 0;
      window.noted.request = requestAnimationFrame(frame);
    };
    window.noted.request = requestAnimationFrame(frame);
    window.noted.observer = new PerformanceObserver(list =>
      window.noted.tasks.push(...list.getEntries().map(each => each.duration)),
    );
    window.noted.observer.observe({ type: 'longtask' });
  });

/** What was noted since. */
const noted = page =>
  page.evaluate(() => {
    const { frames, tasks, empty, looks, request, observer } = window.noted;
    cancelAnimationFrame(request);
    observer.disconnect();
    return { frames: frames.slice(1), tasks, empty: empty / looks };
  });

/** Opens the list, with nothing of it loaded before. */
async function open(page, url) {
  await page.goto(`${url}/models`);
  await page.locator('[data-index="0"] a').first().waitFor();
  await page.waitForTimeout(2_000);
}

async function scroll(page, url) {
  await open(page, url);
  await page.mouse.move(720, 700);
  await watch(page);
  for (let turn = 0; turn < TURNS; turn++) {
    await page.mouse.wheel(0, TURN);
    await page.waitForTimeout(BETWEEN_MS);
  }
  const scrolled = await page.evaluate(() => window.scrollY);
  return { ...(await noted(page)), scrolled };
}

/** How long the key End takes from the first row to the last, in milliseconds, with the focus on it. */
async function toTheEnd(page, url) {
  await open(page, url);
  await page.locator('[data-index="0"] a').first().focus();
  await watch(page);
  const from = performance.now();
  await page.keyboard.press('End');
  const last = await page.evaluate(
    () =>
      Number(
        document.querySelector('[role="table"]').getAttribute('aria-rowcount'),
      ) - 2,
  );
  await page.locator(`[data-index="${last}"] a`).first().waitFor();
  return { time: performance.now() - from, last, ...(await noted(page)) };
}

const list = tasks => tasks.map(task => task.toFixed(0)).join('+') || '–';

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-scroll-'));
  const programs = new Programs();
  let browser;
  try {
    const models = join(folder, 'models.yaml');
    writeFileSync(models, modelsFile());
    const config = join(folder, 'app-config.yaml');
    const target = file => `    - type: file\n      target: ${file}\n`;
    writeFileSync(
      config,
      `catalog:\n  locations:\n${target(
        join(root, 'examples/org.yaml'),
      )}      rules: [{ allow: [User, Group] }]\n${target(
        models,
      )}      rules: [{ allow: [Model] }]\n`,
    );
    const url = await startPortal(programs, folder, [
      '--no-sample',
      '--config',
      config,
    ]);
    const token = readFileSync(join(folder, 'pipeline-token'), 'utf8').trim();
    await until(`${MODELS} models`, async () => {
      const answer = await fetch(`${url}/api/model-delivery/models?limit=1`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return answer.ok && (await answer.json()).totalItems >= MODELS;
    });
    browser = await chromium.launch({
      executablePath: process.env.SLIPWAY_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    });
    const page = await browser.newPage({
      viewport: { width: 1440, height: 1000 },
    });
    await signIn(page, url, 'Team lead');

    say(`${MODELS} models; load ${loadavg()[0].toFixed(1)}`);
    for (let round = 0; round < ROUNDS; round++) {
      const { frames, tasks, empty, scrolled } = await scroll(page, url);
      say(
        `wheel, ${scrolled} pixels: between frames p50 ${percentile(
          frames,
          0.5,
        ).toFixed(0)}, p95 ${percentile(frames, 0.95).toFixed(
          0,
        )}, p99 ${percentile(frames, 0.99).toFixed(
          0,
        )} ms; tasks over 50 ms ${list(tasks)}; frames with an empty row ${(
          empty * 100
        ).toFixed(1)} %`,
      );
    }
    for (let round = 0; round < ROUNDS; round++) {
      const { time, last, tasks } = await toTheEnd(page, url);
      say(
        `End, to row ${last}: ${time.toFixed(0)} ms; tasks over 50 ms ${list(
          tasks,
        )}`,
      );
    }
  } finally {
    await browser?.close();
    await programs.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
