import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './commands.mjs';
import { digestOf, readJson, workspacePackages, writeWhole } from './files.mjs';
import { root, slipwayFolder } from './paths.mjs';

const app = join(root, 'packages/app');
const stamp = join(slipwayFolder, 'frontend.json');

/** The app's folder and those of the workspace packages that it is built from. */
function sourceFolders() {
  const byName = new Map(workspacePackages().map(each => [each.name, each]));
  const found = new Set();
  const visit = name => {
    const each = byName.get(name);
    if (each && !found.has(each)) {
      found.add(each);
      Object.keys(each.manifest.dependencies ?? {}).forEach(visit);
    }
  };
  visit('app');
  return [...found].map(({ folder }) => folder);
}

/**
 * Builds the portal's frontend, unless it was built from the same sources, configuration and packages.
 * @param {{ node: string, env: NodeJS.ProcessEnv, log?: string }} options - `log` is the file for what the build says
 * @returns {Promise<boolean>} whether it had to be built
 */
export async function buildFrontend({
  node,
  env,
  log = join(slipwayFolder, 'logs/frontend.log'),
}) {
  const digest = digestOf([
    ...sourceFolders(),
    join(root, 'yarn.lock'),
    join(root, 'app-config.yaml'),
  ]);
  const isThere = existsSync(join(app, 'dist/index.html'));
  if (isThere && readJson(stamp)?.digest === digest) {
    return false;
  }
  rmSync(stamp, { force: true });
  await runCommand(
    node,
    [
      join(root, 'node_modules/@backstage/cli/bin/backstage-cli'),
      'package',
      'build',
    ],
    {
      cwd: app,
      env: { ...env, NODE_ENV: 'production' },
      log,
      todo: 'When you changed the code, mend what the log names; otherwise delete node_modules and run this again.',
    },
  );
  writeWhole(stamp, `${JSON.stringify({ digest })}\n`);
  return true;
}
