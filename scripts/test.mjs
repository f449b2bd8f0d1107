/**
 * `npm test`: every check that this machine can run, with the toolchain of `npm start`. What cannot run is skipped and
 * named; with SLIPWAY_REQUIRE_PEERS=1 a skip is a failure. The last line counts single tests.
 */
import { relative } from 'node:path';
import { endCommands } from './lib/commands.mjs';
import { printFailure, tail } from './lib/failure.mjs';
import { root } from './lib/paths.mjs';
import { seconds, StepError, Steps } from './lib/steps.mjs';
import { sum } from './lib/testReports.mjs';
import { groupsOf, logOf, stages } from './lib/testStages.mjs';
import { bringNode, installPackages } from './lib/toolchain.mjs';

const USAGE = `npm test [-- --only STAGE,STAGE]

Stages: ${stages.map(({ id }) => id).join(', ')}
  SLIPWAY_REQUIRE_PEERS=1   fail when anything is skipped`;

const steps = new Steps();
const mustNotSkip = process.env.SLIPWAY_REQUIRE_PEERS === '1';

let interrupted = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    // The stage that runs ends with its command, and clears up after itself
    interrupted = true;
    endCommands();
  });
}

/** The stages that were asked for, or all. */
function chosenStages(args) {
  const index = args.indexOf('--only');
  const inline = args.find(arg => arg.startsWith('--only='));
  const given = index >= 0 ? args[index + 1] : inline?.slice('--only='.length);
  if (given === undefined && index < 0) {
    return stages.filter(({ isHere }) => isHere?.() ?? true);
  }
  const ids = (given ?? '').split(',').filter(Boolean);
  const unknown = ids.filter(id => !stages.some(stage => stage.id === id));
  if (ids.length === 0 || unknown.length > 0) {
    throw new StepError(
      unknown.length > 0
        ? `There is no stage ${unknown.join(', ')}`
        : '--only names no stage',
      { todo: `Choose among ${stages.map(({ id }) => id).join(', ')}.` },
    );
  }
  return stages.filter(({ id }) => ids.includes(id));
}

/** Runs one stage; a skip is told, and counts as a failure where skipping is not allowed. */
async function runStage(stage, tools) {
  const skips = [];
  const skip = why => {
    steps.say(`    skipped: ${why}`);
    skips.push(`${stage.title}: ${why}`);
  };
  const missing = stage.missing?.();
  if (missing) {
    steps.say(`  – ${stage.title}`);
    skip(missing);
    return sum([withSkips(skips)]);
  }
  const outcome = await steps
    .run(stage.title, async note => {
      const result = await stage.run(tools, note, skip);
      if (result.failed > 0) {
        throw Object.assign(new Error('failed'), { result });
      }
      return result;
    })
    .catch(error => {
      if (!error.result) {
        throw error;
      }
      return error.result;
    });
  if (outcome.failed > 0) {
    printStageFailure(stage, outcome);
  }
  return sum([
    {
      ...outcome,
      failed: outcome.failed + (mustNotSkip ? outcome.skipped : 0),
    },
    withSkips(skips),
  ]);
}

function withSkips(skips) {
  return {
    passed: 0,
    failed: mustNotSkip ? skips.length : 0,
    skipped: skips.length,
    failures: [],
    skips,
  };
}

function printStageFailure(stage, { failures }) {
  failures.forEach(failure => steps.say(`    ✗ ${failure}`));
  const log = logOf(stage.id);
  steps.say(`    The end of ${relative(root, log)}:`);
  tail(log, failures.length > 0 ? 40 : 60).forEach(line =>
    steps.say(`    | ${line}`),
  );
}

async function main() {
  if (process.argv.includes('--help')) {
    steps.say(USAGE);
    return 0;
  }
  const chosen = chosenStages(process.argv.slice(2));
  const tools = await steps.run('Node', async note => {
    const found = await bringNode();
    note(found.note);
    return { ...found, env: { ...found.env, NO_COLOR: '1', FORCE_COLOR: '0' } };
  });
  await steps.run('Packages', async note =>
    note(
      (await installPackages(tools))
        ? 'installed'
        : 'as the lock file has them',
    ),
  );
  const outcomes = [];
  for (const lanes of groupsOf(chosen)) {
    await Promise.all(
      lanes.map(async lane => {
        for (const stage of lane) {
          outcomes.push(await runStage(stage, tools));
          if (interrupted) {
            throw new StepError('It was told to end');
          }
        }
      }),
    );
  }
  const total = sum(outcomes);
  if (total.skips.length > 0) {
    steps.say(
      `\n${total.skips.length} skipped${
        mustNotSkip ? ', which SLIPWAY_REQUIRE_PEERS=1 counts as failures' : ''
      }:`,
    );
    total.skips.forEach(each => steps.say(`  ${each}`));
  }
  steps.say(`\nAll of it took ${seconds(steps.elapsedMs)}.`);
  steps.say(`${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 ? 1 : 0;
}

main().then(
  code => process.exit(code),
  error => {
    printFailure(error);
    steps.say('0 passed, 1 failed');
    process.exit(1);
  },
);
