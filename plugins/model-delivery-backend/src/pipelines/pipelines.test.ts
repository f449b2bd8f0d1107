import { Knex } from 'knex';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';

jest.setTimeout(60_000);

const RUNS = '/models/default/credit-default/runs';

const running = {
  trigger: 'code',
  outcome: 'running',
  startedAt: '2026-11-21T08:00:00.000Z',
  commit: 'abc1234',
  url: 'https://ci.example.com/7',
  stages: [
    { stage: 'training', outcome: 'running' },
    { stage: 'code-validation', outcome: 'success' },
  ],
};
const finished = {
  ...running,
  outcome: 'failure',
  finishedAt: '2026-11-21T08:30:00.000Z',
  version: '1',
  stages: [
    { stage: 'code-validation', outcome: 'success' },
    { stage: 'training', outcome: 'success' },
    { stage: 'evaluation', outcome: 'failure', message: 'f1 is too low' },
  ],
};

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('pipeline runs on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Knex;
  let engine: TestEngine;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engine = await startTestEngine({
      knex,
      entities: [modelEntity('credit-default')],
    });
  });
  afterEach(() => engine.stop());

  it('follows a run until it is over, and then leaves it as it is', async () => {
    const api = engine.as();
    const first = await api.put(`${RUNS}/ci-7`, running).expect(201);
    expect(
      first.body.stages.map((each: { stage: string }) => each.stage),
    ).toEqual(['code-validation', 'training']);
    await api.put(`${RUNS}/ci-7`, running).expect(200);
    const last = await api.put(`${RUNS}/ci-7`, finished).expect(200);
    expect(last.body).toMatchObject({
      id: 'ci-7',
      outcome: 'failure',
      finishedAt: finished.finishedAt,
      reportedBy: 'service:pipeline',
    });
    await api.put(`${RUNS}/ci-7`, finished).expect(200);
    const refused = await api
      .put(`${RUNS}/ci-7`, { ...finished, outcome: 'success' })
      .expect(409);
    expect(refused.body.error).toMatchObject({
      current: { outcome: 'failure' },
    });
    expect((await api.get(`${RUNS}/ci-7`).expect(200)).body).toEqual(last.body);
    expect(
      await knex('audit_entries')
        .where('action', 'like', 'run.%')
        .orderBy('index')
        .pluck('action'),
    ).toEqual(['run.started', 'run.finished']);
    expect(await knex('metric_runs')).toMatchObject([
      { external_id: 'ci-7', outcome: 'failure' },
    ]);
  });

  it('does not let a late report take back a stage', async () => {
    const api = engine.as();
    await api
      .put(`${RUNS}/ci-7`, {
        ...running,
        stages: [{ stage: 'training', outcome: 'success' }],
      })
      .expect(201);
    const refused = await api.put(`${RUNS}/ci-7`, running).expect(409);
    expect(refused.body.error.message).toContain('training');
  });

  it('takes one of many first reports at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        engine.as().put(`${RUNS}/ci-7`, finished),
      ),
    );
    expect(answers.map(each => each.status).sort()).toEqual([
      ...Array(9).fill(200),
      201,
    ]);
    expect(await knex('metric_runs')).toHaveLength(1);
  });

  it.each([
    [
      'end that is missing',
      { ...finished, finishedAt: undefined },
      'request/body/finishedAt',
    ],
    [
      'end of a run that goes on',
      { ...running, finishedAt: '2026-11-21T08:30:00Z' },
      'request/body/finishedAt',
    ],
    [
      'end before its start',
      { ...finished, finishedAt: '2026-11-21T07:30:00Z' },
      'request/body/finishedAt',
    ],
    [
      'end to come',
      { ...finished, finishedAt: '2026-11-22T07:30:00Z' },
      'request/body/finishedAt',
    ],
    [
      'stage told twice',
      { ...running, stages: [running.stages[0], running.stages[0]] },
      'request/body/stages/1/stage',
    ],
    [
      'stage that does not exist',
      { ...running, stages: [{ stage: 'lunch', outcome: 'success' }] },
      'request/body/stages/0/stage',
    ],
    [
      'address that is none',
      { ...running, url: 'ftp://x' },
      'request/body/url',
    ],
  ])('refuses an %s and writes nothing', async (_what, report, path) => {
    const response = await engine.as().put(`${RUNS}/ci-7`, report).expect(400);
    expect(response.body.error.message).toContain(path);
    expect(await knex('pipeline_runs')).toEqual([]);
  });

  it('pages from the newest on', async () => {
    for (const hour of ['05', '06', '07']) {
      await engine
        .as()
        .put(`${RUNS}/ci-${hour}`, {
          ...running,
          startedAt: `2026-11-21T${hour}:00:00Z`,
        })
        .expect(201);
    }
    const ids = (page: { items: { id: string }[] }) =>
      page.items.map(each => each.id);
    const first = await engine.as().get(`${RUNS}?limit=2`).expect(200);
    expect(ids(first.body)).toEqual(['ci-07', 'ci-06']);
    const second = await engine
      .as()
      .get(`${RUNS}?limit=2&cursor=${first.body.nextCursor}`)
      .expect(200);
    expect(ids(second.body)).toEqual(['ci-05']);
    await engine.as().get(`${RUNS}/ci-99`).expect(404);
  });
});
