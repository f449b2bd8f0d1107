/**
 * `npm start`: brings up the portal with its sample company on one port of the loopback, from a clean clone or again.
 * Needs Node 18, npm and Git, nothing else: no package is imported here.
 */
import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { endCommands } from './lib/commands.mjs';
import { Demo, personaLines } from './lib/demo.mjs';
import { buildFrontend } from './lib/frontendBuild.mjs';
import { printFailure } from './lib/failure.mjs';
import { root, stateFolder } from './lib/paths.mjs';
import { askedPort, holderOf, isFree, nextFreePort } from './lib/ports.mjs';
import { Services } from './lib/services.mjs';
import {
  claimState,
  endLeftovers,
  pipelineTokenFile,
  RunRecord,
} from './lib/state.mjs';
import { seconds, StepError, Steps } from './lib/steps.mjs';
import { bringNode, installPackages } from './lib/toolchain.mjs';

const DEFAULT_PORT = 7007;
const USAGE = `npm start [-- OPTIONS]

Starts Slipway's portal with a sample company on http://127.0.0.1:${DEFAULT_PORT}.
  --port N, or PORT=N   use this port, and no other
  --no-sample           leave out the sample portfolio and its traffic
  --config FILE         read this configuration too, after the demo's own; can be repeated
  SLIPWAY_MLFLOW_URL    read this MLflow server's registry (app-config.mlflow.yaml)
  SLIPWAY_STATE_DIR     keep the state in this folder rather than in .slipway/state`;

const steps = new Steps();
let services;
let ending = false;

async function end(code) {
  if (ending) {
    return;
  }
  ending = true;
  await endCommands();
  await services?.stop();
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (!ending) {
      steps.say('\nEnding every process that was started …');
    }
    end(0);
  });
}

async function choosePort() {
  const asked = askedPort(process.argv.slice(2), process.env);
  if (asked === undefined) {
    const port = await nextFreePort(DEFAULT_PORT);
    if (port !== DEFAULT_PORT) {
      steps.say(
        `    Port ${DEFAULT_PORT} is taken by ${holderOf(
          DEFAULT_PORT,
        )}; using ${port}`,
      );
    }
    return port;
  }
  if (!(await isFree(asked))) {
    throw new StepError(`Port ${asked} is taken by ${holderOf(asked)}`, {
      todo: 'End that process, ask for another port, or leave the port out to take the next free one.',
    });
  }
  return asked;
}

/** Refuses what is no option, rather than start without what it was meant to say. */
function checkOptions(args) {
  const unknown = args.find(
    (arg, index) =>
      !['--help', '--no-sample'].includes(arg) &&
      !/^(--port|-p|--config)$|^--port=/.test(arg) &&
      !(/^\d+$/.test(arg) && process.env.npm_config_port) &&
      !/^(--port|-p|--config)$/.test(args[index - 1] ?? ''),
  );
  if (unknown !== undefined) {
    throw new StepError(`There is no option ${unknown}`, {
      todo: 'See `npm start -- --help`.',
    });
  }
}

/** The configuration files that were given with `--config FILE`. */
function furtherConfigs(args) {
  const files = args.flatMap((arg, index) =>
    arg === '--config' ? [resolve(args[index + 1] ?? '')] : [],
  );
  const missing = files.find(
    file => !statSync(file, { throwIfNoEntry: false })?.isFile(),
  );
  if (missing !== undefined) {
    throw new StepError(`There is no configuration file ${missing}`, {
      todo: 'Give the path of a YAML file after --config.',
    });
  }
  return files;
}

async function main() {
  if (process.argv.includes('--help')) {
    steps.say(USAGE);
    return;
  }
  steps.say('Starting Slipway');
  checkOptions(process.argv.slice(2));
  const configs = furtherConfigs(process.argv.slice(2));
  claimState();
  const ended = await endLeftovers();
  if (ended > 0) {
    steps.say(
      `    Ended ${ended} process${
        ended > 1 ? 'es' : ''
      } that an earlier start left behind`,
    );
  }
  const record = new RunRecord();
  services = new Services(record);

  const appPort = await choosePort();
  const identityPort = await nextFreePort(appPort + 1, [appPort]);

  const { node, env } = await steps.run('Node', async note => {
    const found = await bringNode();
    note(found.note);
    return found;
  });
  await steps.run('Packages', async note => {
    if (!existsSync(join(root, 'node_modules'))) {
      steps.say(
        '    The first time takes some minutes; the log is .slipway/logs/install.log',
      );
    }
    note(
      (await installPackages({ node, env }))
        ? 'installed'
        : 'as the lock file has them',
    );
  });
  await steps.run('Frontend', async note => {
    note((await buildFrontend({ node, env })) ? 'built' : 'sources unchanged');
  });

  const demo = new Demo({
    services,
    node,
    env,
    ports: { app: appPort, backend: appPort, identity: identityPort },
    configs,
  });
  await steps.run('Identity provider', () => demo.startIdentityProvider());
  const backend = await steps.run('Backend', () => demo.startBackend());
  await steps.run('Sample company', () => demo.waitForPeople(backend));

  let sampleProblem;
  const withSample = !process.argv.includes('--no-sample');
  if (withSample && demo.portfolioIsMissing) {
    await steps
      .run('Sample portfolio', () => demo.loadPortfolio())
      .catch(error => {
        sampleProblem = error;
      });
  }
  if (withSample && demo.hasTraffic) {
    demo.startTraffic();
  }
  record.setUrl(demo.urls.app);
  if (sampleProblem && !ending) {
    printFailure(sampleProblem, process.stdout);
  }

  steps.say(`
State      ${
    relative(root, stateFolder) || stateFolder
  }; \`npm run reset\` forgets it
Pipelines  report with the token in ${relative(root, pipelineTokenFile)}
Stop       with Ctrl-C

Slipway is up after ${seconds(steps.elapsedMs)}: ${demo.urls.app}

Sign in there as
${personaLines()
  .map(line => `  ${line}`)
  .join('\n')}`);

  const exit = await backend.ended;
  if (!ending) {
    throw new StepError(`The backend ended with ${exit}`, {
      log: backend.log,
      todo: 'Start again; the state is kept.',
    });
  }
}

main().catch(async error => {
  if (!ending) {
    printFailure(error);
    await end(1);
  }
});
