import { createMockDirectory } from '@backstage/backend-test-utils';
import { arrangeRollout } from '../__testUtils__/arrangeRollout';
import { ArrangedEngines } from '../__testUtils__/ArrangedEngines';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { people } from '../__testUtils__/people';
import { SHADOW } from '../__testUtils__/rolloutPolicies';
import { TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(60_000);

const METRICS =
  '[{ name: error-rate, margin: 0.05 }, { name: latency, margin: 20 }, { name: score-shift, margin: 0.1 }, { name: score-ks, margin: 0.1 }, { name: score-psi, margin: 0.1 }]';
const CANARY = `strategy: canary, steps: [{ share: 20, window: 10m, minimumSamples: 250 }, { share: 100, window: 10m, minimumSamples: 250 }], metrics: ${METRICS}`;
const GREEN = `strategy: blue-green, watch: 24h, verify: { window: 10m, minimumSamples: 250 }, metrics: ${METRICS}`;

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('a rollout judged by scores on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const engines = new ArrangedEngines(databases, databaseId);
  const directory = createMockDirectory();
  let engine: TestEngine;
  let delivery: TestDelivery;

  const arrange = async (
    rollout: string,
    more: Record<string, string> = {},
  ) => {
    ({ engine, delivery } = await arrangeRollout(
      engines,
      directory,
      rollout,
      more,
    ));
    engine.deployer.behave('v1', { score: 0.4 });
  };
  afterEach(() => engine.stop());

  const start = async () => {
    const { body } = await delivery
      .request('v2', 'production')
      .expect(answers(201));
    return body.id as string;
  };

  it('takes back a candidate whose scores move while errors and latencies stay', async () => {
    await arrange(CANARY);
    engine.deployer.behave('v2', { score: 0.45 });
    const id = await start();
    await delivery.untilStep(id, 0);
    engine.clock.advance({ minutes: 11 });
    const promotion = await delivery.until(id, 'rolled-back');
    const [step] = promotion.rollout!.steps;
    expect(step.state).toBe('failed');
    expect(step.analysis.map(each => `${each.metric} ${each.verdict}`)).toEqual(
      [
        'error-rate pass',
        'latency pass',
        'score-shift fail',
        'score-ks fail',
        'score-psi fail',
      ],
    );
    const shift = step.analysis[2];
    // The middle half of scores that spread evenly over 0.2 is 0.1 wide
    expect(shift.difference!.estimate).toBeCloseTo(0.5, 1);
    expect(shift.explanation).toBe(
      "the median score is 0.55 against 0.5: scores are shifted by +50.1 % (+47.4 % to +52.7 %), beyond the margin of 10 % of the control's usual spread either way",
    );
    const audit = await engine
      .as(people.riskManager)
      .get('/audit?action=promotion.step-failed')
      .expect(answers(200));
    expect(audit.body.items[0].summary).toContain(
      'scores are shifted by +50.1 %',
    );
  });

  it('lets a candidate with the same scores take all traffic', async () => {
    await arrange(CANARY);
    engine.deployer.behave('v2', { score: 0.4 });
    const id = await start();
    for (const step of [0, 1]) {
      await delivery.untilStep(id, step);
      engine.clock.advance({ minutes: 11 });
    }
    const { rollout } = await delivery.until(id, 'succeeded');
    expect(rollout!.steps.map(each => each.state)).toEqual([
      'passed',
      'passed',
    ]);
  });

  it('pauses for a person when nothing is known of the scores', async () => {
    await arrange(CANARY);
    const id = await start();
    await delivery.untilStep(id, 0);
    engine.clock.advance({ minutes: 11 });
    const { rollout } = await delivery.until(id, 'paused');
    expect(rollout!.steps[0].analysis[2]).toMatchObject({
      verdict: 'inconclusive',
      explanation: 'scores: the candidate gave none',
    });
  });

  it.each([
    [CANARY, 'Step 1 (20 %)'],
    [GREEN, 'The switch'],
    [`${SHADOW}, ${GREEN}`, 'The shadow'],
  ])(
    'is refused before it starts where nothing gives scores: %#',
    async (rollout, first) => {
      await arrange(rollout);
      const remedies = { scores: 'have the fake look at what is predicted' };
      engine.deployer.signals = { kinds: ['errors', 'latencies'], remedies };
      const refused = await delivery
        .request('v2', 'production')
        .expect(answers(409));
      expect(refused.body.error.message).toBe(
        `${first} would be judged by score-shift, score-ks and score-psi, but the metrics source 'fake' of model:default/credit-default in production gives no scores, so it could never pass; have the fake look at what is predicted, name another source in modelDelivery.targets, or choose other metrics in the policy`,
      );
      engine.deployer.signals = { kinds: ['errors', 'scores'] };
      const blind = await delivery
        .request('v2', 'production')
        .expect(answers(409));
      expect(blind.body.error.message).toContain(
        "judged by latency, but the metrics source 'fake' of model:default/credit-default in production gives no latencies, so it could never pass; have it give latencies, name",
      );
      const list = await engine
        .as(people.mlEngineer)
        .get('/promotions?environment=production')
        .expect(answers(200));
      expect(list.body.items.map((each: any) => each.version)).toEqual(['v1']);
      // Where it cannot be told now, the steps find out
      engine.deployer.signals = new Error('The server is down');
      await start();
    },
  );

  it('is not begun when its source has stopped giving scores since it was asked for', async () => {
    await arrange(CANARY, {
      approvals: '[{ role: team-lead, reasonRequired: false }]',
    });
    const id = await delivery.askForApproval('v2');
    engine.deployer.signals = { kinds: ['errors', 'latencies'] };
    answers(201)(await delivery.decide(id, people.teamLead, 'team-lead'));
    const { statement } = await delivery.until(id, 'blocked');
    expect(statement).toContain("the metrics source 'fake' of");
    expect(engine.deployer.performed).toEqual([]);
  });

  it('switches back a blue-green rollout whose scores move', async () => {
    await arrange(GREEN);
    engine.deployer.behave('v2', { score: 0.35 });
    const id = await start();
    await delivery.untilStep(id, 0);
    engine.clock.advance({ minutes: 11 });
    await delivery.until(id, 'rolled-back');
    expect(
      engine.deployer
        .sharesOf({
          model: 'model:default/credit-default',
          environment: 'production',
        })
        .map(each => `${each.version}=${each.share}`),
    ).toEqual(['v1=100']);
  });
});
