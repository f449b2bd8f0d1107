import { ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './freePort';

/** The virtual environment with MLflow, made from `requirements.txt`; `undefined` when there is none. */
export const mlflowVenv: string | undefined =
  process.env.SLIPWAY_MLFLOW_VENV &&
  existsSync(path.join(process.env.SLIPWAY_MLFLOW_VENV, 'bin/mlflow'))
    ? process.env.SLIPWAY_MLFLOW_VENV
    : undefined;

/** `describe`, or `describe.skip` with the reason in the title when there is no MLflow on this machine. */
export function describeWithMlflow(title: string, tests: () => void) {
  if (mlflowVenv) {
    describe(title, tests);
  } else {
    // eslint-disable-next-line jest/no-disabled-tests, jest/valid-title -- without its peer there is nothing to test
    describe.skip(
      `${title} (skipped: SLIPWAY_MLFLOW_VENV names no virtual environment with bin/mlflow)`,
      tests,
    );
  }
}

/** A running MLflow server of one's own. */
export interface MlflowServer {
  url: string;
  /** Environment in which `python`, `mlflow` and the like are those of the virtual environment. */
  env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** The environment of the virtual environment's programs. */
export function venvEnvironment(
  more: Record<string, string> = {},
): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${path.join(mlflowVenv!, 'bin')}:${process.env.PATH}`,
    VIRTUAL_ENV: mlflowVenv,
    ...more,
  };
}

/**
 * Starts an MLflow server on a free port, with its state in a folder of its own, and waits until it answers.
 * @param settings - environment variables of the server
 * @throws when it does not within two minutes, with the end of its log.
 */
export async function startMlflow(
  settings: Record<string, string> = {},
): Promise<MlflowServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'slipway-mlflow-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const logFile = path.join(folder, 'server.log');
  const log = await open(logFile, 'w');
  const child = spawn(
    path.join(mlflowVenv!, 'bin/mlflow'),
    [
      'server',
      '--backend-store-uri',
      `sqlite:///${path.join(folder, 'mlflow.db')}`,
      '--artifacts-destination',
      path.join(folder, 'artifacts'),
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--workers',
      '1',
    ],
    {
      cwd: folder,
      env: venvEnvironment({
        // Its consumers are seven processes that nothing here asks for
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
        ...settings,
      }),
      stdio: ['ignore', log.fd, log.fd],
      // Its own group, so that its workers end with it
      detached: true,
    },
  );
  await log.close();
  const stop = async () => {
    await endGroup(child);
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    if (answer?.ok) {
      return { url, env: venvEnvironment({ MLFLOW_TRACKING_URI: url }), stop };
    }
    await new Promise(resolve => setTimeout(resolve, 300));
  }
  const tail = (await readFile(logFile, 'utf8')).slice(-2_000);
  await stop();
  throw new Error(`The MLflow server did not start:\n${tail}`);
}

async function endGroup(child: ChildProcess) {
  if (
    child.exitCode !== null ||
    child.signalCode !== null ||
    child.pid === undefined
  ) {
    return;
  }
  const ended = new Promise(resolve => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGTERM');
  const forced = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), 5_000);
  await ended;
  clearTimeout(forced);
}
