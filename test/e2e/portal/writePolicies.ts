import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const DEMO = resolve(__dirname, '../../../examples/policies');
const DAY = 86_400_000;

/**
 * Writes the demo's policies, changed for tiers of which no model of the sample company moves in a test: rollouts of a few
 * seconds for small teams of medium risk, and a freeze of production around today for large ones of medium and high risk.
 */
export function writePolicies(folder: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync(DEMO, folder, { recursive: true });
  writeFileSync(join(folder, 'medium-small.yaml'), quick());
  // A stricter tier has to keep every freeze of a looser one
  for (const file of ['medium-large.yaml', 'high-large.yaml']) {
    writeFileSync(join(folder, file), frozen(file, Date.now()));
  }
}

function quick(): string {
  return (
    readFileSync(join(DEMO, 'medium.yaml'), 'utf8')
      .replace('name: medium-demo', 'name: medium-small-quick')
      .replace(
        "title: 'Medium risk: standard'",
        "title: 'Medium risk, small team: quick'",
      )
      .replace('  risk: medium\n', '  risk: medium\n  teamSize: small\n')
      // Two model servers on a machine that draws pages as well are slow by chance
      .replace('name: latency, margin: 100 }', 'name: latency, margin: 1000 }')
      .replace(
        /steps:\n( +- \{.*\}\n)+/,
        `steps:
          - { share: 50, window: 2s, minimumSamples: 40 }
          - { share: 100, window: 2s, minimumSamples: 60 }
`,
      )
  );
}

/** The policy in that file, with a freeze of production from yesterday to the day after tomorrow. */
function frozen(file: string, now: number): string {
  const day = (from: number) =>
    new Date(now + from * DAY).toISOString().slice(0, 10);
  return readFileSync(join(DEMO, file), 'utf8').replace(
    '    - name: production\n',
    `    - name: production
      freezeWindows:
        - name: Stock-taking
          timeZone: Europe/Zurich
          dates: { from: ${day(-1)}, to: ${day(2)} }
`,
  );
}
