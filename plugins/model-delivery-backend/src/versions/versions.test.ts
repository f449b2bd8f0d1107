import { createHash } from 'node:crypto';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { Knex } from 'knex';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import {
  sampleEvaluation,
  sampleParts,
  sampleRegistration,
} from '../__testUtils__/samples';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';

const sha256 = (text: string) =>
  `sha256:${createHash('sha256').update(text).digest('hex')}`;

jest.setTimeout(60_000);

const MODEL = '/models/default/credit-default';
const VERSIONS = `${MODEL}/versions`;

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('versions on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Knex;
  let engine: TestEngine;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engine = await startTestEngine({
      knex,
      entities: [modelEntity('credit-default')],
      decide: (permission, user) =>
        user === people.outsider && permission !== 'model-delivery.model.read'
          ? { result: AuthorizeResult.DENY }
          : { result: AuthorizeResult.ALLOW },
    });
  });
  afterEach(() => engine.stop());

  it('names whoever trained it as the catalog does, and keeps what was told', async () => {
    const { body } = await engine
      .as()
      .post(VERSIONS, {
        ...sampleRegistration('1'),
        parts: { ...sampleParts(), trainedBy: 'dana@example.com' },
      })
      .expect(201);
    expect(body).toMatchObject({
      trainedBy: 'user:default/dana',
      parts: { trainedBy: 'dana@example.com' },
    });
  });

  it('registers a version once, however often it is told', async () => {
    const pipeline = engine.as();
    const first = await pipeline
      .post(VERSIONS, sampleRegistration('1'))
      .expect(201);
    expect(first.body).toMatchObject({
      model: 'model:default/credit-default',
      version: '1',
      registeredBy: 'service:pipeline',
      changeKinds: ['code', 'data', 'configuration'],
      parts: sampleParts(),
      environments: [],
      metrics: [],
    });
    expect(first.body.digest).toMatch(/^sha256:[0-9a-f]{64}$/);

    const again = await pipeline
      .post(VERSIONS, {
        ...sampleRegistration('1'),
        digest: first.body.digest,
      })
      .expect(200);
    expect(again.body).toEqual(first.body);
    const renamed = await pipeline
      .post(VERSIONS, sampleRegistration('1-again'))
      .expect(201);
    expect(renamed.body.digest).toBe(first.body.digest);

    const audit = await engine
      .as(people.dataScientist)
      .get('/audit?action=version.registered')
      .expect(200);
    expect(
      audit.body.items.map((each: { subject: string }) => each.subject),
    ).toEqual(['version:credit-default/1-again', 'version:credit-default/1']);
    const model = await knex('models').first();
    expect(model).toMatchObject({
      latest_version: '1-again',
      version_count: 2,
    });
  });

  it('refuses other parts under a name that is taken, naming them', async () => {
    const pipeline = engine.as();
    await pipeline.post(VERSIONS, sampleRegistration('1')).expect(201);
    const refused = await pipeline
      .post(
        VERSIONS,
        sampleRegistration('1', {
          parts: sampleParts({
            code: { commit: 'def5678' },
            parameters: { depth: '5' },
          }),
        }),
      )
      .expect(409);
    expect(refused.body.error.message).toContain(
      'parts.code.commit, parts.code.repository, parts.parameters.depth',
    );
    expect(await knex('versions')).toHaveLength(1);
  });

  it.each([
    ['digest', { digest: `sha256:${'0'.repeat(64)}` }, 'request/body/digest'],
    ['unknown field', { colour: 'red' }, 'request/body'],
    [
      'wrong type',
      { parts: { ...sampleParts(), parameters: { depth: 4 } } },
      'request/body/parts/parameters/depth',
    ],
    [
      'missing part',
      { parts: { ...sampleParts(), artifact: {} } },
      'request/body/parts/artifact',
    ],
  ])('refuses a wrong %s and writes nothing', async (_what, change, path) => {
    const response = await engine
      .as()
      .post(VERSIONS, { ...sampleRegistration('1'), ...change })
      .expect(400);
    expect(response.body.error.message).toContain(path);
    expect(await knex('versions')).toEqual([]);
    expect(await knex('audit_entries').whereNotNull('model_ref')).toEqual([]);
  });

  it('names both digests when the one sent along is wrong', async () => {
    const wrong = `sha256:${'0'.repeat(64)}`;
    const response = await engine
      .as()
      .post(VERSIONS, sampleRegistration('1', { digest: wrong }))
      .expect(400);
    const { body } = await engine
      .as()
      .post(VERSIONS, sampleRegistration('1'))
      .expect(201);
    expect(response.body.error.message).toContain(wrong);
    expect(response.body.error.message).toContain(body.digest);
  });

  it('knows no version of a model that is not in the catalog', async () => {
    const response = await engine
      .as()
      .post('/models/default/nobody/versions', sampleRegistration('1'))
      .expect(404);
    expect(response.body.error.message).toBe(
      'There is no model model:default/nobody in the catalog',
    );
    await engine.as().get(`${VERSIONS}/7`).expect(404);
  });

  it('lets nobody register who may not report evidence', async () => {
    await engine
      .as(people.outsider)
      .post(VERSIONS, sampleRegistration('1'))
      .expect(403);
    expect(await knex('versions')).toEqual([]);
  });

  it('registers one of several attempts at the same version, and numbers all without a gap', async () => {
    const pipeline = engine.as();
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, i) =>
        pipeline.post(VERSIONS, sampleRegistration(String(i % 8))),
      ),
    );
    expect(answers.map(each => each.status).sort()).toEqual([
      ...Array(16).fill(200),
      ...Array(8).fill(201),
    ]);
    const positions = await knex('versions')
      .orderBy('position')
      .pluck('position');
    expect(positions.map(Number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(
      await knex('audit_entries').where({ action: 'version.registered' }),
    ).toHaveLength(8);
  });

  it('pages from the newest on', async () => {
    for (const name of ['1', '2', '3']) {
      await engine.as().post(VERSIONS, sampleRegistration(name)).expect(201);
    }
    const first = await engine.as().get(`${VERSIONS}?limit=2`).expect(200);
    expect(names(first.body)).toEqual(['3', '2']);
    const second = await engine
      .as()
      .get(`${VERSIONS}?limit=2&cursor=${first.body.nextCursor}`)
      .expect(200);
    expect(names(second.body)).toEqual(['1']);
    expect(second.body.nextCursor).toBeUndefined();
    await engine.as().get(`${VERSIONS}?cursor=nonsense`).expect(400);
  });

  it('knows the people behind the addresses of commits, and keeps them as given', async () => {
    await engine
      .as()
      .post(
        VERSIONS,
        sampleRegistration('1', {
          parts: sampleParts({ trainedBy: 'user:Default/Dana' }),
          commits: [
            {
              sha: 'abc1234',
              author: 'MILO@example.com',
              authoredAt: '2026-11-20T10:00:00Z',
            },
            {
              sha: 'abc1233',
              author: 'stranger@example.com',
              authoredAt: '2026-11-19T10:00:00Z',
            },
          ],
        }),
      )
      .expect(201);
    const row = await knex('versions').first();
    expect(JSON.parse(row.authors)).toEqual([
      { given: 'MILO@example.com', ref: people.mlEngineer },
      { given: 'stranger@example.com', ref: 'stranger@example.com' },
    ]);
    expect(row.trained_by).toBe(people.dataScientist);
    expect(new Date(row.first_commit_at).toISOString()).toBe(
      '2026-11-19T10:00:00.000Z',
    );
  });

  it('derives the kinds of change from the version before, unless they are told', async () => {
    const register = async (name: string, changes: object) =>
      (
        await engine
          .as()
          .post(VERSIONS, sampleRegistration(name, changes))
          .expect(201)
      ).body.changeKinds;
    await register('1', {});
    expect(
      await register('2', {
        parts: sampleParts({ code: { commit: 'def5678' } }),
      }),
    ).toEqual(['code']);
    expect(
      await register('3', {
        parts: sampleParts({
          code: { commit: 'def5678' },
          data: [{ name: 'loans', version: '2026-11' }],
          baseModel: 'bert@2',
        }),
      }),
    ).toEqual(['data', 'base-model']);
    expect(
      await register('4', {
        parts: sampleParts({
          code: { commit: 'def5678' },
          data: [{ name: 'loans', version: '2026-11' }],
          baseModel: 'bert@2',
          parameters: { depth: '9' },
        }),
      }),
    ).toEqual(['configuration']);
    expect(await register('5', { changeKinds: ['data'] })).toEqual(['data']);
  });

  it('compares texts of the configuration that it was shown, and believes none of another digest', async () => {
    const api = engine.as();
    const register = (
      version: string,
      digest: string,
      text?: string,
      name = 'prompt',
    ) =>
      api.post(
        VERSIONS,
        sampleRegistration(version, {
          parts: sampleParts({ configuration: [{ name: 'prompt', digest }] }),
          ...(text !== undefined && { configurationTexts: [{ name, text }] }),
        }),
      );
    const [one, two] = ['Be brief.\nSay why.', 'Be brief.\nSay <b>how</b>.'];
    const configuration = async () =>
      (await api.get(`${VERSIONS}/2/changes?against=1`).expect(200)).body
        .configuration;
    await register('1', sha256(one), one).expect(201);
    await register('2', sha256(two)).expect(201);
    const untold = {
      name: 'prompt',
      from: sha256(one),
      to: sha256(two),
      change: 'changed',
    };
    expect(await configuration()).toEqual([untold]);
    // Told later, with the same parts
    await register('2', sha256(two), two).expect(200);
    expect(await configuration()).toEqual([
      {
        ...untold,
        text: [
          { change: 'same', lines: 'Be brief.' },
          { change: 'removed', lines: 'Say why.' },
          { change: 'added', lines: 'Say <b>how</b>.' },
        ],
      },
    ]);
    const forged = await register('3', sha256(two), one).expect(400);
    expect(forged.body.error.message).toContain(
      `configurationTexts/0/text has the SHA-256 ${sha256(one)}`,
    );
    const unknown = await register('3', sha256(two), two, 'other').expect(400);
    expect(unknown.body.error.message).toContain('configurationTexts/0/name');
    const empty = 'a\u0000b';
    await register('3', sha256(empty), empty).expect(400);
  });

  it('says what a version changes against another one', async () => {
    const api = engine.as();
    await api.post(VERSIONS, sampleRegistration('1')).expect(201);
    await api
      .post(
        VERSIONS,
        sampleRegistration('2', {
          parts: sampleParts({
            code: { commit: 'def5678' },
            data: [{ name: 'loans', version: '2026-11' }],
            configuration: [],
            parameters: { depth: '4', rate: '0.1' },
          }),
          commits: [
            {
              sha: 'def5678',
              author: people.mlEngineer,
              authoredAt: '2026-11-20T10:00:00Z',
            },
          ],
        }),
      )
      .expect(201);
    const metric = (name: string, value: number, width: number) => ({
      name,
      value,
      interval: { low: value - width, high: value + width, level: 0.95 },
      higherIsBetter: true,
    });
    await api
      .post(
        `${VERSIONS}/1/evaluations`,
        sampleEvaluation('e1', {
          metrics: [
            metric('f1', 0.8, 0.01),
            metric('auc', 0.9, 0.05),
            { name: 'size', value: 10 },
          ],
        }),
      )
      .expect(201);
    await api
      .post(
        `${VERSIONS}/2/evaluations`,
        sampleEvaluation('e1', {
          metrics: [metric('f1', 0.85, 0.01), metric('auc', 0.91, 0.05)],
        }),
      )
      .expect(201);

    const { body } = await api
      .get(`${VERSIONS}/2/changes?against=1`)
      .expect(200);
    expect(
      body.metrics.map((each: { name: string; reading: string }) => [
        each.name,
        each.reading,
      ]),
    ).toEqual([
      ['auc', 'no-difference'],
      ['f1', 'better'],
      ['size', 'not-comparable'],
    ]);
    expect(body.metrics[1].difference).toBeCloseTo(0.05);
    expect(body.code).toMatchObject({ from: 'abc1234', to: 'def5678' });
    expect(body.code.commits).toHaveLength(1);
    expect(body.data).toEqual([
      {
        name: 'loans',
        from: '2026-10 (sha256:d1)',
        to: '2026-11',
        change: 'changed',
      },
    ]);
    expect(body.configuration).toEqual([
      { name: 'thresholds', from: 'c1', to: null, change: 'removed' },
    ]);
    expect(body.parameters).toEqual([
      { name: 'depth', from: '4', to: '4', change: 'same' },
      { name: 'rate', from: null, to: '0.1', change: 'added' },
    ]);
    const alone = await api.get(`${VERSIONS}/2/changes`).expect(200);
    expect(alone.body.against).toBeNull();

    for (const [version, startedAt] of [
      ['1', '2026-11-01T00:00:00Z'],
      ['2', '2026-11-10T00:00:00Z'],
    ]) {
      await engine
        .as()
        .post('/models/default/credit-default/deployments', {
          id: `recorded-${version}`,
          version,
          environment: 'production',
          startedAt,
        })
        .expect(201);
    }
    // What serves is compared with what served before it, not with itself
    const serving = await api.get(`${VERSIONS}/2/changes`).expect(200);
    expect(serving.body.against).toBe('1');
  });
});

function names(page: { items: { version: string }[] }): string[] {
  return page.items.map(each => each.version);
}
