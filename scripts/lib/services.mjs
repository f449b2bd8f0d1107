import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  closeSync,
} from 'node:fs';
import { join } from 'node:path';
import { endGroup } from './processes.mjs';
import { endStrays, stateLogs } from './state.mjs';
import { StepError } from './steps.mjs';

const POLL_MS = 200;

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

/**
 * The long-running processes of the demo, each in a process group of its own with a log of its own, ended in the
 * reverse order of their start.
 */
export class Services {
  #record;
  #running = [];
  #stopping = false;

  /** @param {import('./state.mjs').RunRecord} record */
  constructor(record) {
    this.#record = record;
  }

  get stopping() {
    return this.#stopping;
  }

  /**
   * Starts a process.
   * @param {{ name: string, command: string, args: string[], cwd?: string, env: NodeJS.ProcessEnv, inherit?: boolean }} options
   *   `inherit`: show its output on the terminal rather than write a log
   */
  start({ name, command, args, cwd, env, inherit = false }) {
    if (this.#stopping) {
      throw new StepError(`${name} is not started: Slipway is being ended`);
    }
    mkdirSync(stateLogs, { recursive: true });
    const log = join(stateLogs, `${name}.log`);
    if (existsSync(log)) {
      renameSync(log, `${log}.1`);
    }
    const output = inherit ? 'inherit' : openSync(log, 'a', 0o600);
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', output, output],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    if (!inherit) {
      closeSync(output);
    }
    const service = { name, pid: child.pid, log: inherit ? undefined : log };
    service.ended = new Promise(resolve => {
      child.once('error', error => resolve(error.message));
      child.once('exit', (code, signal) => {
        service.exit = code ?? signal;
        resolve(service.exit);
      });
    });
    if (child.pid) {
      this.#running.push(service);
      this.#record.addChild(name, child.pid);
    }
    return service;
  }

  /**
   * Waits until `isReady` says so.
   * @throws {StepError} when the process ends before, or the time is over
   */
  async waitFor(service, isReady, { timeoutMs, todo }) {
    const until = Date.now() + timeoutMs;
    while (Date.now() < until) {
      if (service.exit !== undefined || !service.pid) {
        throw new StepError(`${service.name} ended with ${service.exit}`, {
          log: service.log,
          todo,
        });
      }
      if (await isReady().catch(() => false)) {
        return;
      }
      await pause(POLL_MS);
    }
    throw new StepError(
      `${service.name} was not ready after ${timeoutMs / 1000} s`,
      { log: service.log, todo },
    );
  }

  /** Ends everything that was started, and what that started. */
  async stop() {
    this.#stopping = true;
    for (const service of [...this.#running].reverse()) {
      await endGroup(service.pid);
    }
    await endStrays();
    this.#record.remove();
  }
}
