import { Knex } from 'knex';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity } from '../__testUtils__/people';
import {
  sampleEvaluation,
  sampleParts,
  sampleRegistration,
} from '../__testUtils__/samples';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';

jest.setTimeout(60_000);

const DOCUMENTS = '/search-documents?about=versions';

interface Document {
  model: string;
  version: string;
  title: string;
  text: string;
}

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('what search engines index, on %s', databaseId => {
  let engine: TestEngine;
  // Said first, so that it ends before its database
  afterAll(() => engine.stop());
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Knex;

  const register = (model: string, version: string) =>
    engine
      .as()
      .post(
        `/models/default/${model}/versions`,
        sampleRegistration(version, {
          parts: sampleParts({ code: { commit: `c0ffee${version}` } }),
        }),
      )
      .expect(201);

  beforeAll(async () => {
    knex = await databases.init(databaseId);
    engine = await startTestEngine({
      knex,
      entities: [modelEntity('credit-default'), modelEntity('churn')],
    });
    await register('credit-default', '1');
    await register('credit-default', '2');
    await register('churn', '1');
  });

  async function readAll(): Promise<{ found: Document[]; state: string }> {
    const found: Document[] = [];
    let page: { items: Document[]; nextCursor?: string; state: string };
    let cursor = '';
    do {
      ({ body: page } = await engine
        .as()
        .get(`${DOCUMENTS}&limit=2${cursor}`)
        .expect(200));
      found.push(...page.items);
      cursor = `&cursor=${page.nextCursor}`;
    } while (page.nextCursor);
    return { found, state: page.state };
  }

  it('has each version of each model once, page by page', async () => {
    const { found } = await readAll();
    expect(
      found.map(({ model, version }) => `${model} ${version}`).sort(),
    ).toEqual([
      'model:default/churn 1',
      'model:default/credit-default 1',
      'model:default/credit-default 2',
    ]);
  });

  it('says what a version is looked up by', async () => {
    await engine
      .as()
      .post(
        '/models/default/churn/versions/1/evaluations',
        sampleEvaluation('first', {
          metrics: [{ name: 'f1', value: 0.83127 }],
        }),
      )
      .expect(201);
    const churn = (await readAll()).found.find(({ model }) =>
      model.endsWith('churn'),
    );
    expect(churn?.title).toContain('version 1');
    expect(churn?.text).toContain('f1 0.8313');
    expect(churn?.text).toContain('Commit c0ffee1.');
    expect(churn?.text).toContain('Digest sha256:');
  });

  it('is in the same state until a version comes', async () => {
    const before = await readAll();
    expect((await readAll()).state).toBe(before.state);
    engine.clock.advance({ seconds: 1 });
    await register('churn', '2');
    const after = await readAll();
    expect(after.state).not.toBe(before.state);
    expect(after.found).toHaveLength(before.found.length + 1);
  });

  it('refuses what is no cursor of it, and what it has no documents about', async () => {
    const { body } = await engine
      .as()
      .get(`${DOCUMENTS}&cursor=nonsense`)
      .expect(400);
    expect(body.error.message).toContain('is not a cursor of this list');
    await engine.as().get('/search-documents?about=people').expect(400);
    await engine.as().get('/search-documents').expect(400);
  });
});
