import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { StepError } from './steps.mjs';
import { endGroup } from './processes.mjs';

const running = new Set();

/** Ends every command that is still running; for the moment in which the script itself is told to end. */
export async function endCommands() {
  await Promise.all([...running].map(child => endGroup(child.pid)));
}

/**
 * Runs a command to its end. Its output goes to the log file, or to the terminal when there is none.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, log?: string, todo?: string, allowFailure?: boolean }} options
 * @returns {Promise<number>} its exit code
 * @throws {StepError} when it cannot be started or, unless allowed, fails
 */
export async function runCommand(command, args, options = {}) {
  const { cwd, env, log, todo, allowFailure = false } = options;
  let output = 'inherit';
  if (log) {
    mkdirSync(dirname(log), { recursive: true });
    output = openSync(log, 'w');
  }
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: ['ignore', output, output],
    // Its own group, so that it can be ended together with what it started
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  running.add(child);
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => resolve(exitCode ?? signal));
    });
    if (code !== 0 && !allowFailure) {
      throw new StepError(
        `\`${[command, ...args].join(' ')}\` ended with ${code}`,
        { log, todo },
      );
    }
    return code;
  } catch (error) {
    if (error instanceof StepError) {
      throw error;
    }
    throw new StepError(`\`${command}\` could not be run: ${error.message}`, {
      todo,
      cause: error,
    });
  } finally {
    running.delete(child);
    if (typeof output === 'number') {
      closeSync(output);
    }
  }
}
