import { existsSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './commands.mjs';
import { buildFrontend } from './frontendBuild.mjs';
import { root, slipwayFolder } from './paths.mjs';
import { findPostgres, startPostgres } from './postgres.mjs';
import {
  oneCheck,
  readJestReport,
  readPlaywrightReport,
} from './testReports.mjs';

const bin = name => join(root, 'node_modules/.bin', name);
const CHROMIUM = process.env.SLIPWAY_CHROMIUM ?? '/usr/bin/chromium';
const POSTGRES_VARIABLE =
  'BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING';
/** The longest of the tests against peers, most of it in one Python after another. */
const PIPELINE_TEST = 'modelPipeline.test.ts';
const PEERS_VENV = join(slipwayFolder, 'peers/venv');

/** Where a stage writes what it says. */
export const logOf = stage => join(slipwayFolder, `logs/test-${stage}.log`);
const reportOf = stage => join(slipwayFolder, `logs/test-${stage}.json`);

/**
 * The stages of `npm test`: what fails fast comes first. `isHere` is false where there is nothing to run, `missing` says
 * why a stage cannot run on this machine, `skip` takes note of a part that cannot.
 * @typedef {{ node: string, env: NodeJS.ProcessEnv }} Toolchain
 * @typedef {{ id: string, title: string, isHere?: () => boolean, missing?: () => string | undefined,
 *   run: (tools: Toolchain, note: (text: string) => void, skip: (why: string) => void)
 *     => Promise<import('./testReports.mjs').Outcome> }} Stage
 * @type {Stage[]}
 */
export const stages = [
  {
    id: 'contract',
    title: 'API types are those of the contract',
    run: check('contract', ['scripts/generateApiTypes.mjs', '--check']),
  },
  {
    id: 'lifecycle',
    title: 'The drawn lifecycle is that of the engine',
    run: check('lifecycle', ['scripts/generateLifecycle.mjs', '--check']),
  },
  {
    id: 'prettier',
    title: 'Format',
    run: check('prettier', [bin('prettier'), '--check', '.']),
  },
  {
    id: 'types',
    title: 'Types',
    run: check('types', [bin('tsc'), '--pretty', 'false']),
  },
  {
    id: 'lint',
    title: 'Lint',
    run: check('lint', [
      bin('backstage-cli'),
      'repo',
      'lint',
      '--max-warnings=0',
    ]),
  },
  {
    id: 'knip',
    title: 'No unused code or packages',
    run: check('knip', [bin('knip')]),
  },
  {
    id: 'api-reports',
    title: 'API reports are up to date',
    run: check('api-reports', [
      bin('backstage-repo-tools'),
      'api-reports',
      '--ci',
      '-o',
      'ae-wrong-input-file-type,ae-undocumented',
      '--validate-release-tags',
    ]),
  },
  {
    id: 'unit',
    title: 'Unit and API tests',
    run: runUnitTests,
  },
  {
    id: 'faults',
    title: 'Tests that kill processes',
    isHere: () => hasTests('test/faults'),
    run: (tools, note, skip) =>
      withPostgres(skip, variables => jest('faults', tools, variables, note)),
  },
  {
    id: 'peers',
    title: 'Tests against real peers',
    isHere: () => hasTests('test/peers'),
    run: (tools, note) =>
      jest('peers', tools, {}, note, [
        `--testPathIgnorePatterns=${PIPELINE_TEST}`,
      ]),
  },
  {
    id: 'frontend',
    title: "The portal's frontend builds",
    run: buildsFrontend,
  },
  {
    id: 'pipeline',
    title: 'A generated pipeline, run for real',
    isHere: () => hasTests('test/peers'),
    run: (tools, note) =>
      jest('pipeline', tools, {}, note, [PIPELINE_TEST], 'peers'),
  },
  {
    id: 'browser',
    title: 'Browser tests',
    isHere: () => hasTests('test/e2e'),
    missing: () =>
      existsSync(CHROMIUM)
        ? undefined
        : `there is no Chromium at ${CHROMIUM} (Debian: apt-get install chromium; or name one in SLIPWAY_CHROMIUM)`,
    run: runBrowserTests,
  },
];

/**
 * The order in which they run: one group after the other, and the two lanes of a group side by side. What has company keeps
 * but one processor busy, or mostly waits.
 */
const GROUPS = [
  [
    ['contract', 'lifecycle', 'types', 'api-reports'],
    ['prettier', 'lint', 'knip'],
  ],
  [['unit']],
  [['frontend', 'pipeline'], ['peers']],
  [['browser'], ['faults']],
];

/**
 * Some of the stages as they are to be run: groups of lanes of stages.
 * @param {Stage[]} chosen
 * @returns {Stage[][][]}
 */
export function groupsOf(chosen) {
  const forgotten = stages.find(({ id }) => !GROUPS.flat(2).includes(id));
  if (forgotten) {
    throw new Error(`${forgotten.id} has no place in the order of the stages`);
  }
  return GROUPS.map(lanes =>
    lanes
      .map(ids =>
        ids
          .map(id => chosen.find(stage => stage.id === id))
          .filter(stage => stage !== undefined),
      )
      .filter(lane => lane.length > 0),
  );
}

/** The Python environment with MLflow: the one that is named, or the one that .ci/run makes. */
function mlflowEnvironment() {
  const folder = process.env.SLIPWAY_MLFLOW_VENV ?? PEERS_VENV;
  return existsSync(join(folder, 'bin/mlflow')) ? folder : undefined;
}

function hasTests(folder) {
  const path = join(root, folder);
  return (
    existsSync(path) &&
    readdirSync(path, { recursive: true }).some(name =>
      /\.(test|spec)\.ts$/.test(String(name)),
    )
  );
}

/** What every test is told about the peers of this machine. */
function peerVariables() {
  const mlflow = mlflowEnvironment();
  return {
    ...(mlflow && { SLIPWAY_MLFLOW_VENV: mlflow }),
    ...(existsSync(CHROMIUM) && { SLIPWAY_CHROMIUM: CHROMIUM }),
    // Containers are nobody's need here; without this, CI=1 makes the test utilities look for an engine
    BACKSTAGE_TEST_DISABLE_DOCKER: '1',
  };
}

/** A stage that is one command, which passes or fails as a whole. */
function check(id, args) {
  return async ({ node, env }) => {
    const code = await runCommand(node, args, {
      cwd: root,
      env,
      log: logOf(id),
      allowFailure: true,
    });
    return oneCheck(code === 0);
  };
}

/** The portal of the browser tests starts with what is built here. */
async function buildsFrontend(tools, note) {
  try {
    const isNew = await buildFrontend({ ...tools, log: logOf('frontend') });
    note(isNew ? 'built' : 'sources unchanged');
    return oneCheck(true);
  } catch (error) {
    return { ...oneCheck(false), failures: [error.message] };
  }
}

/** Runs a command that writes a report of its tests; without a report, the stage is one failed check. */
async function withReport(id, args, { node, env }, read, note) {
  const report = reportOf(id);
  rmSync(report, { force: true });
  const code = await runCommand(node, args, {
    cwd: root,
    env,
    log: logOf(id),
    allowFailure: true,
  });
  const outcome = read(report) ?? oneCheck(false);
  if (code !== 0 && outcome.failed === 0) {
    outcome.failed = 1;
    outcome.failures.push(`the command ended with ${code}`);
  }
  note(
    `${outcome.passed} passed, ${outcome.failed} failed${
      outcome.skipped ? `, ${outcome.skipped} skipped` : ''
    }`,
  );
  return outcome;
}

/** Runs tests with the database that they are told about: the one that is given, or one of their own. */
async function withPostgres(skip, run) {
  const given = process.env[POSTGRES_VARIABLE];
  const programs = given ? undefined : findPostgres();
  if (!given && !programs) {
    skip(
      `PostgreSQL: no initdb and pg_ctl on this machine, so that the database tests run on SQLite alone (Debian: apt-get install postgresql; or set ${POSTGRES_VARIABLE})`,
    );
  }
  const cluster =
    programs && (await startPostgres(programs, { inMemory: true }));
  const connection = given ?? cluster?.connectionString;
  try {
    return await run(connection ? { [POSTGRES_VARIABLE]: connection } : {});
  } finally {
    cluster?.stop();
  }
}

/** Unit and API tests of the packages, all with Backstage's own runner. */
function runUnitTests({ node, env }, note, skip) {
  return withPostgres(skip, variables =>
    withReport(
      'unit',
      [
        '--no-node-snapshot',
        bin('backstage-cli'),
        'repo',
        'test',
        '--watch=false',
        // A fifth of their time they wait, for a clock or for PostgreSQL
        `--maxWorkers=${availableParallelism() + 1}`,
        ...jestOutput('unit'),
      ],
      { node, env: { ...env, ...peerVariables(), ...variables } },
      readJestReport,
      note,
    ),
  );
}

/** The tests of one folder below test/, which brings its own configuration of Jest; all of them, or what `args` say. */
function jest(id, { node, env }, variables, note, args = [], folder = id) {
  return withReport(
    id,
    [
      '--no-node-snapshot',
      bin('jest'),
      `--config=test/${folder}/jest.config.js`,
      ...jestOutput(id),
      ...args,
    ],
    { node, env: { ...env, ...peerVariables(), ...variables } },
    readJestReport,
    note,
  );
}

const jestOutput = id => ['--ci', '--json', `--outputFile=${reportOf(id)}`];

function runBrowserTests({ node, env }, note) {
  return withReport(
    'browser',
    [
      bin('playwright'),
      'test',
      '--config=test/playwright.config.ts',
      '--reporter=list,json',
    ],
    {
      node,
      env: {
        ...env,
        ...peerVariables(),
        PLAYWRIGHT_JSON_OUTPUT_FILE: reportOf('browser'),
      },
    },
    readPlaywrightReport,
    note,
  );
}
