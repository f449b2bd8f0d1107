import { mockServices } from '@backstage/backend-test-utils';
import { ANNOTATION_LOCATION } from '@backstage/catalog-model';
import { NotFoundError, NotModifiedError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { sampleEvaluation, sampleRegistration } from '../__testUtils__/samples';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';

jest.setTimeout(60_000);

const REPOSITORY =
  'url:https://github.com/bank/credit/tree/main/catalog-info.yaml';
const PROVIDED = 'slipway-model-source:files:demo';
const README = 'https://github.com/research/reviews/blob/main/README.md';
const toBom = (...names: string[]) =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.7',
    components: names.map(name => ({
      type: 'machine-learning-model',
      'bom-ref': name,
      name: 'router',
      licenses: [{ license: { id: 'MIT' } }],
      modelCard: {
        considerations: {
          technicalLimitations: [`Of ${name} <script>alert(1)</script>`],
        },
      },
    })),
  });
const CARD = `---
license: apache-2.0
---
# Credit default

## Limitations

Adults <script>alert(1)</script> only.
`;

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('model cards on %s', databaseId => {
  const folder = mkdtempSync(join(tmpdir(), 'cards-'));
  let engine: TestEngine;
  // Said first, so that it ends before its database
  afterAll(async () => {
    await engine.stop();
    rmSync(folder, { recursive: true });
  });
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const files = new Map<string, Buffer>();
  const read: string[] = [];
  const models = (of: string) => `/models/default/${of}`;
  const cardOf = async (of: string, query = '') =>
    (
      await engine
        .as()
        .get(`${models(of)}/card${query}`)
        .expect(200)
    ).body;
  const section = (
    body: { card: { sections: { id: string }[] } },
    id: string,
  ) =>
    body.card.sections.find(each => each.id === id) as never as {
      facts: { label: string; text: string; source: string }[];
      measurements: { name: string; value: number; slice?: object }[];
      texts: { markdown: string; source: string }[];
    };

  beforeAll(async () => {
    writeFileSync(join(folder, 'card.md'), '## Limitations\n\nFrom a file.\n');
    writeFileSync(join(folder, 'a#b.cdx'), toBom('the router', 'another'));
    writeFileSync(join(folder, 'one.json'), toBom('one'));
    writeFileSync(join(folder, 'deep.json'), '['.repeat(200_000));
    const entity = (name: string, location: string, card?: string) =>
      modelEntity(
        name,
        {},
        {
          [ANNOTATION_LOCATION]: location,
          ...(card && { 'slipway.dev/model-card': card }),
        },
      );
    engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [
        entity('credit-default', REPOSITORY),
        entity('large', REPOSITORY, 'large.md'),
        entity(
          'elsewhere',
          REPOSITORY,
          'https://github.com/bank/payroll/blob/main/x.md',
        ),
        entity('named', REPOSITORY, 'docs/gone.md'),
        entity('filed', `file:${join(folder, 'catalog-info.yaml')}`, 'card.md'),
        entity(
          'climbing',
          `file:${join(folder, 'catalog-info.yaml')}`,
          '../x.md',
        ),
        modelEntity('plain'),
        entity('readme', PROVIDED, `url:${README}`),
        entity('routed', PROVIDED, `file:${folder}/a%23b.cdx#the%20router`),
        entity('unknown', PROVIDED, `file:${folder}/a%23b.cdx#gone`),
        entity('broken', PROVIDED, `file:${folder}/deep.json`),
        entity('bom', `file:${join(folder, 'catalog-info.yaml')}`, 'one.json'),
        modelEntity(
          'licensed',
          {},
          {
            [ANNOTATION_LOCATION]: PROVIDED,
            'slipway.dev/license': 'apache-2.0',
          },
        ),
      ],
      modules: [
        mockServices.urlReader.mock({
          readUrl: async (url, options) => {
            read.push(`${url} ${options?.etag ?? ''}`.trim());
            const bytes = files.get(url);
            if (!bytes) {
              throw new NotFoundError('no such file');
            }
            const etag = String(bytes.length);
            if (options?.etag === etag) {
              throw new NotModifiedError();
            }
            return {
              buffer: async () => bytes,
              stream: () => Readable.from(bytes),
              etag,
            };
          },
        }).factory,
      ],
      decide: (permission, user) => ({
        result:
          permission === 'model-delivery.card.import' &&
          user !== people.mlEngineer
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
      }),
    });
    for (const model of ['credit-default', 'plain']) {
      for (const [version, depth] of [
        ['1', '4'],
        ['3', '5'],
      ]) {
        const registration = sampleRegistration(version);
        await engine.as().post(`${models(model)}/versions`, {
          ...registration,
          parts: { ...registration.parts, parameters: { depth } },
        });
      }
    }
    const evaluations = `${models('credit-default')}/versions/3/evaluations`;
    const report = (id: string, change: object) =>
      engine.as().post(evaluations, sampleEvaluation(id, change)).expect(201);
    await report('whole', {
      metrics: [
        {
          name: 'f1',
          value: 0.8,
          interval: { low: 0.78, high: 0.82, level: 0.95 },
          sampleSize: 1000,
        },
        { name: 'f1', value: 0.7, slice: { attribute: 'age', value: '< 25' } },
      ],
    });
    await report('fair', { metrics: [{ name: 'fairness_gap', value: 0.02 }] });
    await report('age', {
      fact: 'card',
      metrics: [{ name: 'age_days', value: 12 }],
    });
  });
  afterEach(() => files.clear());

  it('is composed of what is known, says what is missing, and is as old as the gates say', async () => {
    const body = await cardOf('credit-default');
    expect(body.card).toMatchObject({
      model: 'model:default/credit-default',
      version: '3',
      asOf: '2026-11-21T09:00:00.000Z',
    });
    expect(section(body, 'intended-use').facts).toEqual([
      { label: 'Intended use', text: 'Testing', source: 'catalog' },
    ]);
    expect(section(body, 'evaluations').measurements).toHaveLength(2);
    expect(section(body, 'fairness').measurements).toMatchObject([
      { name: 'fairness_gap', value: 0.02 },
    ]);
    expect(body.missing.map((each: { what: string }) => each.what)).toEqual([
      'Licence',
      'Out-of-scope use',
      'Limitations',
    ]);
    expect(body.completeness).toBeCloseTo(0.667, 2);
    expect(body.freshness).toMatchObject({
      ageDays: 12,
      evaluation: 'age',
      policy: {
        environment: 'production',
        gate: 'card-fresh',
        maxDays: 90,
        verdict: 'passed',
      },
    });
    const older = await cardOf('credit-default', '?version=1');
    expect(older.freshness).toMatchObject({
      ageDays: null,
      policy: { verdict: 'no-evidence' },
    });
    await engine
      .as()
      .get(`${models('credit-default')}/card?version=9`)
      .expect(404);
  });

  it('is completed by the team’s text, which is read again only when it changed', async () => {
    const url = 'https://github.com/bank/credit/tree/main/MODEL_CARD.md';
    files.set(url, Buffer.from(CARD));
    engine.clock.advance({ minutes: 2 });
    read.length = 0;
    const body = await cardOf('credit-default');
    expect(section(body, 'limitations').texts).toEqual([
      { markdown: 'Adults <script>alert(1)</script> only.', source: 'text' },
    ]);
    expect(body.text).toMatchObject({
      state: 'found',
      location: url,
      editUrl: 'https://github.com/bank/credit/edit/main/MODEL_CARD.md',
    });
    expect(body.missing).toHaveLength(1);
    await cardOf('credit-default');
    engine.clock.advance({ minutes: 2 });
    await cardOf('credit-default');
    expect(read).toEqual([url, `${url} ${Buffer.byteLength(CARD)}`]);
    await engine
      .as(people.mlEngineer)
      .post(`${models('credit-default')}/card/import`, {
        format: 'huggingface',
        content: CARD,
      })
      .expect(409);
  });

  it('is completed by the file that its entity was made of', async () => {
    files.set(README, Buffer.from(CARD));
    const textsOf = async (name: string) => {
      const body = await cardOf(name);
      return [
        body.text.state,
        section(body, 'limitations').texts.map(({ markdown }) => markdown),
        section(body, 'details')
          .facts.filter(({ label }) => label === 'Licence')
          .map(({ text, source }) => `${text} (${source})`),
      ];
    };
    expect(await textsOf('readme')).toEqual([
      'found',
      ['Adults <script>alert(1)</script> only.'],
      ['apache-2.0 (text)'],
    ]);
    expect((await cardOf('readme')).text).toMatchObject({
      location: README,
      editUrl: README.replace('/blob/', '/edit/'),
    });
    expect(await textsOf('routed')).toEqual([
      'found',
      ['Of the router <script>alert(1)</script>'],
      ['MIT (text)'],
    ]);
    expect(await textsOf('bom')).toEqual([
      'found',
      ['Of one <script>alert(1)</script>'],
      ['MIT (text)'],
    ]);
    expect((await cardOf('unknown')).text).toMatchObject({
      state: 'refused',
      message: expect.stringContaining('it would be one called gone'),
    });
    expect((await cardOf('broken')).text).toMatchObject({
      state: 'refused',
      message: 'The file is nested 200000 deep; at most 50 are read',
    });
    const licensed = await cardOf('licensed');
    expect(await textsOf('licensed')).toEqual([
      'none',
      [],
      ['apache-2.0 (catalog)'],
    ]);
    expect(
      licensed.missing.map((each: { what: string }) => each.what),
    ).not.toContain('Licence');
  });

  it('remains where its text cannot be read, and says why', async () => {
    files.set(
      'https://github.com/bank/credit/tree/main/large.md',
      Buffer.alloc(5_000_000, 'x'),
    );
    const states = [];
    for (const name of ['large', 'elsewhere', 'named', 'filed', 'climbing']) {
      const { text, card } = await cardOf(name);
      expect(card.sections.length).toBeGreaterThan(10);
      states.push([name, text.state, text.message]);
    }
    expect(states).toEqual([
      ['large', 'refused', expect.stringContaining('larger than 1000000')],
      [
        'elsewhere',
        'refused',
        expect.stringContaining('outside the repository'),
      ],
      ['named', 'failed', 'There is no such file'],
      ['filed', 'found', null],
      ['climbing', 'refused', expect.any(String)],
    ]);
  });

  it('tells two versions’ cards apart', async () => {
    const { body } = await engine
      .as()
      .get(`${models('credit-default')}/card/diff?from=1&to=3`)
      .expect(200);
    const changed = body.sections.filter(
      (each: { change: string }) => each.change !== 'same',
    );
    expect(changed.map((each: { id: string }) => each.id)).toEqual([
      'parameters',
      'evaluations',
      'fairness',
      'provenance',
    ]);
    expect(changed[0].facts).toEqual([
      { label: 'depth', before: ['4'], after: ['5'] },
    ]);
  });

  it('comes back from each format, which completes a version that has no text', async () => {
    files.set(
      'https://github.com/bank/credit/tree/main/MODEL_CARD.md',
      Buffer.from(CARD),
    );
    engine.clock.advance({ minutes: 2 });
    const { card } = await cardOf('credit-default');
    const as = engine.as(people.mlEngineer);
    for (const format of ['cyclonedx', 'huggingface', 'pdf']) {
      const file = await engine
        .as()
        .get(`${models('credit-default')}/card/export?format=${format}`)
        .buffer(true)
        .parse((response, done) => {
          const chunks: Buffer[] = [];
          response.on('data', chunk => chunks.push(chunk));
          response.on('end', () => done(null, Buffer.concat(chunks)));
        })
        .expect(200);
      expect(file.headers['content-disposition']).toContain(
        'credit-default-3.',
      );
      const content = (file.body as Buffer).toString(
        format === 'pdf' ? 'base64' : 'utf8',
      );
      const { body } = await as
        .post(`${models('plain')}/card/import`, {
          format,
          content,
          dryRun: true,
        })
        .expect(200);
      expect(body).toMatchObject({ card, exact: true, kept: false });
      await as
        .post(`${models('plain')}/card/import`, { format, content })
        .expect(201);
    }
    const plain = await cardOf('plain');
    expect(section(plain, 'limitations').texts[0].source).toBe('import');
    expect(section(plain, 'evaluations').measurements).toEqual([]);
    expect(plain.text).toMatchObject({
      state: 'imported',
      importedBy: people.mlEngineer,
    });
    const { body: audit } = await engine
      .as()
      .get(`/audit?action=card.imported`)
      .expect(200);
    expect(audit.items).toHaveLength(3);
    const refused = await engine
      .as(people.dataScientist)
      .post(`${models('plain')}/card/import`, {
        format: 'huggingface',
        content: CARD,
      })
      .expect(403);
    expect(refused.body.error.message).toContain('model-delivery.card.import');
    await as
      .post(`${models('plain')}/card/import`, {
        format: 'cyclonedx',
        content: '{}',
      })
      .expect(400);
    await as
      .post(`${models('plain')}/card/import`, {
        format: 'huggingface',
        content: 'x'.repeat(1_100_000),
      })
      .expect(413);
  });

  it('names who approved what was deployed outside, as it was recorded', async () => {
    const at = '2026-11-20T08:00:00.000Z';
    await engine
      .as()
      .post(`${models('plain')}/deployments`, {
        id: 'by-hand',
        version: '1',
        environment: 'production',
        startedAt: at,
        requestedBy: people.mlEngineer,
        approvedBy: [people.teamLead, people.riskManager],
      })
      .expect(201);
    expect(
      section(await cardOf('plain', '?version=1'), 'approvals').facts,
    ).toEqual([
      {
        label: 'For production',
        text: `approved by ${people.teamLead}, ${people.riskManager}, as recorded with the deployment of ${at}`,
        source: 'delivery',
      },
    ]);
  });
});
