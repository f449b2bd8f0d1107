import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './freePort';

/** Where the program is, which may not be there. */
export const PROGRAM = process.env.SLIPWAY_PROMETHEUS ?? '/usr/bin/prometheus';

/** `describe`, or `describe.skip` with the reason in the title when there is no Prometheus on this machine. */
export function describeWithPrometheus(title: string, tests: () => void) {
  if (existsSync(PROGRAM)) {
    describe(title, tests);
  } else {
    // eslint-disable-next-line jest/no-disabled-tests, jest/valid-title -- without its peer there is nothing to test
    describe.skip(
      `${title} (skipped: no Prometheus at ${PROGRAM}; Debian: apt-get install prometheus, or name one in SLIPWAY_PROMETHEUS)`,
      tests,
    );
  }
}

/** A running Prometheus server of one's own. */
export interface PrometheusServer {
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts a Prometheus server that reads HTTP endpoints every second.
 * @param targets - host and port of each, which answers `/metrics`, or a file that lists them with their labels, as
 *   `file_sd_configs` of Prometheus reads it
 * @param port - a free one unless given
 * @throws when it is not ready within a minute, with the end of its log.
 */
export async function startPrometheus(
  targets: string[] | { file: string },
  port?: number,
): Promise<PrometheusServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'slipway-prometheus-'));
  const chosen = port ?? (await freePort());
  const url = `http://127.0.0.1:${chosen}`;
  await writeFile(
    path.join(folder, 'prometheus.yml'),
    JSON.stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s' },
      scrape_configs: [
        {
          job_name: 'models',
          ...(Array.isArray(targets)
            ? { static_configs: [{ targets }] }
            : {
                file_sd_configs: [
                  { files: [targets.file], refresh_interval: '1s' },
                ],
              }),
        },
      ],
    }),
  );
  const logFile = path.join(folder, 'server.log');
  const log = await open(logFile, 'w');
  const child = spawn(
    PROGRAM,
    [
      `--config.file=${path.join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${chosen}`,
      '--enable-feature=native-histograms',
    ],
    { cwd: folder, stdio: ['ignore', log.fd, log.fd] },
  );
  await log.close();
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const forced = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(forced);
    }
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (answer?.ok) {
      return { url, stop };
    }
    await delay(200);
  }
  const tail = (await readFile(logFile, 'utf8')).slice(-2_000);
  await stop();
  throw new Error(`The Prometheus server did not start:\n${tail}`);
}
