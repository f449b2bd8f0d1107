import { ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { freePort } from './freePort';
import { mlflowVenv, venvEnvironment } from './mlflowPeer';

/** The server of moto, which answers as AWS does; `undefined` when there is none. */
const motoServer =
  mlflowVenv && existsSync(path.join(mlflowVenv, 'bin/moto_server'))
    ? path.join(mlflowVenv, 'bin/moto_server')
    : undefined;

/** `describe`, or `describe.skip` with the reason in the title when there is no moto on this machine. */
export function describeWithMoto(title: string, tests: () => void) {
  if (motoServer) {
    describe(title, tests);
  } else {
    // eslint-disable-next-line jest/no-disabled-tests, jest/valid-title -- without its peer there is nothing to test
    describe.skip(
      `${title} (skipped: SLIPWAY_MLFLOW_VENV names no virtual environment with bin/moto_server)`,
      tests,
    );
  }
}

/** A running moto server of one's own. */
export interface MotoServer {
  url: string;
  /** Empties every service. */
  reset(): Promise<void>;
  /** After so many requests, each one's signature is checked. */
  checkCredentialsAfter(requests: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a moto server on a free port and waits until it answers.
 * @throws when it does not within a minute.
 */
export async function startMoto(): Promise<MotoServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(motoServer!, ['-H', '127.0.0.1', '-p', String(port)], {
    env: venvEnvironment(),
    stdio: 'ignore',
  });
  const post = async (what: string, body?: string) => {
    const answer = await fetch(`${url}/moto-api/${what}`, {
      method: 'POST',
      body,
    });
    if (!answer.ok) {
      throw new Error(`${what}: ${answer.status}`);
    }
  };
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`${url}/moto-api/`).catch(() => undefined);
    if (answer?.ok) {
      return {
        url,
        reset: () => post('reset'),
        checkCredentialsAfter: requests => post('reset-auth', String(requests)),
        stop: () => end(child),
      };
    }
    await new Promise(resolve => setTimeout(resolve, 200));
  }
  await end(child);
  throw new Error('The moto server did not start');
}

async function end(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const ended = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
