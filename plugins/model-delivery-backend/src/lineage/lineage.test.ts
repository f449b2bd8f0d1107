import { Entity } from '@backstage/catalog-model';
import {
  LineageGraph,
  LineageNode,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { airflowEvents } from '../__testUtils__/airflow/airflowEvents';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { groups, modelEntity, people } from '../__testUtils__/people';
import { sampleParts, sampleRegistration } from '../__testUtils__/samples';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { TestPermissions } from '../__testUtils__/TestPermissions';
import { UnitOfWork } from '../database/UnitOfWork';
import { digestOf } from '../policies/digest';
import { forgetEvents } from './forgetEvents';
import {
  lineageEvent,
  modelSet,
  versionedSet,
} from '../__testUtils__/lineageEvents';

jest.setTimeout(60_000);

const EVENTS = '/lineage/openlineage';
const RUN = '01890000-0000-7000-8000-00000000000a';
const FEATURES_RUN = '01890000-0000-7000-8000-00000000000b';
const LOANS = 'resource:default/loans';

/** Training: reads features of one version, which another run made of the loans of October. */
const training = {
  job: {
    facets: {
      sourceCodeLocation: {
        _producer: 'https://example.com/ci',
        _schemaURL:
          'https://openlineage.io/spec/facets/1-1-0/SourceCodeLocationJobFacet.json',
        type: 'git',
        url: 'https://git.example.com/credit',
        version: 'abc1234',
      },
    },
  },
  inputs: [versionedSet('feast://prod', 'applicant_features', '7')],
  outputs: [modelSet('mlflow://main', 'credit', '1')],
};
const start = lineageEvent('START', RUN, 'train', {
  at: '2026-11-20T08:00:00.000Z',
  inputs: [versionedSet('feast://prod', 'applicant_features')],
});
const complete = lineageEvent('COMPLETE', RUN, 'train', {
  at: '2026-11-20T09:00:00.000Z',
  ...training,
});
const features = lineageEvent('COMPLETE', FEATURES_RUN, 'build features', {
  at: '2026-11-20T07:00:00.000Z',
  inputs: [versionedSet('s3://lake', 'loans', '2026-10')],
  outputs: [
    {
      ...versionedSet('feast://prod', 'applicant_features', '7'),
      columns: { income: [['s3://lake', 'loans', 'gross_income']] },
    },
  ],
});

function resource(name: string, relations: Entity['relations']): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: { name, namespace: 'default', title: `Title of ${name}` },
    spec: { type: 'dataset', owner: groups.team },
    relations,
  };
}

function entities(): Entity[] {
  const credit = modelEntity(
    'credit-default',
    {},
    { 'slipway.dev/registry': 'mlflow://main/credit' },
  );
  credit.relations!.push(
    { type: 'trainedOn', targetRef: LOANS },
    { type: 'derivedFrom', targetRef: 'model:default/foundation' },
  );
  return [
    credit,
    modelEntity('foundation'),
    modelEntity('fraud'),
    resource('loans', [
      { type: 'trains', targetRef: 'model:default/credit-default' },
    ]),
  ];
}

const byId = (graph: LineageGraph) =>
  new Map<string, LineageNode>(graph.nodes.map(node => [node.id, node]));

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('lineage on %s', databaseId => {
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
    await engine
      .as()
      .post(
        '/models/default/credit-default/versions',
        sampleRegistration('1', {
          parts: sampleParts({
            data: [{ name: 'loans', version: '2026-10' }],
            baseModel: 'model:default/foundation@3',
          }),
        }),
      )
      .expect(201);
  });
  afterEach(() => {
    permissions.reset();
  });

  const graphOf = async (query: string, user = people.dataScientist) => {
    const response = await engine.as(user).get(`/lineage?${query}`).expect(200);
    return response.body as LineageGraph;
  };

  it('takes events in, whatever their order, and each once', async () => {
    const api = engine.as();
    await api.post(EVENTS, complete).expect(201, { status: 'recorded' });
    await api.post(EVENTS, start).expect(201);
    await api.post(EVENTS, features).expect(201);
    await api.post(EVENTS, complete).expect(200, { status: 'known' });
    const graph = await graphOf('node=model:default/credit-default@1');
    const nodes = byId(graph);
    expect(nodes.get(`run:${RUN}`)).toMatchObject({
      kind: 'run',
      hops: -1,
      run: {
        job: { namespace: 'pipelines', name: 'train' },
        state: 'COMPLETE',
        startedAt: '2026-11-20T08:00:00.000Z',
        endedAt: '2026-11-20T09:00:00.000Z',
        commit: 'abc1234',
      },
    });
    // That it started without saying of which version gives way to what the end said
    expect([...nodes.keys()].filter(id => id.includes('applicant'))).toEqual([
      'dataset:feast%3A%2F%2Fprod/applicant_features@7',
    ]);
    expect(
      await knex('audit_entries').where({ action: 'lineage.reported' }),
    ).toHaveLength(3);
  });

  it('forgets after weeks which events it took in, and takes a late one in to the same end', async () => {
    const kept = { digest: digestOf(start) };
    const { received_at: now } = await knex('lineage_events')
      .where(kept)
      .first();
    await knex('lineage_events')
      .whereNot(kept)
      .update({ received_at: new Date(0) });
    const before = await graphOf('node=model:default/credit-default@1');
    await forgetEvents(new UnitOfWork({ knex, clock: () => new Date(now) }));
    expect(await knex('lineage_events').pluck('digest')).toEqual([kept.digest]);

    await engine.as().post(EVENTS, start).expect(200);
    await engine.as().post(EVENTS, complete).expect(201);
    expect(await graphOf('node=model:default/credit-default@1')).toEqual(
      before,
    );
  });

  it('tells what a version was made of, by events, its parts and the catalog', async () => {
    const graph = await graphOf('node=model:default/credit-default&depth=6');
    const nodes = byId(graph);
    expect(nodes.get('model:default/credit-default@1')).toMatchObject({
      kind: 'version',
      title: 'Title of credit-default',
      version: '1',
      release: { commit: 'abc1234', trainedBy: people.dataScientist },
    });
    // The pipeline's own name for it is the one of the catalog
    expect(nodes.get(`${LOANS}@2026-10`)).toMatchObject({
      kind: 'dataset',
      title: 'Title of loans',
      entityRef: LOANS,
    });
    expect(graph.edges).toEqual(
      expect.arrayContaining([
        {
          from: `${LOANS}@2026-10`,
          to: 'model:default/credit-default@1',
          relation: 'data',
        },
        {
          from: 'model:default/foundation@3',
          to: 'model:default/credit-default@1',
          relation: 'base-model',
        },
        {
          from: LOANS,
          to: 'model:default/credit-default',
          relation: 'trainedOn',
        },
        {
          from: 'dataset:s3%3A%2F%2Flake/loans@2026-10',
          to: `run:${FEATURES_RUN}`,
          relation: 'input',
        },
      ]),
    );
    const near = await graphOf(
      'node=model:default/credit-default@1&depth=1&direction=upstream',
    );
    expect(byId(near).get(`run:${RUN}`)?.more.upstream).toBe(true);
    const few = await graphOf('node=model:default/credit-default&limit=3');
    expect(few.nodes).toHaveLength(3);
    expect(few.truncated).toBe(true);
  });

  it('knows a data set by each of its names, once one event said so', async () => {
    await engine
      .as()
      .post(EVENTS, {
        ...lineageEvent('OTHER', FEATURES_RUN, 'build features', {
          at: '2026-11-20T07:30:00.000Z',
          inputs: [
            {
              ...versionedSet('s3://lake', 'loans', '2026-10'),
              aliases: [['backstage', 'Resource:default/Loans']],
            },
          ],
        }),
      })
      .expect(201);
    const graph = await graphOf(
      `node=${LOANS}%402026-10&direction=downstream&depth=6`,
    );
    const ids = graph.nodes.map(each => each.id);
    expect(ids).toContain('model:default/credit-default@1');
    expect(ids).toContain(`run:${FEATURES_RUN}`);
    expect(ids.filter(id => id.includes('s3'))).toEqual([]);
  });

  it('tells of columns', async () => {
    const { body } = await engine
      .as(people.dataScientist)
      .get(
        `/lineage/columns?node=${encodeURIComponent(
          'dataset:feast%3A%2F%2Fprod/applicant_features@7',
        )}`,
      )
      .expect(200);
    expect(body.columns).toEqual([
      {
        column: 'income',
        from: { node: LOANS, title: 'Title of loans', column: 'gross_income' },
        transformation: 'IDENTITY',
      },
    ]);
  });

  it('shows that there is something one may not see, and no more', async () => {
    permissions.denied.add('model-delivery.lineage.read');
    const graph = await graphOf('node=model:default/credit-default@1');
    expect(JSON.stringify(graph)).not.toMatch(/applicant|feast|pipelines/);
    expect(graph.nodes.filter(each => each.kind === 'hidden')).toMatchObject([
      { id: 'hidden:1', title: null, entityRef: null, version: null },
    ]);
    await engine
      .as(people.outsider)
      .get(`/lineage?node=run:${RUN}`)
      .expect(404);
    // A model that one may not see
    permissions.riskSeen = 'low';
    const data = await graphOf(`node=${LOANS}&direction=downstream`);
    expect(JSON.stringify(data)).not.toContain('credit');
    expect([...new Set(data.nodes.map(each => each.kind))].sort()).toEqual([
      'dataset',
      'hidden',
    ]);
    await engine
      .as(people.outsider)
      .get('/lineage?node=model:default/credit-default')
      .expect(403);
    const { body } = await engine
      .as()
      .get('/lineage?node=model:default/%00')
      .expect(400);
    expect(body.error.message).toContain('is no node of lineage');
    permissions.denied.add('model-delivery.model.read');
    await engine.as(people.outsider).get(`/lineage?node=${LOANS}`).expect(403);
  });

  it.each([
    ['no run id', { run: { runId: 'seven' } }, '/run/runId'],
    ['a time that is none', { eventTime: 'yesterday' }, '/eventTime'],
    [
      'a facet that is none',
      { inputs: [{ namespace: 'a', name: 'b', facets: { version: {} } }] },
      'inputs/0/facets/version',
    ],
    [
      'a parent that is no run',
      {
        run: {
          runId: RUN,
          facets: {
            parent: {
              _producer: 'https://example.com',
              _schemaURL: 'https://example.com',
              run: { runId: 'seven' },
              job: { namespace: 'a', name: 'b' },
            },
          },
        },
      },
      'run/facets/parent/run/runId',
    ],
    [
      'too many data sets',
      {
        inputs: Array.from({ length: 501 }, (_, i) => ({
          namespace: 'a',
          name: `${i}`,
        })),
      },
      '502 data sets',
    ],
    [
      'a name that no database takes',
      { inputs: [{ namespace: 'a', name: 'b\0' }] },
      'inputs/0/name',
    ],
    [
      'half of a character',
      { job: { namespace: 'a', name: '\ud800' } },
      'request/body/job/name has half of a character',
    ],
  ])('refuses an event with %s', async (_what, change, said) => {
    const { body } = await engine
      .as()
      .post(EVENTS, { ...complete, ...change })
      .expect(400);
    expect(body.error.message).toContain(said);
  });

  it('refuses whoever may not report', async () => {
    permissions.denied.add('model-delivery.lineage.report');
    const refused = await engine.as().post(EVENTS, start);
    expect(refused.status).toBe(403);
    const unknown = await engine.anonymous.post(`/api/model-delivery${EVENTS}`);
    expect(unknown.status).toBe(401);
  });

  it.each([
    ['in order', 'a', (events: object[]) => events],
    [
      'the other way round, each twice',
      'b',
      (events: object[]) =>
        [...events].reverse().flatMap(event => [event, event]),
    ],
  ])('shows what Airflow ran, told %s', async (_how, mark, order) => {
    const warehouse = `warehouse${mark}`;
    for (const event of order(airflowEvents(mark))) {
      const { status } = await engine.as().post(EVENTS, event);
      expect([200, 201]).toContain(status);
    }
    const applicants = `dataset:${encodeURIComponent(
      `postgres://${warehouse}.example.com:5432`,
    )}/${warehouse}.crm.applicants`;
    const graph = await graphOf(
      `node=${encodeURIComponent(applicants)}&direction=downstream&depth=10`,
    );
    const nodes = byId(graph);
    const wordsOf = (id: string) => {
      const { run, title, version } = nodes.get(id)!;
      return run
        ? `${run.job.name.replace('credit_default.', '')} (${run.state})`
        : version ?? title;
    };
    const version = `manual-${mark}2026-11-23T064208.262996+0000`;
    expect(
      graph.edges
        .map(edge => [edge.from, edge.to].map(wordsOf).join(' > '))
        .sort(),
    ).toEqual(
      [
        `${warehouse}.crm.applicants > extract (COMPLETE)`,
        `extract (COMPLETE) > ${warehouse}.features.loans`,
        `${warehouse}.features.loans > features (COMPLETE)`,
        `features (COMPLETE) > ${warehouse}.features.applicant_features`,
        // A query is a run of its own, and what it read is what its task read
        `${warehouse}.features.applicant_features > export.query.1 (COMPLETE)`,
        'export.query.1 (COMPLETE) > export (COMPLETE)',
        `export (COMPLETE) > /srv/lake${mark}/training.csv`,
        `${warehouse}.features.applicant_features > summarize.query.2 (COMPLETE)`,
        'summarize.query.2 (COMPLETE) > summarize (COMPLETE)',
        'summarize (COMPLETE) > summarize.query.1 (COMPLETE)',
        `summarize.query.1 (COMPLETE) > ${warehouse}.features.late_by_age`,
        // The first attempt made nothing
        `/srv/lake${mark}/training.csv > train (FAIL)`,
        `/srv/lake${mark}/training.csv > train (COMPLETE)`,
        `train (COMPLETE) > ${version}`,
        `${version} > Title of credit-default`,
      ].sort(),
    );
    const jobs = graph.nodes.flatMap(({ run }) =>
      run?.job.name === 'credit_default.train' ? [run] : [],
    );
    expect(jobs.map(run => run.partOf?.job.name)).toEqual([
      'credit_default',
      'credit_default',
    ]);
    // Both attempts are of the same run of the scheduler, of which is known what became of it
    const [first, second] = jobs.map(run => run.partOf!.id);
    expect(first).toBe(second);
    const whole = await graphOf(`node=${first}`);
    expect(whole.nodes).toMatchObject([
      { run: { job: { name: 'credit_default' }, state: 'FAIL', partOf: null } },
    ]);
    const { body } = await engine
      .as(people.dataScientist)
      .get(
        `/lineage/columns?node=${encodeURIComponent(
          applicants.replace('crm.applicants', 'features.loans'),
        )}`,
      )
      .expect(200);
    expect(body.columns).toContainEqual({
      column: 'income',
      from: {
        node: applicants,
        title: `${warehouse}.crm.applicants`,
        column: 'income_cents',
      },
      transformation: null,
    });
  });
});
