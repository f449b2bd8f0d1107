/** `npm run reset`: forgets the demo's state. Toolchain and packages stay. */
import { existsSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { printFailure } from './lib/failure.mjs';
import { root, stateFolder } from './lib/paths.mjs';
import { endLeftovers, runningLauncher } from './lib/state.mjs';
import { StepError } from './lib/steps.mjs';

async function main() {
  const running = runningLauncher();
  if (running) {
    throw new StepError(
      `Slipway runs with this state${
        running.url ? `, at ${running.url}` : ''
      } (process ${running.launcher.pid})`,
      { todo: 'End it with Ctrl-C, then run `npm run reset` again.' },
    );
  }
  const name = relative(root, stateFolder) || stateFolder;
  if (!existsSync(stateFolder)) {
    process.stdout.write(`There is no state in ${name}.\n`);
    return;
  }
  await endLeftovers();
  rmSync(stateFolder, { recursive: true, force: true });
  process.stdout.write(
    `Forgot the state in ${name}. The next start begins with the sample alone.\n`,
  );
}

main().catch(error => {
  printFailure(error);
  process.exit(1);
});
