import { mockServices } from '@backstage/backend-test-utils';
import { ANNOTATION_LOCATION } from '@backstage/catalog-model';
import { NotModifiedError } from '@backstage/errors';
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

jest.setTimeout(60_000);

const REPOSITORY =
  'url:https://github.com/bank/credit/tree/main/catalog-info.yaml';

const DOCUMENTS = '/search-documents?about=versions';

interface Document {
  model: string;
  version?: string;
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
  /** The team's text in the repository of one of the models, and how often it was read. */
  const repository = {
    text: '## Limitations\n\n**Adults** only',
    reads: [] as string[],
  };

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
      entities: [
        modelEntity(
          'credit-default',
          {},
          { [ANNOTATION_LOCATION]: REPOSITORY },
        ),
        modelEntity('churn', { intendedUse: 'Keep customers' }),
      ],
      modules: [
        mockServices.urlReader.mock({
          readUrl: async (_url, { etag } = {}) => {
            const { text, reads } = repository;
            reads.push(etag ?? 'whole');
            if (etag === text) {
              throw new NotModifiedError();
            }
            return { buffer: async () => Buffer.from(text), etag: text };
          },
        }).factory,
      ],
      decide: (permission, user) => ({
        result:
          permission === 'model-delivery.model.read' && user === people.outsider
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
      }),
    });
    await register('credit-default', '1');
    await register('credit-default', '2');
    await register('churn', '1');
  });

  async function readAll(
    about = 'versions',
  ): Promise<{ found: Document[]; state: string }> {
    const found: Document[] = [];
    let page: { items: Document[]; nextCursor?: string; state: string };
    let cursor = '';
    do {
      ({ body: page } = await engine
        .as()
        .get(`/search-documents?about=${about}&limit=2${cursor}`)
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

  /** What is found of a card, as soon as that holds a text. */
  async function cardThatSays(text: string): Promise<Document> {
    for (;;) {
      const card = (await readAll('cards')).found.find(each =>
        each.text.includes(text),
      );
      if (card) {
        return card;
      }
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }

  it('has the words of each card, in plain text', async () => {
    await cardThatSays('Keep customers');
    expect(await cardThatSays('Adults only')).toMatchObject({
      model: 'model:default/credit-default',
      title: 'Model card of Title of credit-default',
      text: 'Intended use: Testing\nLimitations: Adults only',
    });
    await engine
      .as(people.outsider)
      .get('/search-documents?about=cards')
      .expect(403);
  });

  it('reads a text again after a while, whole only when it changed, and indexes nothing anew until then', async () => {
    const before = await readAll('cards');
    const reads = repository.reads.length;
    engine.clock.advance({ hours: 7 });
    while (repository.reads.length === reads) {
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    expect(repository.reads.at(-1)).toBe(repository.text);
    await register('credit-default', '3');
    expect((await readAll('cards')).state).toBe(before.state);

    repository.text = '## Limitations\n\nNobody <b>under</b> 21';
    engine.clock.advance({ hours: 7 });
    await cardThatSays('Limitations: Nobody under 21');
    expect((await readAll('cards')).state).not.toBe(before.state);
  });

  it('finds a card that somebody imported, at once', async () => {
    await engine
      .as(people.mlEngineer)
      .post('/models/default/churn/card/import', {
        format: 'huggingface',
        content: '## Limitations\n\nNot for students',
      })
      .expect(201);
    expect((await cardThatSays('Not for students')).text).toBe(
      'Intended use: Keep customers\nLimitations: Not for students',
    );
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
