import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readPolicySet } from './policySet';
import { PolicyText } from './Resolver';
import { builtInPolicies } from './policySources';

const examples = resolve(__dirname, '../../../../examples/policies');
const wholeDemo: PolicyText[] = readdirSync(examples).map(file => ({
  file,
  text: readFileSync(resolve(examples, file), 'utf8'),
}));
/** Without those that build on the others for large teams. */
const demo = wholeDemo.filter(({ file }) => !file.includes('-large'));

/** A policy file with one gate, for any size of team. */
const simple = (options: {
  name: string;
  risk?: string;
  extend?: string;
  more?: string;
}) => `apiVersion: slipway.dev/v1alpha1
kind: DeliveryPolicy
metadata: { name: ${options.name}, title: ${options.name} }
spec:
${options.extend ? `  extends: ${options.extend}\n` : ''}${
  options.risk ? `  risk: ${options.risk}\n` : ''
}${options.more ?? ''}`;

const BASE = `  roles:
    team-lead: { title: Team lead, group: group:default/team-leads }
    on-call: { title: On call, group: group:default/on-call }
  gates:
    - id: fairness
      title: Fair
      stage: evaluation
      requires: [candidate.metrics.fairness_gap]
      when: candidate.metrics.fairness_gap < 0.05
      maxAge: 30d
  environments:
    - name: staging
      tier: staging
      gates: [fairness]
      rollout: { strategy: direct }
    - name: production
      tier: production
      gates: [fairness]
      firstDeploymentApprovals: [{ role: team-lead }]
      soak: 1h
      rollout: { strategy: direct }
      expiresAfter: 24h
`;

/** The problems of a set in which low and medium are the simple policy, and high is what is given. */
const problemsOf = (high: string, base = BASE) =>
  readPolicySet({
    builtIn: [],
    own: [
      { file: 'low', text: simple({ name: 'low', risk: 'low', more: base }) },
      {
        file: 'medium',
        text: simple({ name: 'medium', risk: 'medium', extend: 'low' }),
      },
      { file: 'high', text: high },
    ],
  }).problems;
const extending = (more: string) =>
  simple({ name: 'high', risk: 'high', extend: 'medium', more });
const replacing = (change: (base: string) => string) => {
  const changed = change(BASE);
  expect(changed).not.toBe(BASE);
  return simple({ name: 'high', risk: 'high', more: changed });
};

describe('policies', () => {
  it('that come with the engine are one for each risk and size of team, and only tighten', async () => {
    const { policies, problems } = readPolicySet({
      builtIn: await builtInPolicies().read(),
      own: [],
    });
    expect(problems).toEqual([]);
    expect(policies.map(each => [each.name, each.teamSizes])).toEqual(
      ['high', 'medium', 'low'].flatMap(risk =>
        ['large', 'medium', 'small'].map(size => [`${risk}-${size}`, [size]]),
      ),
    );
    const high = policies.find(each => each.name === 'high-large')!;
    expect(high.environments.map(each => each.name)).toEqual([
      'development',
      'staging',
      'pre-production',
      'production',
    ]);
    expect(high.environments[3]).toMatchObject({
      soakSeconds: 86_400,
      freezeWindows: [{ name: 'Weekend', from: 'fri 16:00', to: 'mon 07:00' }],
      rollout: { strategy: 'canary', shadow: { windowSeconds: 7_200 } },
    });
    expect(high.environments[3].slots.map(slot => slot.role)).toEqual([
      'model-risk-manager',
      'compliance-officer',
    ]);
    expect(high.environments[2].rollout.strategy).toBe('blue-green');
  });

  it('of the demo take the places of all of them', async () => {
    const { policies, problems } = readPolicySet({
      builtIn: await builtInPolicies().read(),
      own: demo,
    });
    expect(problems).toEqual([]);
    expect(policies.map(each => each.name)).toEqual([
      'high-demo',
      'medium-demo',
      'low-demo',
    ]);
  });

  it('of the demo let large teams shadow a version first, and switch at low risk', async () => {
    const { policies, problems } = readPolicySet({
      builtIn: await builtInPolicies().read(),
      own: wholeDemo,
    });
    expect(problems).toEqual([]);
    const rollouts = policies
      .filter(each => each.name.endsWith('-large-demo'))
      .map(each => each.environments[1].rollout);
    expect(rollouts.map(each => each.strategy).sort()).toEqual([
      'blue-green',
      'canary',
      'canary',
    ]);
    expect(rollouts.every(each => each.shadow?.tolerance === 0.3)).toBe(true);
  });

  it("can build on a built-in one, and leave the others' places alone", async () => {
    const { policies, problems } = readPolicySet({
      builtIn: await builtInPolicies().read(),
      own: [
        {
          file: 'ours.yaml',
          text: `apiVersion: slipway.dev/v1alpha1
kind: DeliveryPolicy
metadata: { name: ours, title: Ours }
spec:
  extends: built-in/high-large
  risk: high
  teamSize: large
  gates:
    - id: latency
      when: serving.metrics.latency_p95_ms < 50.0
  environments:
    - name: production
      soak: 48h
`,
        },
      ],
    });
    expect(problems).toEqual([]);
    expect(policies.map(each => each.name).slice(0, 2)).toEqual([
      'ours',
      'high-medium',
    ]);
    const [ours] = policies;
    expect(ours.gates.find(gate => gate.id === 'latency')).toMatchObject({
      title: 'Latency stays below 100 ms (p95)',
      when: 'serving.metrics.latency_p95_ms < 50.0',
      maxAgeSeconds: 30 * 86_400,
    });
    expect(ours.environments[3].soakSeconds).toBe(172_800);
  });

  it('that build on one another in a circle, or on nothing, are refused', () => {
    const circle = readPolicySet({
      builtIn: [],
      own: [
        { file: 'a', text: simple({ name: 'a', risk: 'low', extend: 'b' }) },
        { file: 'b', text: simple({ name: 'b', extend: 'c' }) },
        { file: 'c', text: simple({ name: 'c', extend: 'a' }) },
      ],
    });
    expect(circle.problems[0]).toMatchObject({
      path: 'spec.extends',
      message: 'goes in a circle: a builds on b builds on c builds on a',
    });
    expect(
      problemsOf(simple({ name: 'high', risk: 'high', extend: 'hihg' })),
    ).toEqual([
      {
        file: 'high',
        path: 'spec.extends',
        message: "there is no policy 'hihg'; there are low, medium, high",
      },
    ]);
    expect(
      problemsOf(simple({ name: 'high', risk: 'high', extend: 'high' }))[0]
        .message,
    ).toBe('goes in a circle: high builds on high');
  });

  it('are complete, and one for each risk and size of team', () => {
    expect(
      readPolicySet({ builtIn: [], own: demo.slice(0, 2) }).problems.map(
        each => each.message,
      ),
    ).toContain('there is no policy for medium risk and small teams');
    expect(
      readPolicySet({
        builtIn: [],
        own: [
          ...demo,
          { file: 'more', text: demo[0].text.replace('high-demo', 'more') },
        ],
      }).problems[0].message,
    ).toBe('high.yaml is for high risk and any teams too');
  });
});

describe('a policy file is refused', () => {
  const errorsOf = (change: (yaml: string) => string) =>
    problemsOf(replacing(change)).map(({ path, message }) => ({
      path,
      message,
    }));

  it('with the path of each error', () => {
    expect(
      errorsOf(yaml =>
        yaml.replace('when: candidate.metrics.fairness_gap <', 'when: 1 <<'),
      ),
    ).toEqual([
      {
        path: 'spec.gates[0].when',
        message: expect.stringMatching(/^is not CEL/),
      },
    ]);
    expect(
      errorsOf(yaml =>
        yaml.replace('[candidate.metrics.fair', '[colour.metrics.fair'),
      )[0],
    ).toEqual({
      path: 'spec.gates[0].requires[0]',
      message: expect.stringContaining('is not a fact'),
    });
    expect(
      errorsOf(yaml => yaml.replace('gates: [fairness]', 'gates: [fairnes]')),
    ).toEqual([
      {
        path: 'spec.environments[0].gates[0]',
        message: expect.stringContaining("there is no gate 'fairnes'"),
      },
    ]);
    expect(
      errorsOf(yaml =>
        yaml.replace('stage: evaluation', 'stage: guessing\n      colour: red'),
      ),
    ).toEqual([
      { path: 'spec.gates[0].stage', message: expect.any(String) },
      { path: 'spec.gates[0].colour', message: 'is not a known field' },
    ]);
    expect(
      errorsOf(yaml => yaml.replace('soak: 1h', 'soak: 1 hour'))[0],
    ).toEqual({
      path: 'spec.environments[1].soak',
      message: 'must be a length of time such as 90s, 10m or 7d',
    });
    expect(
      errorsOf(yaml => yaml.replace('soak: 1h', 'soak: 999999d'))[0].message,
    ).toBe('must be at most 90d');
    expect(
      errorsOf(yaml => yaml.replace('tier: staging', 'tier: development'))[0]
        .message,
    ).toBe('must have one of tier staging');
    expect(
      errorsOf(yaml =>
        yaml.replace('tier: production', 'tier: development'),
      ).map(each => each.message),
    ).toEqual([
      'must not come after staging; the order is development, testing, staging, production',
      'must be production in the last',
    ]);
    expect(
      errorsOf(yaml =>
        yaml.replace(
          'soak: 1h',
          'breakGlass: { role: on-call, reviewRole: on-call, reviewWithin: 1d }',
        ),
      )[0].path,
    ).toBe('spec.environments[1].breakGlass.reviewRole');
  });

  it.each([
    [
      'a shadow that could not show that few answers differ',
      'strategy: direct, shadow: { window: 10m, minimumSamples: 188, maxDisagreement: 0.01 }',
      'shadow.minimumSamples',
      'must be at least 189: with fewer, no version can be shown to keep within the maxDisagreement of 0.01',
    ],
    [
      'a shadow that could not show that few copies fail',
      'strategy: blue-green, verify: { window: 10m, minimumSamples: 189 }, metrics: [{ name: error-rate, margin: 0.01 }], shadow: { window: 10m, minimumSamples: 188, maxDisagreement: 0.05 }',
      'shadow.minimumSamples',
      'must be at least 189: with fewer, no version can be shown to stay within the error-rate margin of 0.01',
    ],
    [
      'a watch without anything to judge by',
      'strategy: direct, watch: 24h',
      'watch',
      'needs metrics to judge by, and a direct rollout has none: take a canary, or leave it out',
    ],
    [
      'a last step, by which the watch goes, of too few',
      'strategy: canary, watch: 24h, steps: [{ share: 10, window: 10m, minimumSamples: 93 }, { share: 100, window: 10m, minimumSamples: 92 }], metrics: [{ name: error-rate, margin: 0.02 }]',
      'steps[1].minimumSamples',
      'must be at least 93: with fewer, no version can be shown to stay within the error-rate margin of 0.02',
    ],
  ])('for %s', (_, rollout, path, message) => {
    expect(
      errorsOf(yaml =>
        yaml.replace(
          'rollout: { strategy: direct }\n      expires',
          `rollout: { ${rollout} }\n      expires`,
        ),
      ),
    ).toEqual([{ path: `spec.environments[1].rollout.${path}`, message }]);
  });

  it('in the words of the file that builds on another', () => {
    expect(
      problemsOf(
        extending(
          '  gates: [{ id: fairness, when: candidate.metrics.other < 1.0 }]',
        ),
      ),
    ).toEqual([
      {
        file: 'high',
        path: 'spec.gates[0].when',
        message: 'uses candidate.metrics.other without listing it in requires',
      },
    ]);
    expect(
      problemsOf(
        extending(
          '  environments:\n    - { name: development, tier: development, gates: [], rollout: { strategy: direct } }\n    - name: production',
        ),
      )[0].message,
    ).toBe(
      'must name every environment in order when it adds one; staging is missing',
    );
  });

  it('when a condition cannot come to true or false, or speaks of what is no fact', () => {
    const when = (condition: string) =>
      errorsOf(yaml =>
        yaml.replace('candidate.metrics.fairness_gap < 0.05', `'${condition}'`),
      )[0]?.message;
    const fact = 'candidate.metrics.fairness_gap';
    expect(when(fact)).toContain('comes to number');
    expect(when(`${fact} * 2 == 0.0`)).toContain('no matching overload');
    expect(when(`${fact} < production.metrics.fairness_gap`)).toContain(
      'add || !has(production.metrics)',
    );
    expect(when(`${fact} < 0.05 && weather.metrics.rain > 0.0`)).toContain(
      'speaks of weather.metrics.rain, which is not a fact',
    );
    expect(when(`production != candidate`)).toContain('is not a fact');
    expect(when(`candidate.metrics["x"] < 1.0`)).toContain('uses []');
    expect(when(`${fact}.size() < 1`)).toContain('uses size');
    expect(when(`[1.0, 2.0].all(x, x > ${fact})`)).toContain(
      'goes through a list',
    );
    expect(when(`"${'a'.repeat(50)}" != "a"`)).toContain('facts are numbers');
    expect(when(`${'1.0 + '.repeat(160)}1.0 > 0.0`)).toContain('at most');
  });
});

describe('a policy file that is looser than it may be is refused', () => {
  const looser = (high: string, base?: string) =>
    problemsOf(high, base).map(each => each.message);

  it('naming the gate and both conditions', () => {
    expect(
      looser(replacing(yaml => yaml.replace('gap < 0.05', 'gap < 0.06'))),
    ).toEqual([
      "is looser for high risk and small teams than 'medium' for medium risk and small teams: staging: gate 'fairness' has a looser condition: 'candidate.metrics.fairness_gap < 0.06' against 'candidate.metrics.fairness_gap < 0.05'",
      expect.stringContaining("production: gate 'fairness' has a looser"),
    ]);
    expect(
      looser(
        extending(
          '  gates: [{ id: fairness, when: candidate.metrics.fairness_gap * 2.0 < 0.05 }]',
        ),
      )[0],
    ).toContain(
      "is looser than 'medium', which it builds on: staging: gate 'fairness' has a condition that cannot be shown to be at least as strict: 'candidate.metrics.fairness_gap * 2.0 < 0.05' against",
    );
  });

  it.each([
    ['soak: 1h', 'soak: 59m', 'soak lasts 59m instead of at least 1h'],
    ['maxAge: 30d', 'maxAge: 31d', 'accepts evidence of 31d'],
    ['maxAge: 30d', '', 'accepts evidence of any age'],
    ['maxAge: 30d', 'blocking: false\n      maxAge: 30d', 'only warns'],
    ['expiresAfter: 24h', 'expiresAfter: 25h', 'expiry of approvals'],
    ['{ role: team-lead }', '{ role: on-call }', 'do not cover 1 of Team lead'],
    [
      '{ role: team-lead }',
      '{ role: team-lead, reasonRequired: false }',
      'do not cover',
    ],
    [
      'soak: 1h',
      'soak: 1h\n      waivers: { roles: [team-lead], longest: 1d }',
      'waivers are possible where they were not',
    ],
  ])('by %s becoming %s', (before, after, message) => {
    expect(
      looser(replacing(yaml => yaml.replace(before, after))).join('\n'),
    ).toContain(message);
  });

  it('by a gate of staging that production does not have', () => {
    expect(
      looser(
        replacing(yaml =>
          yaml.replace(/gates: \[fairness\](\n {6}first)/, 'gates: []$1'),
        ),
      )[0],
    ).toBe(
      "is looser than the environment before: production: gate 'fairness' is missing (as staging asks)",
    );
  });

  it('by what it does when data are found faulty', () => {
    const high = (rule: string) => extending(`  faultyData: ${rule}\n`);
    // What says nothing revokes
    expect(looser(high('notify'))).toEqual([
      expect.stringContaining(
        "faultyData is 'notify' instead of at least 'revoke'",
      ),
    ]);
    for (const rule of ['revoke', 'revoke-possible']) {
      expect(looser(high(rule))).toEqual([]);
    }
    // What is built on is kept
    expect(
      looser(high('revoke'), `${BASE}  faultyData: revoke-possible\n`),
    ).toEqual([
      expect.stringContaining(
        "faultyData is 'revoke' instead of at least 'revoke-possible'",
      ),
    ]);
    expect(looser(extending(''), `${BASE}  faultyData: notify\n`)).toEqual([]);
    expect(problemsOf(high('never'))).toMatchObject([
      { file: 'high', path: 'spec.faultyData' },
    ]);
  });

  it('by freeze windows that leave some of the week open, but not by longer ones', () => {
    const window = (from: string, to: string, zone = 'Europe/Zurich') =>
      `      freezeWindows:\n        - { name: Weekend, timeZone: ${zone}, weekly: { from: ${from}, to: ${to} } }\n`;
    const frozen = (text: string) =>
      BASE.replace('      soak', `${text}      soak`);
    const base = frozen(window('fri 17:00', 'mon 08:00'));
    const high = (text: string) =>
      looser(simple({ name: 'high', risk: 'high', more: frozen(text) }), base);
    expect(high(window('fri 16:00', 'mon 09:00'))).toEqual([]);
    expect(high(window('thu 16:00', 'wed 09:00'))).toEqual([]);
    expect(
      high(
        `${window(
          'fri 12:00',
          'sun 00:00',
        )}        - { name: More, timeZone: Europe/Zurich, weekly: { from: sat 23:00, to: tue 00:00 } }\n`,
      ),
    ).toEqual([]);
    expect(high(window('fri 18:00', 'mon 09:00'))[0]).toContain(
      "freeze windows leave open some of 'Weekend', fri 17:00 to mon 08:00 Europe/Zurich",
    );
    expect(high(window('fri 16:00', 'mon 09:00', 'Etc/UTC'))[0]).toContain(
      'windows in other time zones cannot be compared',
    );
  });

  it('by a role that the looser policy does not say is at least as much', () => {
    const base = BASE.replace(
      'team-leads }',
      'team-leads, outrankedBy: [group:default/on-call] }',
    );
    const high = simple({
      name: 'high',
      risk: 'high',
      more: BASE.replace('role: team-lead }', 'role: on-call }'),
    });
    expect(looser(high, base)).toEqual([]);
    expect(looser(high)[0]).toContain('do not cover 1 of Team lead');
  });
});
