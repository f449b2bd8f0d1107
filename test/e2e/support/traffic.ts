import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');
const LONGEST_SECONDS = 1_800;

/** Traffic that can be ended. */
export interface Traffic {
  /** Ends it, and says what became of the requests: how many each version answered, and with which status. */
  stop(): Promise<{
    sent: number;
    statuses: Record<string, number>;
    versions: Record<string, number>;
  }>;
}

/** Sends the bodies to an endpoint at a steady mean rate with the demo's own load generator, until it is stopped. */
export function startTraffic(options: {
  endpoint: string;
  bodies: unknown[];
  /** Requests a second. */
  rate: number;
  /** For the file of bodies. */
  folder: string;
}): Traffic {
  const payload = join(options.folder, 'requests.json');
  writeFileSync(payload, JSON.stringify(options.bodies));
  const child = spawn(
    process.execPath,
    [
      '--require',
      join(ROOT, 'node_modules/@backstage/cli-node/config/nodeTransform.cjs'),
      join(ROOT, 'packages/demo/src/traffic/main.ts'),
      '--endpoint',
      options.endpoint,
      '--payload',
      payload,
      '--rate',
      String(options.rate),
      '--seconds',
      String(LONGEST_SECONDS),
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stdout.on('data', chunk => {
    said += chunk;
  });
  child.stderr.on('data', chunk => {
    said += chunk;
  });
  const ended = new Promise(done => child.once('exit', done));
  return {
    async stop() {
      child.kill('SIGTERM');
      await ended;
      const last = said.trim().split('\n').pop() ?? '';
      try {
        return JSON.parse(last);
      } catch {
        throw new Error(`The load generator did not end well:\n${said}`);
      }
    },
  };
}
