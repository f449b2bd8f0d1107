/**
 * `yarn dev` (or `npm run dev`): the portal for those who change it. The frontend is served by a development server and
 * the backend runs from its sources; both are taken anew when a file changes. State and people are those of `npm start`.
 */
import { join } from 'node:path';
import { endCommands } from './lib/commands.mjs';
import { Demo, demoConfigs, personaLines } from './lib/demo.mjs';
import { printFailure } from './lib/failure.mjs';
import { root } from './lib/paths.mjs';
import { nextFreePort } from './lib/ports.mjs';
import { Services } from './lib/services.mjs';
import { claimState, endLeftovers, RunRecord } from './lib/state.mjs';
import { StepError, Steps } from './lib/steps.mjs';
import { bringNode, installPackages } from './lib/toolchain.mjs';

const APP_PORT = 3000;
const BACKEND_PORT = 7007;
const BUNDLE_MS = 300_000;

const steps = new Steps();
let services;
let ending = false;

async function end(code) {
  if (!ending) {
    ending = true;
    await endCommands();
    await services?.stop();
    process.exit(code);
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => end(0));
}

async function main() {
  claimState();
  await endLeftovers();
  const record = new RunRecord();
  services = new Services(record);
  const tools = await steps.run('Node', async note => {
    const found = await bringNode();
    note(found.note);
    return found;
  });
  await steps.run('Packages', async note =>
    note(
      (await installPackages(tools))
        ? 'installed'
        : 'as the lock file has them',
    ),
  );
  const app = await nextFreePort(APP_PORT);
  const backend = await nextFreePort(BACKEND_PORT, [app]);
  const identity = await nextFreePort(backend + 1, [app, backend]);
  const demo = new Demo({
    services,
    ...tools,
    ports: { app, backend, identity },
  });
  await steps.run('Identity provider', () => demo.startIdentityProvider());

  const portal = services.start({
    name: 'dev',
    command: tools.node,
    args: [
      join(root, 'node_modules/@backstage/cli/bin/backstage-cli'),
      'repo',
      'start',
      ...demoConfigs(demo.env),
    ],
    cwd: root,
    env: {
      ...demo.env,
      NODE_OPTIONS: [demo.env.NODE_OPTIONS, '--no-node-snapshot']
        .filter(Boolean)
        .join(' '),
    },
    inherit: true,
  });
  await demo.waitForBackend(portal, BUNDLE_MS);
  await demo.waitForPeople(portal);
  if (demo.portfolioIsMissing) {
    await steps
      .run('Sample portfolio', () => demo.loadPortfolio())
      .catch(error => printFailure(error));
  }
  if (demo.hasTraffic) {
    demo.startTraffic();
  }
  record.setUrl(demo.urls.app);
  steps.say(
    `\nThe portal: ${demo.urls.app}\n${personaLines()
      .map(line => `  ${line}`)
      .join('\n')}\n`,
  );
  const exit = await portal.ended;
  if (!ending) {
    throw new StepError(`The development servers ended with ${exit}`);
  }
}

main().catch(async error => {
  if (!ending) {
    printFailure(error);
    await end(1);
  }
});
