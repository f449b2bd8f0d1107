import { readFileSync } from 'node:fs';

/** The last lines of a log, or nothing when there is none. */
export function tail(file, lines = 25) {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines);
  } catch {
    return [];
  }
}

/** Says which step failed, why, and what to do. */
export function printFailure(error, out = process.stderr) {
  const say = text => out.write(`${text}\n`);
  say('');
  say(
    error.step
      ? `This step failed: ${error.step}`
      : 'Slipway could not be started',
  );
  say(`Why: ${error.message}`);
  if (error.log) {
    const lines = tail(error.log);
    if (lines.length > 0) {
      say(`The end of ${error.log}:`);
      lines.forEach(line => say(`  | ${line}`));
    } else {
      say(`Its log, ${error.log}, is empty.`);
    }
  }
  if (error.todo) {
    say(`What to do: ${error.todo}`);
  }
  if (error.name !== 'StepError' && error.stack) {
    say(error.stack);
  }
}
