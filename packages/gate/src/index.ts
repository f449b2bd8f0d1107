import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT_CODES, runGate } from './runGate';

runGate(process.argv.slice(2), process.env, {
  fetch,
  now: Date.now,
  sleep: async ms => {
    await sleep(ms);
  },
  out: line => process.stdout.write(`${line}\n`),
  err: line => process.stderr.write(`${line}\n`),
}).then(
  code => {
    process.exitCode = code;
  },
  error => {
    process.stderr.write(`${error}\n`);
    process.exitCode = EXIT_CODES.failed;
  },
);
