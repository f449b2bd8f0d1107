import { createMockDirectory } from '@backstage/backend-test-utils';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(60_000);

/** Nobody to ask; a day of soak before production, which is closed over the weekend. */
const policy = (risk: string) => `apiVersion: slipway.dev/v1alpha1
kind: DeliveryPolicy
metadata: { name: ${risk}-test, title: ${risk} }
spec:
  risk: ${risk}
  roles:
    team-lead: { title: Team lead, group: group:default/team-leads }
    on-call: { title: On-call engineer, group: group:default/on-call }
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
      soak: 24h
      freezeWindows:
        - name: weekend
          timeZone: Europe/Zurich
          weekly: { from: 'fri 17:00', to: 'mon 08:00' }
      firstDeploymentApprovals: [{ role: team-lead, reasonRequired: false }]
      breakGlass: { role: on-call, reviewRole: team-lead, reviewWithin: 12h }
      rollout: { strategy: direct }
`;

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('emergencies where others would wait, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const directory = createMockDirectory();
  let engine: TestEngine;
  let delivery: TestDelivery;

  beforeEach(async () => {
    directory.setContent(
      Object.fromEntries(
        ['low', 'medium', 'high'].map(risk => [`${risk}.yaml`, policy(risk)]),
      ),
    );
    // Saturday, 10:00 in Zurich
    engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [modelEntity('credit-default')],
      config: {
        modelDelivery: { policies: { directory: directory.path } },
      },
    });
    delivery = new TestDelivery(engine);
    await delivery.register('v1');
    await delivery.stage('v1');
    // Monday, 12:00 in Zurich
    engine.clock.advance({ hours: 50 });
    const { body } = await delivery
      .request('v1', 'production')
      .expect(answers(201));
    await delivery.until(body.id, 'awaiting-approval');
    answers(201)(await delivery.decide(body.id, people.teamLead, 'team-lead'));
    await delivery.until(body.id, 'succeeded');
  });
  afterEach(() => engine.stop());

  const breakGlass = async (version: string) => {
    const { body } = await engine
      .as(people.onCall)
      .post('/promotions', {
        model: 'model:default/credit-default',
        version,
        environment: 'production',
        breakGlass: { reason: 'The upstream changed its units' },
      })
      .expect(answers(201));
    return body.id as string;
  };
  const soak = {
    kind: 'soak',
    name: 'staging',
    title: '1 d of soak in staging',
  };
  const freeze = {
    kind: 'freeze-window',
    name: 'weekend',
    title: 'The freeze window weekend',
  };

  it('go past the soak and a freeze window, which are named', async () => {
    // Saturday, 12:00
    engine.clock.advance({ hours: 120 });
    await delivery.register('v2');
    await delivery.stage('v2');
    const id = await breakGlass('v2');
    const done = await delivery.until(id, 'succeeded');
    expect(done.breakGlass!.bypassed).toEqual([soak, freeze]);
  });

  it('name what came up while they queued, too', async () => {
    await delivery.register('v2');
    await delivery.stage('v2');
    engine.clock.advance({ hours: 25 });
    engine.deployer.answerInstead = operation =>
      operation === 'prepare v2' ? { state: 'pending' } : undefined;
    const { body } = await delivery.request('v2', 'production');
    await delivery.until(body.id, 'rolling-out');
    await delivery.register('v3');
    await delivery.stage('v3');
    const id = await breakGlass('v3');
    const queued = await delivery.until(id, promotion =>
      promotion.statement.includes('waits'),
    );
    expect(queued.breakGlass!.bypassed).toEqual([soak]);

    // Friday, 21:00: it has soaked but is frozen by now, and what held the environment was given up
    engine.clock.advance({ hours: 80 });
    const done = await delivery.until(id, 'succeeded');
    expect(done.breakGlass!.bypassed).toEqual([freeze]);
  });

  it('do not wait for what trouble stopped before it took traffic, not even for the same version', async () => {
    await delivery.register('v2');
    await delivery.stage('v2');
    engine.clock.advance({ hours: 25 });
    let isDown = true;
    engine.deployer.beforeOperation = operation => {
      if (isDown && operation.startsWith('prepare')) {
        throw new Error('The target does not answer');
      }
    };
    const getStuck = async (version: string) => {
      const { body } = await delivery
        .request(version, 'production')
        .expect(answers(201));
      for (let attempts = 1; attempts <= 5; attempts++) {
        await delivery.until(
          body.id,
          each => each.error?.attempts === attempts,
        );
        engine.clock.advance({ minutes: 1 });
      }
      isDown = false;
      return body.id as string;
    };
    const stuck = await getStuck('v2');
    await delivery.register('v3');
    await delivery.stage('v3');
    const preview = await engine
      .as(people.onCall)
      .get(`${delivery.path}/break-glass?version=v3&environment=production`)
      .expect(answers(200));
    expect(preview.body).toMatchObject({ waitsFor: null, replaces: null });
    await delivery.until(await breakGlass('v3'), 'succeeded');
    const stopped = await delivery.until(stuck, 'cancelled');
    expect(stopped.history.slice(-2).map(each => each.state)).toEqual([
      'errored',
      'cancelled',
    ]);

    isDown = true;
    const again = await getStuck('v2');
    await delivery.until(await breakGlass('v2'), 'succeeded');
    await delivery.until(again, 'cancelled');
  });
});
