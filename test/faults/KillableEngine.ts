import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');

/** An engine in a process of its own, spoken to by HTTP, that can be killed and started again. */
export class KillableEngine {
  #child: ChildProcess | undefined;

  constructor(
    private readonly options: {
      databaseUrl: string;
      /** Where model servers are started, unless `env` names another target. */
      servingDirectory?: string;
      policiesDirectory: string;
      port: number;
      logFile: string;
      /** What else it is told, see `engineProcess.ts`. */
      env?: Record<string, string>;
    },
  ) {}

  /**
   * Starts it and waits until it answers.
   * @throws when it does not within a minute.
   */
  async start(more: Record<string, string> = {}): Promise<void> {
    const log = openSync(this.options.logFile, 'a');
    this.#child = spawn(
      process.execPath,
      [
        '--require',
        path.join(
          root,
          'node_modules/@backstage/cli-node/config/nodeTransform.cjs',
        ),
        path.join(__dirname, 'engineProcess.ts'),
      ],
      {
        cwd: root,
        stdio: ['ignore', log, log],
        env: {
          ...process.env,
          NODE_ENV: 'test',
          DATABASE_URL: this.options.databaseUrl,
          ...(this.options.servingDirectory && {
            SERVING_DIRECTORY: this.options.servingDirectory,
          }),
          POLICIES_DIRECTORY: this.options.policiesDirectory,
          PORT: String(this.options.port),
          ...this.options.env,
          ...more,
        },
      },
    );
    const child = this.#child;
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      if (child.exitCode !== null) {
        throw new Error(`The engine ended; see ${this.options.logFile}`);
      }
      const up = await this.call('GET', '/policies').catch(() => undefined);
      if (up) {
        return;
      }
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    throw new Error(
      `The engine did not answer within a minute; see ${this.options.logFile}`,
    );
  }

  /** Ends it as the kernel does when memory is out: at once, wherever it is. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  }

  /**
   * Calls the API, as the pipeline's service or as a user.
   * @throws with status and message when the answer is not 2xx.
   */
  async call<T = unknown>(
    method: string,
    route: string,
    body?: object,
    user?: string,
  ): Promise<T> {
    const response = await fetch(
      `http://127.0.0.1:${this.options.port}/api/model-delivery${route}`,
      {
        method,
        headers: {
          // What the test backend takes for a user's token
          authorization: `Bearer mock-user-token:${JSON.stringify({
            sub: user ?? 'user:default/milo',
          })}`,
          'content-type': 'application/json',
        },
        body: body && JSON.stringify(body),
      },
    );
    const text = await response.text();
    if (!response.ok) {
      throw Object.assign(
        new Error(`${method} ${route}: ${response.status} ${text}`),
        { status: response.status },
      );
    }
    return JSON.parse(text);
  }
}
