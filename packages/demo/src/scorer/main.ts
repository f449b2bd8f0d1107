/**
 * The bundled model server: `node main.ts scorer:<model>/<version> --artifacts <folder> --host 127.0.0.1 --port 9000`.
 *
 * Plain Node runs it, without any package: it has to be up in a moment, once for every version.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createScorerServer } from './createScorerServer.ts';
import { loadScorer } from './model.ts';

const URI = /^scorer:([A-Za-z0-9][\w.-]*)\/([A-Za-z0-9][\w.-]*)$/;

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      artifacts: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string' },
      digest: { type: 'string' },
    },
  });
  const match = URI.exec(positionals[0] ?? '');
  const port = Number(values.port);
  if (!match || !values.artifacts || !Number.isInteger(port)) {
    throw new Error(
      'Usage: main.ts scorer:<model>/<version> --artifacts <folder> --port <port> [--host <address>] [--digest sha256:<hex>]',
    );
  }
  const file = join(values.artifacts, match[1], `${match[2]}.json`);
  const text = readFileSync(file, 'utf8');
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  if (values.digest && values.digest !== digest) {
    throw new Error(
      `${file} has the digest ${digest}, not ${values.digest}; it is not the artifact that was registered`,
    );
  }
  const scorer = loadScorer(text);
  const server = createScorerServer(scorer);
  server.listen(port, values.host, () => {
    const { model, version } = scorer.artifact;
    process.stdout.write(
      `${model} ${version} serves at http://${values.host}:${port}/invocations\n`,
    );
  });
  process.once('SIGTERM', () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
}

try {
  main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
