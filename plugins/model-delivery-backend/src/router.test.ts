import { mockCredentials } from '@backstage/backend-test-utils';
import { MigratedDatabases } from './__testUtils__/MigratedDatabases';
import { modelEntity, people } from './__testUtils__/people';
import { startTestEngine } from './__testUtils__/startTestEngine';

jest.setTimeout(60_000);

describe('the API', () => {
  const databases = MigratedDatabases.create({ ids: ['SQLITE_3'] });

  it('refuses who is not signed in, what the contract does not know and what does not fit it', async () => {
    const engine = await startTestEngine({
      knex: await databases.init('SQLITE_3'),
      entities: [modelEntity('credit-default')],
    });
    await engine.anonymous.get('/api/model-delivery/models').expect(401);

    const api = engine.as(people.dataScientist);
    await api.get('/nothing').expect(404);
    const unknown = await api.get('/models?colour=red').expect(400);
    expect(unknown.body.error.message).toContain("'colour'");
    const wrong = await api
      .post('/models/default/credit-default/versions', { version: 1 })
      .expect(400);
    expect(wrong.body.error.message).toContain('request/body/version');
    expect(wrong.body.error.message).toContain("'parts'");
    const leap = await api
      .get('/models/default/credit-default/serving?at=2016-12-31T23:59:60Z')
      .expect(400);
    expect(leap.body.error.message).toBe(
      'request/query/at must match format "date-time"',
    );
    const large = await api
      .post('/models/default/credit-default/versions', {
        version: 'x'.repeat(1_100_000),
      })
      .expect(413);
    expect(large.body.error.message).toBe('request/body is larger than 1mb');
    await engine.stop();
  });

  it('tells its operations apart however often and in whatever order they are asked', async () => {
    const engine = await startTestEngine({
      knex: await databases.init('SQLITE_3'),
      entities: [modelEntity('credit-default'), modelEntity('churn')],
    });
    const api = engine.as(people.dataScientist);
    const path = '/models/default';
    for (const name of ['credit-default', 'churn', 'credit-default']) {
      const model = await api.get(`${path}/${name}`).expect(200);
      expect(model.body.name).toBe(name);
      await api.get(`${path}/${name}/versions?limit=1`).expect(200);
      const refused = await api.get(`${path}/${name}/versions?limit=0`);
      expect(refused.status).toBe(400);
      expect(refused.body.error.message).toContain('request/query/limit');
    }
    // A name that no model can have, after one that can
    const odd = await api.get(`${path}/-`).expect(400);
    expect(odd.body.error.message).toContain('request/params/name');
    await api.get(`${path}/%E0%A4%A`).expect(400);
    for (const method of ['DELETE', 'HEAD']) {
      const other = await fetch(`${engine.url}${path}/churn`, {
        method,
        headers: {
          authorization: mockCredentials.user.header(people.dataScientist),
        },
      });
      expect([method, other.status]).toEqual([method, 405]);
    }
    await engine.stop();
  });
});
