import { shippedKinds } from '../gates/kinds/shippedKinds';
import { readKnownPolicySet } from './knownPolicySets';
import { readPolicySet } from './policySet';

const policy = (title: string) => ({
  file: 'low.yaml',
  text: `apiVersion: slipway.dev/v1alpha1
kind: DeliveryPolicy
metadata: { name: low, title: ${title} }
spec:
  risk: low
  roles: { lead: { title: Lead, group: group:default/leads } }
  gates: [{ id: tried, use: surely, with: {} }]
  environments:
    - { name: staging, tier: staging, gates: [tried], rollout: { strategy: direct } }
    - name: production
      tier: production
      gates: [tried]
      firstDeploymentApprovals: [{ role: lead }]
      rollout: { strategy: direct }
`,
});
const kindsWith = (threshold: string) => {
  const kinds = shippedKinds().copy();
  kinds.add({
    id: 'surely',
    title: 'Surely',
    stage: 'evaluation',
    requires: [`candidate.metrics.${threshold}`],
    when: `candidate.metrics.${threshold} > 0.5`,
    parameters: {},
  } as never);
  return kinds;
};
const gateOf = (set: ReturnType<typeof readPolicySet>) =>
  set.contents.get('low.yaml')?.gates[0].when;

describe('sets of policies that are known', () => {
  it('are read once, and come to what reading them comes to', () => {
    const options = {
      builtIn: [],
      own: [policy('Low')],
      kinds: kindsWith('f1'),
    };
    const first = readKnownPolicySet(options);
    expect(first).toEqual(readPolicySet(options));
    expect(readKnownPolicySet({ ...options, own: [policy('Low')] })).toBe(
      first,
    );
  });

  it('are read anew for other texts, other files and other kinds of gates', () => {
    const kinds = kindsWith('f1');
    const read = (title: string, more: object = {}) =>
      readKnownPolicySet({
        builtIn: [],
        own: [policy(title)],
        kinds,
        ...more,
      });
    const first = read('First');
    expect(read('Second').contents.get('low.yaml')?.title).toBe('Second');
    expect(
      read('First', {
        own: [{ ...policy('First'), file: 'other.yaml' }],
      }).contents.has('low.yaml'),
    ).toBe(false);
    expect(gateOf(first)).toContain('f1');
    expect(gateOf(read('First', { kinds: kindsWith('auc') }))).toContain('auc');
    expect(read('First')).toBe(first);
  });

  it('are read anew where other environments lack scores, whoever says so', () => {
    const kinds = kindsWith('f1');
    const shifts = policy('By scores');
    shifts.text = shifts.text.replace(
      /rollout: \{ strategy: direct \}\n$/,
      `rollout:
        strategy: canary
        steps:
          - { share: 50, window: 1m, minimumSamples: 100 }
          - { share: 100, window: 1m, minimumSamples: 100 }
        metrics: [{ name: score-shift, margin: 0.2 }]
`,
    );
    const read = (environment: string) =>
      readKnownPolicySet({
        builtIn: [],
        own: [shifts],
        kinds,
        findScoreless: asked =>
          asked === environment ? `nothing watches ${asked}` : undefined,
      });
    const without = {
      file: 'low.yaml',
      path: expect.stringContaining('metrics'),
      message: expect.stringContaining('nothing watches production'),
    };
    const refused = read('production');
    expect(refused.problems).toContainEqual(without);
    expect(read('production')).toBe(refused);
    expect(read('moon').problems).not.toContainEqual(without);
  });
});
