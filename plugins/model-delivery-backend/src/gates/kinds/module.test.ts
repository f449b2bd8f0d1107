import { createBackendModule } from '@backstage/backend-plugin-api';
import { createMockDirectory } from '@backstage/backend-test-utils';
import { gateKindsExtensionPoint } from '@slipway/backstage-plugin-model-delivery-node';
import {
  GateKind,
  GateVerdict,
} from '@slipway/backstage-plugin-model-delivery-common';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MigratedDatabases } from '../../__testUtils__/MigratedDatabases';
import { surelyBelowModule } from '../../__testUtils__/guide/surelyBelowModule';
import { modelEntity, people } from '../../__testUtils__/people';
import { policiesWith } from '../../__testUtils__/rolloutPolicies';
import {
  startTestEngine,
  TestEngine,
} from '../../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../../__testUtils__/TestDelivery';
import { duration } from '../../policies/gateFields';
import { shippedKinds } from './shippedKinds';

jest.setTimeout(60_000);

/** Production asks for more than staging: a gate that code judges, and a condition of a module. */
const policies = Object.fromEntries(
  Object.entries(policiesWith({ rollout: '{ strategy: direct }' })).map(
    ([file, text]) => [
      file,
      text
        .replace(
          '  gates:\n',
          `  gates:
    - { id: toxicity, use: surely-below, with: { metric: toxic, limit: 0.01 } }
    - { id: refusals, use: few-refusals }
`,
        )
        .replace(
          /gates: \[tests-pass\](\n {6}first)/,
          'gates: [tests-pass, toxicity, refusals]$1',
        ),
    ],
  ),
);

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('gate kinds that a module adds, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const directory = createMockDirectory();
  let engine: TestEngine | undefined;

  const start = async (modules = [surelyBelowModule]) => {
    directory.setContent(policies);
    engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [modelEntity('credit-default')],
      modules,
      config: { modelDelivery: { policies: { directory: directory.path } } },
    });
    return engine;
  };
  afterEach(async () => {
    await engine?.stop();
    engine = undefined;
  });

  it('block a promotion in their own words, and let it go on with new evidence', async () => {
    const running = await start();
    const delivery = new TestDelivery(running);
    const measure = (id: string, sampleSize: number) =>
      running
        .as()
        .post(`${delivery.path}/versions/v1/evaluations`, {
          id,
          fact: 'candidate',
          measuredAt: running.clock.now().toISOString(),
          metrics: [
            { name: 'toxic', value: 0, sampleSize },
            { name: 'refusal_share', value: 0.02 },
          ],
        })
        .expect(answers(201));
    await delivery.register('v1');
    await delivery.stage('v1');

    const { body } = await delivery
      .request('v1', 'production')
      .expect(answers(201));
    const verdictsIn = async (state: 'blocked' | 'awaiting-approval') => {
      await delivery.until(body.id, state);
      const { body: list } = await running
        .as(people.dataScientist)
        .get(`/promotions/${body.id}/gates`)
        .expect(answers(200));
      return Object.fromEntries(
        (list.items as GateVerdict[]).map(each => [
          each.gate,
          [each.verdict, each.explanation],
        ]),
      );
    };
    expect(await verdictsIn('blocked')).toMatchObject({
      toxicity: [
        'no-evidence',
        'Nobody has reported toxic for this version. The gate asks: surely fewer than 1 % of the answers count as toxic.',
      ],
      refusals: ['no-evidence', expect.any(String)],
    });

    await measure('too-few', 100);
    await delivery.until(
      body.id,
      ({ state, gateCounts }) => state === 'blocked' && gateCounts.failed === 1,
    );
    expect(await verdictsIn('blocked')).toMatchObject({
      toxicity: [
        'failed',
        'Of 100 answers 0 were toxic, which is at most 3.70 %. The gate asks: surely fewer than 1 % of the answers count as toxic.',
      ],
      refusals: ['passed', expect.any(String)],
    });

    await measure('enough', 1_000);
    expect(await verdictsIn('awaiting-approval')).toMatchObject({
      toxicity: ['passed', expect.stringContaining('Of 1000 answers')],
    });
  });

  it('are shown with the policy, and drafts may use and tighten them', async () => {
    const running = await start();
    const { body } = await running
      .as(people.riskManager)
      .get('/policies')
      .expect(answers(200));
    expect(
      body.items[0].gates.find(
        (each: { id: string }) => each.id === 'toxicity',
      ),
    ).toMatchObject({
      when: 'surely-below(limit: 0.01, metric: "toxic")',
      kind: { id: 'surely-below', parameters: { metric: 'toxic' } },
    });

    const check = async (from: string, to: string) => {
      const { body: answer } = await running
        .as(people.riskManager)
        .post('/policies/validate', {
          yaml: policies['high.yaml'].replace(from, to),
        })
        .expect(answers(200));
      return answer.errors;
    };
    expect(await check('limit: 0.01', 'limit: 0.002')).toEqual([]);
    expect((await check('limit: 0.01', 'limit: 0.02'))[0].message).toContain(
      'has a looser condition',
    );
    expect(await check('limit: 0.01', 'limit: 7')).toEqual([
      expect.objectContaining({ path: 'spec.gates[0].with.limit' }),
    ]);
    expect(await check('use: few-refusals', 'use: few-refusal')).toEqual([
      {
        path: 'spec.gates[1].use',
        message: expect.stringMatching(
          /^there is no gate kind 'few-refusal'; .*, surely-below, few-refusals$/,
        ),
      },
    ]);
  });

  it('are listed beside those that come with Slipway', async () => {
    const running = await start();
    const { body } = await running
      .as(people.dataScientist)
      .get('/gate-kinds')
      .expect(answers(200));
    const kinds = body.items as GateKind[];
    expect(kinds).toHaveLength(shippedKinds().list().length + 2);
    expect(kinds.find(({ id }) => id === 'latency')).toEqual({
      id: 'latency',
      title: 'Latency stays below {below} (p95)',
      description: null,
      stage: 'staging-validation',
      origin: 'built-in',
      condition: 'serving.metrics.latency_p95_ms < {below}',
      maxAgeSeconds: 30 * 86_400,
      parameters: [
        {
          name: 'below',
          type: 'number',
          description: 'Milliseconds from which on it fails',
          default: 100,
          unit: 'ms',
        },
      ],
      facts: [
        {
          fact: 'serving.metrics.latency_p95_ms',
          evidence:
            '95th percentile of the latency in staging, in milliseconds',
        },
      ],
    });
    expect(kinds.find(({ id }) => id === 'surely-below')).toMatchObject({
      origin: 'module',
      condition: null,
      parameters: [{ name: 'metric', default: null }, { default: 0.01 }],
    });
  });

  it('keep the portal from starting when they are malformed', async () => {
    const malformed = createBackendModule({
      pluginId: 'model-delivery',
      moduleId: 'malformed',
      register(env) {
        env.registerInit({
          deps: { gateKinds: gateKindsExtensionPoint },
          async init({ gateKinds }) {
            gateKinds.addGateKind({
              id: 'rain',
              title: 'It does not rain',
              stage: 'evaluation',
              requires: ['weather.metrics.rain'],
              when: 'weather.metrics.rain == 0.0',
            });
          },
        });
      },
    });
    await expect(start([surelyBelowModule, malformed])).rejects.toThrow(
      /the gate kind 'rain': requires\[0\] 'weather.metrics.rain' is not a fact/,
    );
  });
});

describe('the guides to gates', () => {
  const docs = resolve(__dirname, '../../../../../docs');
  const read = (file: string) => readFileSync(join(docs, file), 'utf8');

  it.each(['surelyBelow.ts', 'surelyBelowModule.ts'])(
    'show %s as it is run here',
    file => {
      const shown = [
        ...read('adding-a-gate-kind.md').matchAll(/```ts\n([\s\S]*?)```/g),
      ].map(([, code]) => code);
      expect(shown).toContain(
        readFileSync(
          resolve(__dirname, '../../__testUtils__/guide', file),
          'utf8',
        ),
      );
    },
  );

  it('list every gate that is ready to use, as it is', () => {
    const rows = read('ready-gates.md')
      .split('\n')
      .filter(line => /^\| `/.test(line))
      .map(line =>
        line
          .slice(1, -1)
          .split('|')
          .map(cell => cell.trim()),
      );
    const days = (age: string) => duration(1, 3_650).parse(age) / 86_400;
    const named = (parameters: object) =>
      Object.entries(parameters)
        .map(([name, { default: value }]) =>
          value === undefined ? `\`${name}\`` : `\`${name}\` (${value})`,
        )
        .join(', ');
    expect(rows.sort()).toEqual(
      shippedKinds()
        .list()
        .map(({ id, title, parameters, evidence, maxAge }) => [
          `\`${id}\``,
          title,
          named(parameters),
          Object.entries(evidence)
            .map(([fact, text]) => `\`${fact}\`: ${text}`)
            .join('; '),
          `${days(maxAge!)}d`,
        ])
        .sort(),
    );
  });
});
