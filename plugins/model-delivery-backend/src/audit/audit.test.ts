import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { AuditEntry } from '@slipway/backstage-plugin-model-delivery-common';
import { createHash } from 'node:crypto';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { readAll } from '../__testUtils__/readAll';
import { sampleRegistration } from '../__testUtils__/samples';
import { startTestEngine } from '../__testUtils__/startTestEngine';

jest.setTimeout(60_000);

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('the audit log on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });

  it('pages through everything that happened, whose leaf hashes verify, without a gap', async () => {
    const knex = await databases.init(databaseId);
    const engine = await startTestEngine({
      knex,
      entities: [modelEntity('credit-default'), modelEntity('churn')],
      decide: (permission, user) =>
        permission === 'model-delivery.audit.read' && user === people.outsider
          ? { result: AuthorizeResult.DENY }
          : { result: AuthorizeResult.ALLOW },
    });
    const api = engine.as(people.dataScientist);
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        api
          .post(
            `/models/default/${i % 2 ? 'churn' : 'credit-default'}/versions`,
            sampleRegistration(`v${i}`),
          )
          .expect(201),
      ),
    );

    const entries = await readAll<AuditEntry>(api, '/audit?limit=7');
    expect(entries.map(each => each.index)).toEqual(
      entries.map((_, i) => entries.length - 1 - i),
    );
    const leaves: { index: number | string; leaf: string }[] = await knex(
      'audit_entries',
    );
    for (const { index, leaf } of leaves) {
      const entry = entries.find(each => each.index === Number(index))!;
      expect(
        createHash('sha256')
          .update(Buffer.concat([Buffer.from([0]), Buffer.from(leaf)]))
          .digest('hex'),
      ).toBe(entry.leafHash);
      expect(JSON.parse(leaf)).toMatchObject({
        index: entry.index,
        at: entry.at,
        actor: entry.actor,
        action: entry.action,
        model: entry.model,
        subject: entry.subject,
        summary: entry.summary,
      });
    }

    const ofModel = await api
      .get('/audit?model=model%3Adefault%2Fchurn&action=version.registered')
      .expect(200);
    expect(ofModel.body.items).toHaveLength(10);
    expect(ofModel.body.items[0]).toMatchObject({
      model: 'model:default/churn',
      actor: people.dataScientist,
    });
    await engine.as(people.outsider).get('/audit').expect(403);
    await api.get('/promotions/9999/timeline').expect(404);
    await api.get('/promotions/nonsense/timeline').expect(404);
    await engine.stop();
  });
});
