import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const DEBIAN_FOLDER = '/usr/lib/postgresql';

/** The folder of PostgreSQL's programs, the newest; undefined when there is none on this machine. */
export function findPostgresPrograms(): string | undefined {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER) : [];
  return [
    ...versions
      .sort((a, b) => Number(b) - Number(a))
      .map(version => path.join(DEBIAN_FOLDER, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
  ].find(
    folder =>
      existsSync(path.join(folder, 'initdb')) &&
      existsSync(path.join(folder, 'postgres')),
  );
}

/**
 * A PostgreSQL of a test's own that can be torn down while it is used: what it has committed it still has afterwards, as
 * long as the machine itself lives.
 */
export class PostgresCluster {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'slipway-postgres-'));
  readonly #user: { uid?: number; gid?: number };
  #server: ChildProcess | undefined;

  constructor(private readonly programs: string, readonly port: number) {
    this.#user = userOf(this.#folder);
    execFileSync(
      path.join(programs, 'initdb'),
      [
        ...['-D', this.#data, '-U', 'postgres', '-A', 'trust'],
        ...['-E', 'UTF8', '--locale=C', '--no-sync'],
      ],
      { cwd: '/', stdio: 'ignore', ...this.#user },
    );
  }

  get #data(): string {
    return path.join(this.#folder, 'data');
  }

  get url(): string {
    return `postgresql://postgres@127.0.0.1:${this.port}/postgres`;
  }

  /** Starts the server, and waits until it takes connections. */
  async start(): Promise<void> {
    const log = openSync(path.join(this.#folder, 'postgres.log'), 'a');
    this.#server = spawn(
      path.join(this.programs, 'postgres'),
      [
        ...['-D', this.#data, '-p', String(this.port), '-k', this.#folder],
        ...['-h', '127.0.0.1', '-c', 'max_connections=200'],
        // The machine does not die in the test: what was written to it is kept without waiting for its disk
        ...['-c', 'fsync=off'],
      ],
      { cwd: '/', stdio: ['ignore', log, log], ...this.#user },
    );
    const deadline = Date.now() + 30_000;
    while (!(await this.#listens())) {
      if (Date.now() > deadline || this.#server.exitCode !== null) {
        throw new Error(`PostgreSQL does not start; see ${this.#folder}`);
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  /** Ends it at once, as after a crash: it has to recover from its log when it is started again. */
  async crash(): Promise<void> {
    const server = this.#server;
    if (server && server.exitCode === null && server.signalCode === null) {
      const ended = once(server, 'exit');
      server.kill('SIGQUIT');
      await ended;
    }
  }

  /** Ends it and removes its data. */
  async remove(): Promise<void> {
    await this.crash();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #listens(): Promise<boolean> {
    return new Promise(resolve => {
      const socket = connect(this.port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  }
}

/** PostgreSQL refuses to run as root, so that root lends it the user that its package made. */
function userOf(folder: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) {
    return {};
  }
  const idOf = (flag: string) =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const user = { uid: idOf('-u'), gid: idOf('-g') };
  chownSync(folder, user.uid, user.gid);
  return user;
}
