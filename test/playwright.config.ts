import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defineConfig } from '@playwright/test';
import { writePolicies } from './e2e/portal/writePolicies';

const ROOT = resolve(__dirname, '..');
const MINUTE = 60_000;

/**
 * Keeps what is chosen once in the environment: Playwright reads this file again in each of its processes.
 */
function chosenOnce(name: string, choose: () => string): string {
  process.env[name] ??= choose();
  return process.env[name]!;
}

const freePort = () =>
  execFileSync(process.execPath, [
    '-e',
    'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})',
  ])
    .toString()
    .trim();

const scratch = chosenOnce('SLIPWAY_E2E_SCRATCH', () =>
  mkdtempSync(join(tmpdir(), 'slipway-e2e-')),
);
const portalPort = chosenOnce('SLIPWAY_E2E_PORT', freePort);
const prometheusPort = chosenOnce('SLIPWAY_E2E_PROMETHEUS_PORT', freePort);
chosenOnce(
  'SLIPWAY_E2E_PROMETHEUS_URL',
  () => `http://127.0.0.1:${prometheusPort}`,
);
const mlflowPort = chosenOnce('SLIPWAY_E2E_MLFLOW_PORT', freePort);
/** State of the portal that the tests start, with the policies that it reads. */
const state = join(scratch, 'state');
chosenOnce('SLIPWAY_E2E_POLICIES', () => {
  const folder = join(state, 'policies');
  writePolicies(folder);
  return folder;
});
/**
 * A portal that runs already, for whoever writes tests; by default the tests start their own. It needs
 * `--config test/e2e/portal/app-config.yaml`, and the folder of policies that is named there.
 */
const runningPortal = process.env.SLIPWAY_E2E_PORTAL;
const portalUrl = runningPortal ?? `http://127.0.0.1:${portalPort}`;
const venv = process.env.SLIPWAY_MLFLOW_VENV;
const mlflow = venv && join(venv, 'bin/mlflow');
const hasMlflow = mlflow !== undefined && existsSync(mlflow);
if (hasMlflow) {
  chosenOnce('SLIPWAY_E2E_MLFLOW_URL', () => `http://127.0.0.1:${mlflowPort}`);
  chosenOnce('SLIPWAY_MLFLOW_WEBHOOK_SECRET', () => `of the tests ${scratch}`);
}

/** What a process gets beside this one's own environment, without the parts that are not set. */
const environment = (values: Record<string, string | undefined>) =>
  Object.fromEntries(
    Object.entries({ ...process.env, ...values }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );

/**
 * The browser tests run on the demo as `npm start` brings it up, on free ports and with state of its own; with MLflow
 * beside it where SLIPWAY_MLFLOW_VENV names one.
 */
export default defineConfig({
  testDir: join(__dirname, 'e2e'),
  outputDir: join(ROOT, 'test-results'),
  globalTeardown: join(__dirname, 'removeScratch.ts'),
  // One portal serves them all, and rollouts are judged by real latencies: beside each other, two cores are too busy for them
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 2 * MINUTE,
  // Pages are slow to load while a model is trained
  expect: { timeout: 30_000 },
  use: {
    baseURL: portalUrl,
    screenshot: 'only-on-failure',
    // Pictures and copies of the page of every moment would take a fifth of the machine from what they show
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    launchOptions: {
      executablePath: process.env.SLIPWAY_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: runningPortal
    ? []
    : [
        ...(hasMlflow
          ? [
              {
                name: 'mlflow',
                command: `"${mlflow}" server --backend-store-uri "sqlite:///${scratch}/mlflow.db" --artifacts-destination "${scratch}/artifacts" --host 127.0.0.1 --port ${mlflowPort} --workers 1`,
                cwd: scratch,
                env: environment({
                  // Portal and MLflow are on this machine, without TLS
                  MLFLOW_WEBHOOK_ALLOWED_SCHEMES: 'http,https',
                  // Seven processes that nothing here asks for
                  MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
                  MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS: 'true',
                  MLFLOW_WEBHOOK_CACHE_TTL: '1',
                }),
                // Not waited for: it is up long before the portal, which is next
                gracefulShutdown: {
                  signal: 'SIGTERM' as const,
                  timeout: 10_000,
                },
              },
            ]
          : []),
        {
          name: 'portal',
          command: `node scripts/start.mjs --port ${portalPort} --config test/e2e/portal/app-config.yaml`,
          cwd: ROOT,
          env: environment({
            PORT: undefined,
            SLIPWAY_STATE_DIR: state,
            SLIPWAY_MLFLOW_URL: process.env.SLIPWAY_E2E_MLFLOW_URL,
          }),
          wait: { stdout: /Slipway is up after/ },
          stdout: 'pipe' as const,
          timeout: 10 * MINUTE,
          gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 30_000 },
        },
      ],
});
