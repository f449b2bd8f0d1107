import { Knex } from 'knex';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { sampleRegistration } from '../__testUtils__/samples';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';

jest.setTimeout(60_000);

const MODEL = '/models/default/credit-default';
const INCIDENT = `${MODEL}/incidents/INC-1`;
const report = {
  title: 'Scores are nonsense',
  detectedAt: '2026-11-20T12:00:00.000Z',
  causedByVersion: '2',
};

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('incidents on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Knex;
  let engine: TestEngine;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engine = await startTestEngine({
      knex,
      entities: [modelEntity('credit-default')],
    });
    const api = engine.as();
    for (const version of ['1', '2', '3']) {
      await api
        .post(`${MODEL}/versions`, sampleRegistration(version))
        .expect(201);
    }
    await api
      .post(`${MODEL}/deployments`, {
        id: 'd1',
        version: '1',
        environment: 'production',
        startedAt: '2026-11-18T12:00:00.000Z',
        endedAt: '2026-11-20T10:00:00.000Z',
      })
      .expect(201);
    await api
      .post(`${MODEL}/deployments`, {
        id: 'd2',
        version: '2',
        environment: 'production',
        startedAt: '2026-11-20T10:00:00.000Z',
      })
      .expect(201);
  });
  afterEach(() => engine.stop());

  const deploymentOf = async (externalId: string) =>
    knex('deployments').where({ external_id: externalId }).first('id');

  it('are linked to the deployment that caused them, which then counts as failed until they are resolved', async () => {
    const api = engine.as();
    const { id } = await deploymentOf('d2');
    const first = await api.put(INCIDENT, report).expect(201);
    expect(first.body).toMatchObject({ id: 'INC-1', deploymentId: id });
    expect(await knex('metric_failures').first()).toMatchObject({
      id: `deployment:${id}`,
      recovery_seconds: null,
    });
    expect((await api.get(MODEL).expect(200)).body.health).toEqual({
      state: 'incident',
      detail: report.title,
    });

    const resolved = { ...report, resolvedAt: '2026-11-20T12:10:00.000Z' };
    await api.put(INCIDENT, resolved).expect(200);
    await api.put(INCIDENT, resolved).expect(200);
    const failures = await knex('metric_failures');
    expect(failures).toHaveLength(1);
    expect(Number(failures[0].recovery_seconds)).toBe(600);
    expect((await api.get(MODEL).expect(200)).body.health.state).toBe('ok');
    expect(
      await knex('audit_entries')
        .where('action', 'like', 'incident.%')
        .orderBy('index')
        .pluck('action'),
    ).toEqual(['incident.reported', 'incident.resolved']);
  });

  it('count by themselves when no version caused them, and as failure of another when that turns out', async () => {
    const api = engine.as();
    await api
      .put(INCIDENT, { ...report, causedByVersion: undefined })
      .expect(201);
    expect(await knex('metric_failures').pluck('deployment_id')).toEqual([
      null,
    ]);
    await api.put(INCIDENT, { ...report, causedByVersion: '1' }).expect(200);
    const d1 = await deploymentOf('d1');
    expect(await knex('metric_failures').pluck('id')).toEqual([
      `deployment:${d1.id}`,
    ]);
    const { id } = await deploymentOf('d2');
    await api.put(INCIDENT, report).expect(200);
    expect(await knex('metric_failures').pluck('id')).toEqual([
      `deployment:${id}`,
    ]);
    const failed = await knex('metric_deployments')
      .where({ failed: true })
      .pluck('deployment_id');
    expect(failed).toEqual([id]);
  });

  it('are linked to nothing when their version never served', async () => {
    const { body } = await engine
      .as()
      .put(INCIDENT, { ...report, causedByVersion: '3' })
      .expect(201);
    expect(body.deploymentId).toBeNull();
  });

  it('are linked to a deployment that is recorded after them', async () => {
    await engine
      .as()
      .put(INCIDENT, { ...report, causedByVersion: '3' })
      .expect(201);
    await engine
      .as()
      .post(`${MODEL}/deployments`, {
        id: 'd3',
        version: '3',
        environment: 'production',
        startedAt: '2026-11-20T11:00:00.000Z',
      })
      .expect(201);
    const { id } = await deploymentOf('d3');
    const { body } = await engine.as().get(`${MODEL}/incidents`).expect(200);
    expect(body.items[0].deploymentId).toBe(id);
    expect(await knex('metric_failures').pluck('id')).toEqual([
      `deployment:${id}`,
    ]);
  });

  it.each([
    ['version', { causedByVersion: '9' }, 'request/body/causedByVersion'],
    [
      'resolution before the detection',
      { resolvedAt: '2026-11-20T11:00:00Z' },
      'request/body/resolvedAt',
    ],
    [
      'moment to come',
      { detectedAt: '2026-11-22T11:00:00Z' },
      'request/body/detectedAt',
    ],
    ['address', { url: 'nowhere' }, 'request/body/url'],
  ])('with a wrong %s are refused', async (_what, change, path) => {
    const response = await engine
      .as()
      .put(INCIDENT, { ...report, ...change })
      .expect(400);
    expect(response.body.error.message).toContain(path);
    expect(await knex('incidents')).toEqual([]);
  });

  it('are listed from the newest on', async () => {
    const api = engine.as(people.onCall);
    for (const hour of ['10', '11', '12']) {
      await api
        .put(`${MODEL}/incidents/INC-${hour}`, {
          ...report,
          detectedAt: `2026-11-20T${hour}:00:00Z`,
        })
        .expect(201);
    }
    const ids = (page: { items: { id: string }[] }) =>
      page.items.map(each => each.id);
    const first = await api.get(`${MODEL}/incidents?limit=2`).expect(200);
    expect(ids(first.body)).toEqual(['INC-12', 'INC-11']);
    const second = await api
      .get(`${MODEL}/incidents?limit=2&cursor=${first.body.nextCursor}`)
      .expect(200);
    expect(ids(second.body)).toEqual(['INC-10']);
  });
});
