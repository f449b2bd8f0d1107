/**
 * How long it takes from `npm start` in a fresh clone to a page that one can use, against the bare application of
 * @backstage/create-app: install, build of the frontend, start of the backend that serves it. Both begin with an empty
 * cache of packages.
 *
 *     node test/bench/startTime/main.mjs
 *
 * Needs Git, npm and the registry; takes ten minutes or more and 5 GB in the temporary folder.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, yarnRelease } from '../../../scripts/lib/paths.mjs';
import { bringNode } from '../../../scripts/lib/toolchain.mjs';
import { freePort, Programs } from '../lib/programs.mjs';

const CREATE_APP = '0.9.2';
const LIMIT_MS = 30 * 60_000;

const say = text => process.stdout.write(`${text}\n`);
const inSeconds = since => (performance.now() - since) / 1000;

/** Environment of a machine that has never installed these packages. */
function withEmptyCache(env, folder) {
  return { ...env, YARN_GLOBAL_FOLDER: join(folder, 'yarn') };
}

/** Seconds until the portal answers, and until it also holds its sample portfolio. */
async function timeSlipway(programs, folder) {
  const clone = join(folder, 'slipway');
  await programs.run('git clone', 'git', ['clone', '-q', root, clone]);
  const port = await freePort();
  const env = withEmptyCache(process.env, folder);
  delete env.SLIPWAY_STATE_DIR;
  const begun = performance.now();
  const slipway = programs.start(
    'npm start',
    'npm',
    ['start', '--', '--port', String(port)],
    { cwd: clone, env },
  );
  const url = `http://127.0.0.1:${port}`;
  await programs.waitFor(
    slipway,
    `${url}/.backstage/health/v1/readiness`,
    LIMIT_MS,
  );
  await programs.waitFor(slipway, `${url}/`, LIMIT_MS);
  const usable = inSeconds(begun);
  while (!slipway.said.includes('Slipway is up')) {
    if (slipway.exit !== undefined || inSeconds(begun) * 1000 > LIMIT_MS) {
      throw new Error(`npm start did not come up\n${slipway.said}`);
    }
    await new Promise(resolve => setTimeout(resolve, 250));
  }
  return { usable, loaded: inSeconds(begun), said: slipway.said };
}

/** Makes the bare application, with the resolutions of this workspace: what a registry lacks, it lacks for both. */
async function createBareApp(programs, folder, { node, env }) {
  const tool = join(folder, 'create-app');
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  mkdirSync(tool);
  writeFileSync(
    join(tool, 'package.json'),
    JSON.stringify({
      private: true,
      overrides: { '@backstage/errors': own.resolutions['@backstage/errors'] },
      dependencies: { '@backstage/create-app': CREATE_APP },
    }),
  );
  await programs.run(
    'npm install',
    'npm',
    ['install', '--no-audit', '--no-fund'],
    {
      cwd: tool,
    },
  );
  const app = join(folder, 'bare');
  await programs.run(
    'create-app',
    node,
    [
      join(tool, 'node_modules/@backstage/create-app/bin/backstage-create-app'),
      '--skip-install',
      '--path',
      app,
    ],
    { cwd: folder, env: { ...env, BACKSTAGE_APP_NAME: 'bare' } },
  );
  const manifest = join(app, 'package.json');
  const made = JSON.parse(readFileSync(manifest, 'utf8'));
  delete made.packageManager;
  writeFileSync(
    manifest,
    JSON.stringify(
      { ...made, resolutions: { ...made.resolutions, ...own.resolutions } },
      null,
      2,
    ),
  );
  cpSync(yarnRelease, join(app, '.yarn/releases/yarn.cjs'));
  writeFileSync(
    join(app, '.yarnrc.yml'),
    'nodeLinker: node-modules\nenableTelemetry: false\nyarnPath: .yarn/releases/yarn.cjs\n',
  );
  return app;
}

async function timeBareApp(programs, folder, tools) {
  const app = await createBareApp(programs, folder, tools);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...withEmptyCache(tools.env, folder),
    APP_CONFIG_app_baseUrl: JSON.stringify(url),
    APP_CONFIG_backend_baseUrl: JSON.stringify(url),
    APP_CONFIG_backend_listen: JSON.stringify({ host: '127.0.0.1', port }),
  };
  const yarn = join(app, '.yarn/releases/yarn.cjs');
  const begun = performance.now();
  const step = async (name, ...args) => {
    const since = performance.now();
    await programs.run(name, tools.node, [yarn, ...args], { cwd: app, env });
    return inSeconds(since);
  };
  const install = await step('yarn install', 'install', '--no-immutable');
  const build = await step('yarn build', 'workspace', 'app', 'build');
  const since = performance.now();
  const backend = programs.start(
    'backend',
    tools.node,
    [
      '--no-node-snapshot',
      '--require',
      join(app, 'node_modules/@backstage/cli-node/config/nodeTransform.cjs'),
      'src/index.ts',
      '--config',
      '../../app-config.yaml',
    ],
    {
      cwd: join(app, 'packages/backend'),
      env: { ...env, NODE_ENV: 'production' },
    },
  );
  await programs.waitFor(
    backend,
    `${url}/.backstage/health/v1/readiness`,
    LIMIT_MS,
  );
  await programs.waitFor(backend, `${url}/`, LIMIT_MS);
  return { install, build, start: inSeconds(since), usable: inSeconds(begun) };
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-start-'));
  const tools = await bringNode();
  try {
    const results = {};
    for (const [name, time] of [
      ['bare', timeBareApp],
      ['slipway', timeSlipway],
    ]) {
      const programs = new Programs();
      const own = join(folder, name === 'bare' ? 'a' : 'b');
      mkdirSync(own);
      try {
        results[name] = await time(programs, own, tools);
      } finally {
        await programs.stop();
      }
      rmSync(own, { recursive: true, force: true });
    }
    const { bare, slipway } = results;
    say(slipway.said);
    say(`
| seconds | Slipway | bare Backstage | ratio |
| --- | ---: | ---: | ---: |
| usable page | ${slipway.usable.toFixed(0)} | ${bare.usable.toFixed(0)} | ${(
      slipway.usable / bare.usable
    ).toFixed(2)} |

Bare: install ${bare.install.toFixed(0)} s, build ${bare.build.toFixed(
      0,
    )} s, start ${bare.start.toFixed(0)} s.
Slipway with its sample portfolio loaded: ${slipway.loaded.toFixed(0)} s.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
