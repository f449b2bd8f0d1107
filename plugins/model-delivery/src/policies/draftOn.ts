import type { Policy } from '@slipway/backstage-plugin-model-delivery-common';

/**
 * The text to begin a draft with: it takes the place of a built-in policy, builds on it, and asks for one thing more.
 * Undefined for one's own policies, whose files one has.
 */
export function draftOn(policy: Policy): string | undefined {
  const { name, risk, teamSize, source } = policy;
  if (!source?.startsWith('built-in/')) {
    return undefined;
  }
  return `apiVersion: slipway.dev/v1alpha1
kind: DeliveryPolicy
metadata:
  name: ${name}-draft
  title: '${policy.title.replace(/'/g, "''")}, draft'
spec:
  extends: built-in/${name}
  risk: ${risk}
${teamSize ? `  teamSize: ${teamSize}\n` : ''}  gates:
    # Laid over the gate with this id, or a new one
    - id: coverage
      title: 'Tests cover at least 85 % of the code'
      when: 'tests.metrics.coverage >= 0.85'
`;
}
