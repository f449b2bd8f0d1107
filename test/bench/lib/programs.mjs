import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const POLL_MS = 250;

/** A port of the loopback that nobody listens on. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address();
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** Programs that a benchmark starts, ended by their own ids whatever happens. */
export class Programs {
  #running = [];

  /** Starts a program in a process group of its own; the last of what it says is kept for when it fails. */
  start(name, command, args, { env = process.env, cwd } = {}) {
    const child = spawn(command, args, {
      env,
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const program = { name, child, said: '' };
    const keep = chunk => {
      program.said = (program.said + chunk).slice(-4_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    program.ended = new Promise(resolve => {
      child.once('error', error => resolve(error.message));
      child.once('exit', (code, signal) => resolve(code ?? signal));
    });
    program.ended.then(exit => {
      program.exit = exit;
    });
    this.#running.push(program);
    return program;
  }

  /** Runs a program to its end. */
  async run(name, command, args, options) {
    const program = this.start(name, command, args, options);
    const exit = await program.ended;
    if (exit !== 0) {
      throw new Error(`${name} ended with ${exit}\n${program.said}`);
    }
  }

  /** Waits until the address answers 2xx. */
  async waitFor(program, url, timeoutMs) {
    const until = Date.now() + timeoutMs;
    for (;;) {
      if (program.exit !== undefined) {
        throw new Error(
          `${program.name} ended with ${program.exit}\n${program.said}`,
        );
      }
      const response = await fetch(url).catch(() => undefined);
      await response?.body?.cancel();
      if (response?.ok) {
        return;
      }
      if (Date.now() > until) {
        throw new Error(
          `${program.name} does not answer at ${url}\n${program.said}`,
        );
      }
      await new Promise(resolve => setTimeout(resolve, POLL_MS));
    }
  }

  /** Memory that a running program has now, in MiB; Linux only, 0 elsewhere. */
  memoryOf(name) {
    const { child } = this.#named(name);
    if (process.platform !== 'linux') {
      return 0;
    }
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
  }

  /** Kills a running program, as a machine does that runs out of memory. */
  async kill(name) {
    const { child, ended } = this.#named(name);
    signal(child.pid, 'SIGKILL');
    await ended;
  }

  #named(name) {
    const found = this.#running.find(
      each => each.name === name && each.exit === undefined,
    );
    if (!found) {
      throw new Error(`${name} does not run`);
    }
    return found;
  }

  /** Ends all of them, and what they started. */
  async stop() {
    for (const { child, exit, ended } of [...this.#running].reverse()) {
      if (exit === undefined && child.pid) {
        signal(child.pid, 'SIGTERM');
        const timer = setTimeout(() => signal(child.pid, 'SIGKILL'), 10_000);
        await ended;
        clearTimeout(timer);
      }
    }
  }
}

function signal(pid, name) {
  try {
    process.kill(-pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') {
      throw error;
    }
  }
}
