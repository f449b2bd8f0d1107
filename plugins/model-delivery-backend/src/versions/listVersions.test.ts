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

const MODEL = '/models/default/credit-default';
const VERSIONS = `${MODEL}/versions`;

/** F1 by version; 4 and 5 did not measure it. */
const F1: Record<string, number> = { 1: 0.8, 2: 0.9, 3: 0.8, 6: 0.7 };

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('the list of versions on %s', databaseId => {
  let engine: TestEngine;
  // Said first, so that it ends before its database
  afterAll(() => engine.stop());
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Knex;

  beforeAll(async () => {
    knex = await databases.init(databaseId);
    engine = await startTestEngine({
      knex,
      entities: [modelEntity('credit-default')],
    });
    for (const version of ['1', '2', '3', '4', '5', '6']) {
      await engine
        .as()
        .post(
          VERSIONS,
          sampleRegistration(version, {
            parts: sampleParts({ code: { commit: `c0ffee${version}` } }),
          }),
        )
        .expect(201);
      await engine
        .as()
        .post(
          `${VERSIONS}/${version}/evaluations`,
          sampleEvaluation('first', {
            metrics: [
              { name: 'auc', value: Number(version) / 10 },
              ...(version in F1 ? [{ name: 'f1', value: F1[version] }] : []),
            ],
          }),
        )
        .expect(201);
    }
  });

  /** Names of all versions, read page by page. */
  async function list(query: string, limit = 2): Promise<string> {
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await engine
        .as()
        .get(
          `${VERSIONS}?limit=${limit}&${query}${
            cursor ? `&cursor=${cursor}` : ''
          }`,
        )
        .expect(200);
      names.push(
        ...body.items.map((each: { version: string }) => each.version),
      );
      cursor = body.nextCursor;
    } while (cursor);
    return names.join(' ');
  }

  it.each([1, 2, 3, 4, 5, 50])(
    'is sorted by a metric, in pages of %i, and ends with those that lack it',
    async limit => {
      expect(await list('sort=metric:f1', limit)).toBe('2 3 1 6 5 4');
      expect(await list('sort=metric:f1&order=asc', limit)).toBe('6 1 3 2 5 4');
    },
  );

  it('is sorted by registration, either way', async () => {
    expect(await list('')).toBe('6 5 4 3 2 1');
    expect(await list('sort=registered&order=asc')).toBe('1 2 3 4 5 6');
  });

  it('is narrowed by metrics, text and what serves, under every sort', async () => {
    expect(await list('measured=f1>=0.8')).toBe('3 2 1');
    expect(await list('measured=f1>=0.8&measured=auc<=0.2')).toBe('2 1');
    expect(await list('measured=auc>=0.4&sort=metric:f1')).toBe('6 5 4');
    expect(await list('q=C0FFEE3')).toBe('3');
    expect(await list('q=%25')).toBe('');
    expect(await list('serving=true')).toBe('');
    await engine
      .as()
      .post(`${MODEL}/deployments`, {
        id: 'recorded-2',
        version: '2',
        environment: 'production',
        startedAt: '2026-11-01T00:00:00Z',
      })
      .expect(201);
    expect(await list('serving=true&sort=metric:f1')).toBe('2');
  });

  it('shows what was measured last, and nothing that was revoked', async () => {
    await engine
      .as()
      .post(
        `${VERSIONS}/6/evaluations`,
        sampleEvaluation('again', {
          measuredAt: '2026-11-20T11:00:00.000Z',
          metrics: [{ name: 'f1', value: 0.99 }],
        }),
      )
      .expect(201);
    expect(await list('sort=metric:f1')).toBe('6 2 3 1 5 4');
  });

  it.each([
    ['sort=f1', 'request/query/sort must match pattern'],
    ['measured=f1=1', 'request/query/measured/0 must match pattern'],
    ['order=up', 'request/query/order must be equal to one of'],
    ['cursor=WyJ4Il0', 'request/query/cursor is not a cursor of this list'],
    [
      'sort=metric:f1&cursor=WzFd',
      'request/query/cursor is not a cursor of this list',
    ],
  ])('refuses %s', async (query, message) => {
    const { body } = await engine.as().get(`${VERSIONS}?${query}`).expect(400);
    expect(body.error.message).toContain(message);
  });
});
