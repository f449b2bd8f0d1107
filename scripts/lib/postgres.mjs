import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { nextFreePort } from './ports.mjs';
import { StepError } from './steps.mjs';

const DEBIAN_FOLDER = '/usr/lib/postgresql';
const FIRST_PORT = 54320;
/** Where Linux keeps files in memory; containers often have but 64 MB of it. */
const MEMORY = '/dev/shm';
const MEMORY_NEEDED = 4 * 1024 ** 3;

/** The folder of PostgreSQL's programs, newest first; `undefined` when there is none on this machine. */
export function findPostgres() {
  const versions = existsSync(DEBIAN_FOLDER)
    ? readdirSync(DEBIAN_FOLDER).sort((a, b) => Number(b) - Number(a))
    : [];
  const folders = [
    ...versions.map(version => join(DEBIAN_FOLDER, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
  ];
  return folders.find(
    folder =>
      existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')),
  );
}

/**
 * Starts a PostgreSQL of the tests' own: a new cluster in a temporary folder, on a free port of the loopback, which
 * does without the safety of its data.
 * @param {string} programs - the folder of its programs
 * @param {{ inMemory?: boolean }} options - for many small databases: kept in memory where there is plenty
 * @returns {Promise<{ connectionString: string, stop: () => void }>}
 */
export async function startPostgres(programs, { inMemory = false } = {}) {
  const parent = inMemory && hasMemory() ? MEMORY : tmpdir();
  const folder = mkdtempSync(join(parent, 'slipway-postgres-'));
  const data = join(folder, 'data');
  const log = join(folder, 'postgres.log');
  const run = asUser(folder);
  const port = await nextFreePort(FIRST_PORT);
  const settings = [
    `-p ${port}`,
    `-k ${folder}`,
    '-h 127.0.0.1',
    '-c fsync=off',
    '-c synchronous_commit=off',
    '-c full_page_writes=off',
    '-c max_connections=400',
  ].join(' ');
  const stop = () => {
    run(join(programs, 'pg_ctl'), [
      '-D',
      data,
      '-m',
      'immediate',
      '-w',
      'stop',
    ]);
    rmSync(folder, { recursive: true, force: true });
  };
  for (const [program, ...args] of [
    [
      'initdb',
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    ],
    ['pg_ctl', '-D', data, '-l', log, '-o', settings, '-w', 'start'],
  ]) {
    const { status, stdout, stderr, error } = run(
      join(programs, program),
      args,
    );
    if (status !== 0) {
      stop();
      throw new StepError(
        `${program} failed: ${(error?.message ?? `${stdout}${stderr}`).trim()}`,
        {
          todo: 'Check the installation of PostgreSQL, or give the address of one in BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING.',
        },
      );
    }
  }
  return {
    connectionString: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    stop,
  };
}

/** Whether files in memory have room for a cluster, and the machine for both. */
function hasMemory() {
  if (!existsSync(MEMORY)) {
    return false;
  }
  const { bavail, bsize } = statfsSync(MEMORY);
  return Math.min(bavail * bsize, freemem()) > MEMORY_NEEDED;
}

/** PostgreSQL refuses to run as root, so that root lends it the user that its package made. */
function asUser(folder) {
  const options = {
    encoding: 'utf8',
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
  };
  if (process.getuid?.() !== 0) {
    return (program, args) => spawnSync(program, args, options);
  }
  const idOf = flag =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  const [uid, gid] = [idOf('-u'), idOf('-g')];
  if (!uid) {
    throw new StepError('There is no user "postgres" to run PostgreSQL as', {
      todo: 'Install the package postgresql, or run the tests as a user other than root.',
    });
  }
  chownSync(folder, uid, gid);
  return (program, args) => spawnSync(program, args, { ...options, uid, gid });
}
