import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const DEMO = resolve(__dirname, '../../../examples/policies');
const DAY = 86_400_000;

/**
 * Writes the demo's policies, changed for tiers of which no model of the sample company moves in a test: rollouts of a few
 * seconds for small teams of medium risk, a freeze of production around today for large ones of medium and high risk, and scores
 * by which rollouts of the latter are judged.
 */
export function writePolicies(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(DEMO)) {
    writeFileSync(join(folder, file), demoPolicy(file));
  }
  writeFileSync(join(folder, 'medium-small.yaml'), quick());
  // A stricter tier has to keep every freeze of a looser one
  writeFileSync(join(folder, 'medium-large.yaml'), frozen('medium-large.yaml'));
  writeFileSync(
    join(folder, 'high-large.yaml'),
    scored(frozen('high-large.yaml')),
  );
}

/** A policy of the demo, but that latencies may differ more: servers on a machine that draws pages as well are slow by chance. */
const demoPolicy = (file: string) =>
  readFileSync(join(DEMO, file), 'utf8').replace(
    'name: latency, margin: 100 }',
    'name: latency, margin: 1000 }',
  );

function quick(): string {
  return demoPolicy('medium.yaml')
    .replace('name: medium-demo', 'name: medium-small-quick')
    .replace(
      "title: 'Medium risk: standard'",
      "title: 'Medium risk, small team: quick'",
    )
    .replace('  risk: medium\n', '  risk: medium\n  teamSize: small\n')
    .replace(
      /steps:\n( +- \{.*\}\n)+/,
      `steps:
          - { share: 50, window: 2s, minimumSamples: 40 }
          - { share: 100, window: 2s, minimumSamples: 60 }
`,
    );
}

/** The policy in that file, with a freeze of production from yesterday to the day after tomorrow. */
function frozen(file: string): string {
  const now = Date.now();
  const day = (from: number) =>
    new Date(now + from * DAY).toISOString().slice(0, 10);
  return demoPolicy(file).replace(
    '    - name: production\n',
    `    - name: production
      freezeWindows:
        - name: Stock-taking
          timeZone: Europe/Zurich
          dates: { from: ${day(-1)}, to: ${day(2)} }
`,
  );
}

/** A policy with a canary already in staging, judged by scores in both environments. */
function scored(policy: string): string {
  const scores = `          - { name: score-shift, margin: 0.2 }
          - { name: score-ks, margin: 0.2 }
          - { name: score-psi, margin: 0.2 }
`;
  return policy
    .replace(/minimumSamples: \d+/g, 'minimumSamples: 120')
    .replace(/metrics:\n( +- \{.*\}\n)+/, metrics => `${metrics}${scores}`)
    .replace(
      '    - name: staging\n',
      `    - name: staging
      rollout:
        strategy: canary
        steps:
          - { share: 50, window: 2s, minimumSamples: 120 }
          - { share: 100, window: 2s, minimumSamples: 120 }
        metrics:
          - { name: error-rate, margin: 0.05 }
${scores}`,
    );
}
