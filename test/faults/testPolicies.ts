import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Writes policies with short canaries and one gate into a folder. */
export async function writePolicies(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const risk of ['low', 'medium', 'high']) {
    await writeFile(
      path.join(folder, `${risk}.yaml`),
      `apiVersion: slipway.dev/v1alpha1
kind: DeliveryPolicy
metadata: { name: ${risk}-test, title: ${risk} }
spec:
  risk: ${risk}
  roles:
    team-lead: { title: Team lead, group: group:default/team-leads }
  gates:
    - id: tests-pass
      title: No test fails
      stage: code-validation
      requires: [tests.metrics.failed]
      when: tests.metrics.failed == 0.0
  environments:
    - name: staging
      tier: staging
      gates: [tests-pass]
      rollout: { strategy: direct }
    - name: production
      tier: production
      gates: [tests-pass]
      firstDeploymentApprovals: [{ role: team-lead, reasonRequired: false }]
      rollout:
        strategy: canary
        steps:
          - { share: 20, window: 5s, minimumSamples: 20 }
          - { share: 60, window: 5s, minimumSamples: 20 }
          - { share: 100, window: 5s, minimumSamples: 20 }
        metrics:
          - { name: error-rate, margin: 0.2 }
          - { name: latency, margin: 100 }
`,
    );
  }
}
