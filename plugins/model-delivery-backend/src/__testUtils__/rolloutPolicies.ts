/**
 * Policies of all risks with two environments and one gate; nobody is asked but for the first deployment.
 * @param production - what else production has, in YAML's flow style: `rollout`, `soak` and others by name
 */
export function policiesWith(
  production: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(
    ['low', 'medium', 'high'].map(risk => [
      `${risk}.yaml`,
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
      expiresAfter: 14d
    - name: production
      tier: production
      gates: [tests-pass]
      firstDeploymentApprovals: [{ role: team-lead, reasonRequired: false }]
${Object.entries(production)
  .map(([key, value]) => `      ${key}: ${value}`)
  .join('\n')}
      expiresAfter: 14d
`,
    ]),
  );
}

/** Policies as `policiesWith` has them, of which production moves traffic as given in YAML's flow style. */
export const rolloutPolicies = (rollout: string) => policiesWith({ rollout });

/** A blue-green rollout: ten minutes of watching, 250 samples. */
export const BLUE_GREEN =
  'strategy: blue-green, verify: { window: 10m, minimumSamples: 250 }, metrics: [{ name: error-rate, margin: 0.05 }, { name: latency, margin: 20 }]';

/** A shadow: ten minutes, half of the requests, 200 samples, of which 2 % may differ. */
export const SHADOW =
  'shadow: { share: 50, window: 10m, minimumSamples: 200, maxDisagreement: 0.02, tolerance: 0.01 }';
