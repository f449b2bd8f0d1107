import { Knex } from 'knex';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity } from '../__testUtils__/people';
import { sampleEvaluation, sampleRegistration } from '../__testUtils__/samples';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';

jest.setTimeout(60_000);

const VERSIONS = '/models/default/credit-default/versions';
const EVALUATIONS = `${VERSIONS}/1/evaluations`;

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('evaluations on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Knex;
  let engine: TestEngine;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engine = await startTestEngine({
      knex,
      entities: [modelEntity('credit-default')],
    });
    await engine.as().post(VERSIONS, sampleRegistration('1')).expect(201);
  });
  afterEach(() => engine.stop());

  const metricsOf = async () =>
    (await engine.as().get(`${VERSIONS}/1`).expect(200)).body.metrics;

  it('records an evaluation once, under its id', async () => {
    const first = await engine
      .as()
      .post(EVALUATIONS, sampleEvaluation('e1'))
      .expect(201);
    expect(first.body).toMatchObject({
      id: 'e1',
      version: '1',
      fact: 'candidate',
      reportedBy: 'service:pipeline',
      dataset: null,
      run: null,
    });
    const again = await engine
      .as()
      .post(EVALUATIONS, sampleEvaluation('e1'))
      .expect(200);
    expect(again.body).toEqual(first.body);
    const other = await engine
      .as()
      .post(
        EVALUATIONS,
        sampleEvaluation('e1', { metrics: [{ name: 'f1', value: 0.9 }] }),
      )
      .expect(409);
    expect(other.body.error.message).toContain('evaluation e1');
    expect(await metricsOf()).toEqual(sampleEvaluation('e1').metrics);
    expect(
      await knex('audit_entries').where({ action: 'evaluation.reported' }),
    ).toHaveLength(1);

    const confusionMatrix = {
      labels: ['repaid', 'defaulted'],
      counts: [
        [90, 10],
        [4, 16],
      ],
    };
    const withMatrix = await engine
      .as()
      .post(EVALUATIONS, sampleEvaluation('e2', { confusionMatrix }))
      .expect(201);
    expect(withMatrix.body.confusionMatrix).toEqual(confusionMatrix);
    const uneven = await engine
      .as()
      .post(
        EVALUATIONS,
        sampleEvaluation('e3', {
          confusionMatrix: {
            ...confusionMatrix,
            counts: [
              [1, 2],
              [1, 2, 3],
            ],
          },
        }),
      )
      .expect(400);
    expect(uneven.body.error.message).toContain(
      'request/body/confusionMatrix/counts/1 has 3 counts',
    );
  });

  it('keeps what was measured last, in whatever order it is told', async () => {
    const report = (id: string, day: number, value: number) =>
      engine
        .as()
        .post(
          EVALUATIONS,
          sampleEvaluation(id, {
            measuredAt: `2026-11-${day}T10:00:00.000Z`,
            metrics: [{ name: 'f1', value }],
          }),
        )
        .expect(201);
    await report('e2', 20, 0.9);
    await report('e1', 19, 0.7);
    expect(await metricsOf()).toEqual([{ name: 'f1', value: 0.9 }]);
    await report('e3', 21, 0.8).catch(() => {});
    await engine
      .as()
      .post(
        EVALUATIONS,
        sampleEvaluation('e4', {
          fact: 'training',
          metrics: [{ name: 'f1', value: 0.95 }],
        }),
      )
      .expect(201);
    const { body } = await engine.as().get(`${VERSIONS}/1`).expect(200);
    expect(body.trainingMetrics).toEqual([{ name: 'f1', value: 0.95 }]);
  });

  it('counts slices for what they are, not for the whole', async () => {
    await engine
      .as()
      .post(
        EVALUATIONS,
        sampleEvaluation('e1', {
          metrics: [
            { name: 'f1', value: 0.8 },
            {
              name: 'f1',
              value: 0.6,
              slice: { attribute: 'age', value: '< 25' },
            },
          ],
        }),
      )
      .expect(201);
    expect(await metricsOf()).toEqual([{ name: 'f1', value: 0.8 }]);
    const { body } = await engine.as().get(EVALUATIONS).expect(200);
    expect(body.items[0].metrics).toHaveLength(2);
  });

  it('records one of many reports of the same evaluation at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        engine.as().post(EVALUATIONS, sampleEvaluation('e1')),
      ),
    );
    expect(answers.map(each => each.status).sort()).toEqual([
      ...Array(11).fill(200),
      201,
    ]);
    expect(await knex('evaluations')).toHaveLength(1);
  });

  it.each([
    [
      'moment to come',
      { measuredAt: '2026-11-22T10:00:00Z' },
      'request/body/measuredAt',
    ],
    [
      'metric told twice',
      {
        metrics: [
          { name: 'f1', value: 1 },
          { name: 'f1', value: 2 },
        ],
      },
      'request/body/metrics/1',
    ],
    [
      'interval upside down',
      {
        metrics: [
          {
            name: 'f1',
            value: 1,
            interval: { low: 2, high: 1, level: 0.95 },
          },
        ],
      },
      'request/body/metrics/0/interval/low',
    ],
    ['fact of the engine itself', { fact: 'production' }, 'request/body/fact'],
    ['empty report', { metrics: [] }, 'request/body/metrics'],
  ])('refuses a %s and writes nothing', async (_what, change, path) => {
    const response = await engine
      .as()
      .post(EVALUATIONS, { ...sampleEvaluation('e1'), ...change })
      .expect(400);
    expect(response.body.error.message).toContain(path);
    expect(await knex('evaluations')).toEqual([]);
    expect(await knex('measurements')).toEqual([]);
  });

  it('pages from the newest on', async () => {
    for (const id of ['a', 'b', 'c']) {
      await engine.as().post(EVALUATIONS, sampleEvaluation(id)).expect(201);
      engine.clock.advance({ seconds: 1 });
    }
    const ids = (page: { items: { id: string }[] }) =>
      page.items.map(each => each.id);
    const first = await engine.as().get(`${EVALUATIONS}?limit=2`).expect(200);
    expect(ids(first.body)).toEqual(['c', 'b']);
    const second = await engine
      .as()
      .get(`${EVALUATIONS}?limit=2&cursor=${first.body.nextCursor}`)
      .expect(200);
    expect(ids(second.body)).toEqual(['a']);
  });
});
