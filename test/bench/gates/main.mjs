/**
 * How long the gates of a version take against the bare CEL conditions that they hold, compiled once, on the same facts, in
 * turn:
 *
 *     node test/bench/gates/main.mjs
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { nodeTransform, root } from '../../../scripts/lib/paths.mjs';

const { status } = spawnSync(
  process.execPath,
  [
    '--no-node-snapshot',
    '--require',
    nodeTransform,
    join(root, 'test/bench/gates/compare.ts'),
  ],
  { stdio: 'inherit', cwd: root },
);
process.exitCode = status ?? 1;
