import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(60_000);

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('deployments made elsewhere, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let engine: TestEngine;
  let delivery: TestDelivery;

  beforeEach(async () => {
    engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [modelEntity('credit-default')],
    });
    delivery = new TestDelivery(engine);
    await delivery.register('v1');
    await delivery.register('v2');
  });
  afterEach(() => engine.stop());

  const record = (id: string, version: string, body: object) =>
    engine.as().post(`${delivery.path}/deployments`, {
      id,
      version,
      environment: 'production',
      ...body,
    });
  const history = async () => {
    const { body } = await engine
      .as(people.outsider)
      .get(`${delivery.path}/deployments`)
      .expect(answers(200));
    return body.items.map(
      (each: {
        version: string;
        kind: string;
        outcome: string;
        endedAt: string | null;
      }) =>
        `${each.version} ${each.kind} ${each.outcome} ${
          each.endedAt?.slice(0, 10) ?? 'now'
        }`,
    );
  };

  it('end the recorded one that they replace, and are recorded once', async () => {
    const first = await record('d-1', 'v1', {
      startedAt: '2026-10-01T00:00:00Z',
      approvedBy: [people.teamLead],
      reason: 'planned',
    }).expect(answers(201));
    expect(first.body).toMatchObject({
      origin: 'recorded',
      outcome: 'serving',
      approvedBy: [people.teamLead],
    });
    await record('d-2', 'v2', { startedAt: '2026-10-10T00:00:00Z' }).expect(
      answers(201),
    );
    await record('d-2', 'v2', { startedAt: '2026-10-10T00:00:00Z' }).expect(
      answers(200),
    );
    await record('d-2', 'v1', { startedAt: '2026-10-10T00:00:00Z' }).expect(
      answers(409),
    );
    await record('d-3', 'v1', {
      startedAt: '2026-10-12T00:00:00Z',
      restores: true,
    }).expect(answers(201));
    expect(await history()).toEqual([
      'v1 rollback serving now',
      'v2 promotion rolled-back 2026-10-12',
      'v1 promotion superseded 2026-10-10',
    ]);
    const at = new URLSearchParams({ at: '2026-10-11T00:00:00Z' });
    const { body } = await engine
      .as(people.outsider)
      .get(`${delivery.path}/serving?${at}`)
      .expect(answers(200));
    expect(body.items).toMatchObject([{ version: 'v2' }]);
    const long = new URLSearchParams({ at: '2020-01-01T00:00:00Z' });
    const none = await engine
      .as(people.outsider)
      .get(`${delivery.path}/serving?${long}`);
    expect(none.body.items).toEqual([]);
  });

  it('are refused when they overlap or make no sense', async () => {
    await record('d-1', 'v1', {
      startedAt: '2026-10-05T00:00:00Z',
      endedAt: '2026-10-10T00:00:00Z',
    }).expect(answers(201));
    const overlap = await record('d-2', 'v2', {
      startedAt: '2026-10-01T00:00:00Z',
      endedAt: '2026-10-06T00:00:00Z',
    }).expect(answers(409));
    expect(overlap.body.error.message).toContain(
      'would overlap that of v1 in production from 2026-10-05',
    );
    for (const body of [
      { startedAt: '2027-01-01T00:00:00Z' },
      { startedAt: '2026-10-20T00:00:00Z', endedAt: '2026-10-20T00:00:00Z' },
      { startedAt: '2026-10-20T00:00:00Z', outcome: 'rolled-back' },
      { startedAt: '2026-10-20T00:00:00Z', environment: 'mars' },
    ]) {
      await record('d-3', 'v2', body).expect(answers(400));
    }
    await record('d-3', 'v9', { startedAt: '2026-10-20T00:00:00Z' }).expect(
      answers(404),
    );
    expect(await history()).toHaveLength(1);
  });

  it('never change what Slipway itself deployed', async () => {
    await delivery.deployFirst('v1');
    const { body } = await record('d-1', 'v2', {
      startedAt: engine.clock.now().toISOString(),
    }).expect(answers(409));
    expect(body.error.message).toContain('which Slipway made itself');
  });

  it('prove nothing once Slipway has deployed there', async () => {
    await delivery.deployFirst('v1');
    // Nobody but who records it ever saw it serve
    for (const environment of ['staging', 'production']) {
      await record(`old-${environment}`, 'v2', {
        environment,
        startedAt: '2020-01-01T00:00:00Z',
        endedAt: '2020-01-02T00:00:00Z',
        approvedBy: [people.riskManager, people.complianceOfficer],
      }).expect(answers(201));
    }
    const back = await engine
      .as(people.onCall)
      .post(`${delivery.path}/rollbacks`, {
        environment: 'production',
        version: 'v2',
        reason: 'To have it there',
      })
      .expect(answers(409));
    expect(back.body.error.message).toContain(
      'what was recorded after Slipway had deployed there does not count',
    );
    const { body: model } = await engine
      .as(people.outsider)
      .get(delivery.path)
      .expect(answers(200));
    expect(
      model.environments.map(
        (each: { rollbackTarget: unknown }) => each.rollbackTarget,
      ),
    ).toEqual([null, null]);
    const next = await delivery
      .request('v2', 'production')
      .expect(answers(409));
    expect(next.body.error.message).toContain('staging');
  });

  it('are returned to by somebody else than who recorded them, who approved nothing then', async () => {
    await record('before', 'v1', {
      environment: 'staging',
      startedAt: '2026-10-01T00:00:00Z',
      approvedBy: [people.riskManager],
    }).expect(answers(201));
    await delivery.stage('v2');
    const back = (by?: string) =>
      engine.as(by).post(`${delivery.path}/rollbacks`, {
        environment: 'staging',
        reason: 'Nonsense answers',
      });
    const refused = await back().expect(answers(403));
    expect(refused.body.error.message).toContain(
      'recorded that v1 served in staging, so somebody else has to return to it',
    );
    const { body: made } = await back(people.onCall).expect(answers(201));
    await delivery.until(made.id, 'succeeded');
    const { body: serving } = await engine
      .as(people.outsider)
      .get(`${delivery.path}/serving?environment=staging`)
      .expect(answers(200));
    expect(serving.items).toMatchObject([{ version: 'v1', approvedBy: [] }]);
  });

  it('are paged newest first', async () => {
    for (let day = 1; day <= 5; day++) {
      await record(`d-${day}`, day % 2 ? 'v1' : 'v2', {
        startedAt: `2026-10-0${day}T00:00:00Z`,
      }).expect(answers(201));
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({
        limit: '2',
        ...(cursor && { cursor }),
      });
      const { body } = await engine
        .as(people.outsider)
        .get(`${delivery.path}/deployments?${query}`)
        .expect(answers(200));
      seen.push(
        ...body.items.map((each: { startedAt: string }) =>
          each.startedAt.slice(8, 10),
        ),
      );
      cursor = body.nextCursor;
    } while (cursor);
    expect(seen).toEqual(['05', '04', '03', '02', '01']);
    // Those of a period are those that served in it, whenever they began
    const since = async (moment: string) => {
      const { body } = await engine
        .as(people.outsider)
        .get(`${delivery.path}/deployments?since=${encodeURIComponent(moment)}`)
        .expect(answers(200));
      return body.items.map((each: { startedAt: string }) =>
        each.startedAt.slice(8, 10),
      );
    };
    expect(await since('2026-10-04T12:00:00Z')).toEqual(['05', '04']);
    expect(await since('2026-10-04T00:00:00Z')).toEqual(['05', '04']);
    expect(await since('2026-11-01T00:00:00Z')).toEqual(['05']);
  });
});
