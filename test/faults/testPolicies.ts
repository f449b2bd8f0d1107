import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rolloutPolicies } from '../../plugins/model-delivery-backend/src/__testUtils__/rolloutPolicies';

const SHORT_CANARY = `{
        strategy: canary,
        steps: [
          { share: 20, window: 5s, minimumSamples: 20 },
          { share: 60, window: 5s, minimumSamples: 20 },
          { share: 100, window: 5s, minimumSamples: 20 },
        ],
        metrics: [
          { name: error-rate, margin: 0.2 },
          { name: latency, margin: 100 },
        ],
      }`;

/** Writes policies with short canaries and one gate into a folder. */
export async function writePolicies(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, yaml] of Object.entries(rolloutPolicies(SHORT_CANARY))) {
    await writeFile(path.join(folder, name), yaml);
  }
}

const METRICS =
  'metrics: [{ name: error-rate, margin: 0.05 }, { name: latency, margin: 20 }]';
const STEP = 'window: 2s, minimumSamples: 250';

/** How each risk is rolled out in the random test: every way there is, ever more careful. */
const ROLLOUTS = {
  low: `{ strategy: blue-green, verify: { ${STEP} }, ${METRICS} }`,
  medium: `{ strategy: canary, steps: [{ share: 50, ${STEP} }, { share: 100, ${STEP} }], ${METRICS} }`,
  high: `{ strategy: canary, shadow: { share: 50, window: 2s, minimumSamples: 200, maxDisagreement: 0.02 }, steps: [{ share: 20, ${STEP} }, { share: 60, ${STEP} }, { share: 100, ${STEP} }], ${METRICS} }`,
};

/** Writes policies into a folder by which two people approve, and each risk is rolled out in another way. */
export async function writeRandomPolicies(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [risk, rollout] of Object.entries(ROLLOUTS)) {
    await writeFile(
      path.join(folder, `${risk}.yaml`),
      `apiVersion: slipway.dev/v1alpha1
kind: DeliveryPolicy
metadata: { name: ${risk}-random, title: ${risk} }
spec:
  risk: ${risk}
  roles:
    model-risk-manager: { title: Risk, group: group:default/model-risk-managers }
  gates:
    - id: tests-pass
      title: No test fails
      stage: code-validation
      requires: [tests.metrics.failed]
      when: tests.metrics.failed == 0.0
  environments:
    - { name: staging, tier: staging, gates: [tests-pass], rollout: { strategy: direct } }
    - name: production
      tier: production
      gates: [tests-pass]
      approvals: [{ role: model-risk-manager, minimum: 2, reasonRequired: false }]
      firstDeploymentApprovals: [{ role: model-risk-manager, minimum: 2, reasonRequired: false }]
      rollout: ${rollout}
`,
    );
  }
}
