import { Entity } from '@backstage/catalog-model';
import { LineageImpact } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import {
  lineageEvent,
  modelSet,
  versionedSet,
} from '../__testUtils__/lineageEvents';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { groups, modelEntity, people } from '../__testUtils__/people';
import {
  sampleEvaluation,
  sampleParts,
  sampleRegistration,
} from '../__testUtils__/samples';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { TestPermissions } from '../__testUtils__/TestPermissions';

jest.setTimeout(60_000);

const LOANS = 'resource:default/loans';
const RISKS = ['low', 'medium', 'high'] as const;

/** A model of each risk, each trained on the loans and of an owner of its own. */
function entities(): Entity[] {
  return [
    ...RISKS.map(risk => {
      const model = modelEntity(`${risk}-risk`, {
        risk,
        owner: `group:default/${risk}-owners`,
      });
      model.relations!.push({ type: 'trainedOn', targetRef: LOANS });
      return model;
    }),
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Resource',
      metadata: { name: 'loans', namespace: 'default', title: 'Loans' },
      spec: { type: 'dataset', owner: groups.team },
      relations: RISKS.map(risk => ({
        type: 'trains',
        targetRef: `model:default/${risk}-risk`,
      })),
    },
  ];
}

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('a faulty data set on %s', databaseId => {
  let engine: TestEngine;
  // Said first, so that it ends before its database
  afterAll(() => engine.stop());
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Knex;
  const permissions = new TestPermissions();

  beforeAll(async () => {
    knex = await databases.init(databaseId);
    engine = await startTestEngine({
      knex,
      entities: entities(),
      decide: permissions.decide,
    });
    const api = engine.as();
    for (const [i, risk] of RISKS.entries()) {
      const of = `/models/default/${risk}-risk/versions`;
      // The first says what it read, of the second only a run is known that does not
      for (const version of ['1', '2']) {
        await api
          .post(
            of,
            sampleRegistration(version, {
              parts: sampleParts({
                data:
                  version === '1'
                    ? [{ name: 'loans', version: '2026-10' }]
                    : [],
                parameters: { version },
              }),
            }),
          )
          .expect(201);
        await api.post(`${of}/${version}/evaluations`, sampleEvaluation('e1'));
      }
      await api
        .post(
          '/lineage/openlineage',
          lineageEvent(
            'COMPLETE',
            `01890000-0000-7000-8000-00000000000${i}`,
            `train ${risk}`,
            {
              at: '2026-11-20T09:00:00.000Z',
              inputs: [versionedSet('backstage', LOANS)],
              outputs: [
                modelSet('backstage', `model:default/${risk}-risk`, '2'),
              ],
            },
          ),
        )
        .expect(201);
    }
  });
  afterEach(() => {
    permissions.reset();
  });

  const fault = {
    dataset: LOANS,
    version: '2026-10',
    reason: 'A third of the incomes is in cents',
    idempotencyKey: 'k1',
  };
  const lead = () => engine.as(people.teamLead);
  const impactOf = async (version: string) => {
    const { body } = await lead()
      .get(`/lineage/impact?dataset=${LOANS}&version=${version}`)
      .expect(200);
    return body as LineageImpact;
  };
  /** What was told, or is about to be, that has these words in it, as JSON. */
  const notified = async (words: string): Promise<string[]> =>
    [
      ...engine.notifications.map(({ recipients, payload }) =>
        JSON.stringify({
          recipients:
            recipients.type === 'entity' ? [recipients.entityRef].flat() : [],
          ...payload,
        }),
      ),
      ...(await knex('outbox')
        .where({ topic: 'notification' })
        .pluck('payload')),
    ].filter(each => each.includes(words));
  const recipientOf = (told: string): string =>
    JSON.parse(told).recipients.join();
  const openEvaluations = async () => {
    const rows: { name: string; version: string }[] = await knex('measurements')
      .join('evaluations', 'evaluations.id', 'measurements.evaluation_id')
      .join('versions', 'versions.id', 'evaluations.version_id')
      .select('versions.model_ref as name', 'versions.name as version');
    return rows
      .map(
        ({ name, version }) =>
          `${name.slice('model:default/'.length)} ${version}`,
      )
      .sort();
  };

  it('tells before what each policy would do with what it affects, and why', async () => {
    const impact = await impactOf('2026-10');
    expect(
      impact.versions
        .map(each => [
          `${each.title.slice('Title of '.length)} ${each.version}`,
          each.certain,
          each.policy,
          each.faultyData,
          each.revokes,
        ])
        .sort(),
    ).toEqual([
      ['high-risk 1', true, 'high-small', 'revoke-possible', true],
      ['high-risk 2', false, 'high-small', 'revoke-possible', true],
      ['low-risk 1', true, 'low-small', 'notify', false],
      ['low-risk 2', false, 'low-small', 'notify', false],
      ['medium-risk 1', true, 'medium-small', 'revoke', true],
      ['medium-risk 2', false, 'medium-small', 'revoke', false],
    ]);
    expect(
      impact.consequences.map(({ policy, versions, revoked, evaluations }) => [
        policy.name,
        versions,
        revoked,
        evaluations,
      ]),
    ).toEqual([
      ['high-small', 2, 2, 2],
      ['medium-small', 2, 1, 1],
      ['low-small', 2, 0, 0],
    ]);
    // Of September only what may have been made of it is affected
    expect(
      (await impactOf('2026-09')).consequences.map(each => each.revoked),
    ).toEqual([1, 0, 0]);
    expect(await openEvaluations()).toHaveLength(6);
  });

  it('refuses programs, whoever may not, and whoever would choose what is revoked', async () => {
    const raise = async (body: object, api = lead()) => {
      const { status } = await api.post('/lineage/faults', body);
      return status;
    };
    expect(await raise(fault, engine.as())).toBe(403);
    expect(await raise({ ...fault, revoke: false })).toBe(400);
    permissions.denied.add('model-delivery.lineage.raise');
    expect(await raise(fault)).toBe(403);
  });

  it('does what the policies say, whatever the person may see or revoke', async () => {
    permissions.denied.add('model-delivery.evidence.revoke');
    permissions.riskSeen = 'low';
    const { consequences } = await impactOf('2026-10');
    expect(consequences.map(each => each.policy.name)).toEqual(['low-small']);
    const first = await lead().post('/lineage/faults', fault).expect(201);
    expect(first.body).toMatchObject({
      notified: 3,
      versions: 6,
      revoked: 3,
      raisedBy: people.teamLead,
    });
    expect(
      first.body.consequences.map(
        (each: { evaluations: number }) => each.evaluations,
      ),
    ).toEqual([2, 1, 0]);
    expect(await openEvaluations()).toEqual([
      'low-risk 1',
      'low-risk 2',
      'medium-risk 2',
    ]);
    await lead().post('/lineage/faults', fault).expect(200, first.body);
    await lead()
      .post('/lineage/faults', { ...fault, version: '2026-09' })
      .expect(409);

    permissions.riskSeen = undefined;
    const { faults, ...after } = await impactOf('2026-10');
    expect(faults).toEqual([first.body]);
    expect(after.consequences.map(each => each.evaluations)).toEqual([0, 0, 0]);
    expect(
      after.versions.map(each => [each.revokes, each.revoked]).sort(),
    ).toEqual([
      [false, 0],
      [false, 0],
      [false, 0],
      [true, 1],
      [true, 1],
      [true, 1],
    ]);
    const { body } = await lead()
      .get('/models/default/high-risk/revocations')
      .expect(200);
    const because = 'is faulty, and the policy high-small revokes then:';
    expect(
      body.items.map((each: { reason: string }) => each.reason).sort(),
    ).toEqual([
      `Loans 2026-10, which it may have been made of, ${because} ${fault.reason}`,
      `Loans 2026-10, which it was made of, ${because} ${fault.reason}`,
    ]);
    const told = await notified('"Loans 2026-10 is faulty"');
    expect(told).toHaveLength(3);
    expect(told.find(each => each.includes('low-owners'))).toContain(
      'Your policy revokes nothing for it: you decide.',
    );
    expect(told.find(each => each.includes('medium-owners'))).toContain(
      'By the policy medium-small the evaluations of 1 of them are revoked.',
    );
    // Beside that one of each owner what was revoked, and none for each evaluation
    const revoked = await notified('revoked, since Loans 2026-10 is faulty');
    expect(revoked.map(recipientOf).sort()).toEqual([
      'group:default/high-owners',
      'group:default/medium-owners',
    ]);
    expect(revoked.find(each => each.includes('high-owners'))).toMatch(
      /"2 evaluations were revoked, .*Title of high-risk 2 \(1 evaluation\), Title of high-risk 1 \(1 evaluation\)\. Nothing rests on it\. A third of the incomes is in cents\.".*\/model\/high-risk\/lineage\?node=resource%3Adefault%2Floans&impact=yes/,
    );
    expect(await notified('Evidence of')).toEqual([]);
    const [entry] = await knex('audit_entries').where({
      action: 'data.faulty',
    });
    expect(entry.details ?? JSON.stringify(entry)).toContain('revoke-possible');
  });

  it('is followed to the end when it was interrupted', async () => {
    const before = (await notified('revoked, since')).length;
    // As if this had come in the very moment in which it was said
    await knex('data_faults').update({ withdrawn_at: new Date() });
    await engine
      .as()
      .post(
        '/models/default/medium-risk/versions/1/evaluations',
        sampleEvaluation('e2'),
      )
      .expect(201);
    await knex('data_faults').update({
      withdrawn_at: null,
      settled_at: null,
      raised_at: new Date(0),
    });
    expect((await impactOf('2026-10')).faults[0].revoked).toBeNull();
    let open = true;
    while (open) {
      await new Promise(resolve => setTimeout(resolve, 100));
      open = (await impactOf('2026-10')).faults[0].revoked === null;
    }
    expect((await impactOf('2026-10')).faults[0].revoked).toBe(4);
    expect(await openEvaluations()).not.toContain('medium-risk 1');
    // Both owners again in one, which takes the place of what they were told before
    const told = (await notified('revoked, since')).slice(before);
    expect(told).toHaveLength(2);
    expect(told.find(each => each.includes('medium-owners'))).toContain(
      '2 evaluations were revoked',
    );
  });

  it('lets nothing count that is measured of affected versions while it stands', async () => {
    const standing = await openEvaluations();
    const report = (model: string, version: string, body: object) =>
      engine
        .as()
        .post(`/models/default/${model}-risk/versions/${version}/evaluations`, {
          ...sampleEvaluation('again'),
          ...body,
        })
        .expect(201);
    const { body: revoked } = await report('medium', '1', {});
    expect(revoked.revoked).toMatchObject({
      revokedBy: people.teamLead,
      reason: `Loans 2026-10, which it was made of, is faulty, and the policy medium-small revokes then: ${fault.reason}`,
    });
    // Said once of a version, however much is reported of it
    await report('medium', '1', { id: 'once-more' });
    // Of this one it is only possible, which high risk does not let count and medium risk does
    expect((await report('high', '2', {})).body.revoked.reason).toContain(
      'which it may have been made of',
    );
    expect((await report('medium', '2', {})).body.revoked).toBeUndefined();
    // The policy of low risk revokes nothing
    expect((await report('low', '1', {})).body.revoked).toBeUndefined();
    expect(
      (await notified('does not count')).map(each => JSON.parse(each).title),
    ).toEqual([
      'What is reported of Title of medium-risk 1 does not count',
      'What is reported of Title of high-risk 2 does not count',
    ]);
    expect(await openEvaluations()).toEqual(
      expect.arrayContaining([...standing, 'low-risk 1', 'medium-risk 2']),
    );
    expect(await openEvaluations()).not.toContain('medium-risk 1');
    expect(await openEvaluations()).not.toContain('high-risk 2');
    const { body: verdict } = await engine
      .as()
      .get('/models/default/medium-risk/versions/1/verdict?environment=staging')
      .expect(200);
    expect(JSON.stringify(verdict)).not.toContain('"verdict":"passed"');

    // A version that is made of them only now, and one that is measured on them
    await engine
      .as()
      .post(
        '/models/default/medium-risk/versions',
        sampleRegistration('3', {
          parts: sampleParts({
            data: [{ name: LOANS, version: '2026-10' }],
            parameters: { version: '3' },
          }),
        }),
      )
      .expect(201);
    expect((await report('medium', '3', {})).body.revoked).toBeDefined();
    const measuredOn = (version?: string) => ({
      id: `on-${version}`,
      dataset: { name: LOANS, version },
    });
    const on = await report('medium', '2', measuredOn('2026-10'));
    expect(on.body.revoked.reason).toContain('which it was measured on');
    expect(
      (await report('medium', '2', measuredOn('2026-11'))).body.revoked,
    ).toBeUndefined();
  });

  it('ends when it is taken back, once', async () => {
    const {
      faults: [{ id }],
    } = await impactOf('2026-10');
    const path = `/lineage/faults/${id}/withdrawal`;
    const reason = 'The incomes are in euros after all';
    await engine.as().post(path, { reason }).expect(403);
    await lead().post('/lineage/faults/999/withdrawal', { reason }).expect(404);
    const { body } = await lead().post(path, { reason }).expect(200);
    expect(body.withdrawn).toMatchObject({ by: people.teamLead, reason });
    await lead().post(path, { reason }).expect(200, body);
    await lead().post(path, { reason: 'For another reason' }).expect(409);
    expect(await notified('no longer said to be faulty')).toHaveLength(3);
    const again = await engine
      .as()
      .post(
        '/models/default/medium-risk/versions/1/evaluations',
        sampleEvaluation('after'),
      )
      .expect(201);
    expect(again.body.revoked).toBeUndefined();
    expect(await openEvaluations()).toContain('medium-risk 1');
  });

  it('still tells of what a person revokes alone by itself', async () => {
    await engine
      .as(people.teamLead)
      .post('/models/default/low-risk/revocations', {
        version: '1',
        evaluation: 'e1',
        reason: 'It measured another model',
      })
      .expect(201);
    expect(await notified('Evidence of 1 of Title of low-risk')).toHaveLength(
      1,
    );
  });
});
