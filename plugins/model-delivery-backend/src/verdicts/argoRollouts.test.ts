import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import {
  answers,
  goodFacts,
  TestDelivery,
} from '../__testUtils__/TestDelivery';

jest.setTimeout(120_000);

interface WebMetric {
  name: string;
  successCondition: string;
  failureCondition: string;
  provider: {
    web: {
      url: string;
      headers: { key: string; value: string }[];
      jsonPath: string;
    };
  };
}

/** The metric that the README of the gate gives to Argo Rollouts. */
function readMetric(): WebMetric {
  const readme = readFileSync(
    resolve(__dirname, '../../../../packages/gate/README.md'),
    'utf8',
  );
  const [, text] = /```yaml\n(metrics:\n[^`]+)```/.exec(readme)!;
  const { metrics } = parse(text);
  expect(metrics).toHaveLength(1);
  return metrics[0];
}

/** Whether a condition holds, of the only form that is used here: `result == "text"`. */
function holds(condition: string, result: unknown): boolean {
  const [, text] = /^result == "([a-z]+)"$/.exec(condition)!;
  return result === text;
}

/**
 * What Argo Rollouts makes of an answer, as its documentation of analysis has it: `result` is what the path finds in the
 * body. Of two conditions the failure counts first, and a measurement that meets neither is inconclusive.
 */
function measure(metric: WebMetric, body: Record<string, unknown>) {
  const [, field] = /^\{\$\.([A-Za-z]+)\}$/.exec(metric.provider.web.jsonPath)!;
  expect(Object.keys(body)).toContain(field);
  const result = body[field];
  if (holds(metric.failureCondition, result)) {
    return 'Failed';
  }
  return holds(metric.successCondition, result) ? 'Successful' : 'Inconclusive';
}

describe('the web metric for Argo Rollouts', () => {
  const databases = MigratedDatabases.create({ ids: ['SQLITE_3'] });
  let engine: TestEngine;
  let delivery: TestDelivery;

  beforeEach(async () => {
    engine = await startTestEngine({
      knex: await databases.init('SQLITE_3'),
      entities: [modelEntity('credit-default')],
    });
    delivery = new TestDelivery(engine);
  });
  afterEach(() => engine.stop());

  /** Asks as Argo Rollouts would, about a version. */
  async function ask(version: string) {
    const metric = readMetric();
    const url = new URL(
      metric.provider.web.url.replace('{{args.version}}', version),
    );
    const prefix = '/api/model-delivery';
    expect(url.pathname.startsWith(`${prefix}/`)).toBe(true);
    const { body } = await engine
      .as()
      .get(`${url.pathname.slice(prefix.length)}${url.search}`)
      .expect(answers(200));
    return measure(metric, body);
  }

  it('has nothing but what Argo Rollouts knows, and carries the token', () => {
    const { provider, ...rest } = readMetric();
    expect(Object.keys(rest).sort()).toEqual([
      'failureCondition',
      'name',
      'successCondition',
    ]);
    expect(Object.keys(provider)).toEqual(['web']);
    expect(Object.keys(provider.web).sort()).toEqual([
      'headers',
      'jsonPath',
      'url',
    ]);
    expect(provider.web.headers).toEqual([
      { key: 'Authorization', value: 'Bearer {{args.slipway-token}}' },
    ]);
  });

  it('fails what is refused, leaves open what waits for people, and lets go on what is allowed', async () => {
    await delivery.register('v1', {
      facts: {
        ...goodFacts(1),
        candidate: { ...goodFacts(1).candidate, fairness_gap: 0.2 },
      },
    });
    expect(await ask('v1')).toBe('Failed');

    await delivery.register('v2');
    await delivery.stage('v2');
    expect(await ask('v2')).toBe('Inconclusive');
    const id = await delivery.askForApproval('v2');
    expect(await ask('v2')).toBe('Inconclusive');

    await delivery.approve(id);
    await delivery.until(id, 'succeeded');
    expect(await ask('v2')).toBe('Successful');
  });
});
