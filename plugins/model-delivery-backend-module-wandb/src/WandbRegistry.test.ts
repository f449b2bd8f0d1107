import { readAll } from '@slipway/backstage-plugin-model-delivery-node/testUtils';
import { connect, KEY } from './__testUtils__/connect';
import { FakeWandb } from './__testUtils__/FakeWandb';

let wandb: FakeWandb;
beforeEach(async () => {
  wandb = await FakeWandb.start();
});
afterEach(() => wandb.stop());

const RUN = {
  __typename: 'Run',
  name: 'k3x9',
  commit: '0123456789abcdef0123456789abcdef01234567',
  config: JSON.stringify({
    rate: { value: 0.1, desc: null },
    optimizer: { value: { name: 'adam', betas: [0.9, 0.99] }, desc: null },
    _wandb: { value: { cli_version: '0.22' } },
  }),
  summaryMetrics: JSON.stringify({
    auc: 0.91,
    loss: { min: 0.2 },
    note: 'fine',
    bad: 'NaN',
    confusion: { _type: 'table-file', size: 7 },
    _step: 40,
  }),
  user: { username: 'ada' },
  project: { name: 'churn', entityName: 'crm' },
  inputArtifacts: {
    pageInfo: { hasNextPage: false },
    edges: ['dataset', 'code'].map(name => ({
      cursor: '',
      node: {
        digest: 'd41d',
        artifactType: { name },
        artifactSequence: { name: `customers-${name}` },
      },
    })),
  },
};

it('gives what is known of a version, and waits as long as it is asked to where it is throttled', async () => {
  wandb.add('churn', {
    description: 'Trained anew',
    metadata: JSON.stringify({ team: 'crm', size: { rows: 7 }, gone: null }),
    tags: [{ name: 'tabular' }, { name: 'eu' }],
    updatedAt: '2026-11-01T01:00:00',
    createdBy: RUN,
  });
  wandb.add('churn', { state: 'DELETED' });
  wandb.moveAlias('churn', 'production', 'v0');
  const busy = { status: 429, body: {}, headers: { 'retry-after': '0' } };
  wandb.failures.push(busy, busy);
  const { versions } = await readAll(
    connect(wandb, {
      organization: 'Acme Inc',
      publicUrl: 'https://wandb.example.com',
    }),
  );
  expect(versions).toEqual([
    {
      model: 'churn',
      version: 'v0',
      uri: 'wandb-artifact:///acme-org/wandb-registry-model/churn:v0',
      url: 'https://wandb.example.com/orgs/Acme%20Inc/registry/model?selectionPath=acme-org%2Fwandb-registry-model%2Fchurn&view=membership&version=v0',
      runId: 'k3x9',
      aliases: ['production'],
      tags: {
        team: 'crm',
        'size.rows': '7',
        'wandb.digest': 'digest-0',
        'wandb.description': 'Trained anew',
        'wandb.tags': 'tabular, eu',
        'wandb.collectionDescription': 'About churn',
        'wandb.collectionTags': 'tabular',
        'wandb.source': 'crm/churn/training:v5',
        'wandb.run': 'crm/churn/k3x9',
        'mlflow.source.git.commit': RUN.commit,
      },
      parameters: {
        rate: '0.1',
        'optimizer.name': 'adam',
        'optimizer.betas': '[0.9,0.99]',
      },
      metrics: { auc: 0.91, 'loss.min': 0.2 },
      datasets: [{ name: 'customers-dataset', digest: 'd41d' }],
      user: 'ada',
      createdAt: new Date('2026-11-01T00:00:01Z'),
      updatedAt: new Date('2026-11-01T01:00:00Z'),
    },
  ]);
  expect([...wandb.authorizations]).toEqual([
    `Basic ${Buffer.from(`api:${KEY}`).toString('base64')}`,
  ]);
});

it('reads the rest of a version whose metadata is no JSON, and says so', async () => {
  wandb.add('churn', {
    metadata: '{"rows": NaN}',
    createdBy: { __typename: 'User', username: 'ada' },
  });
  wandb.add('churn', { metadata: '[1]', createdBy: null });
  const { versions } = await readAll(connect(wandb));
  expect(
    versions.map(({ version, user, tags }) => [
      version,
      user,
      tags['wandb.notRead'],
    ]),
  ).toEqual([
    ['v1', undefined, 'metadata'],
    ['v0', 'ada', 'metadata'],
  ]);
});

it('imports many models, and notices in another replica a moved alias, which no time tells of', async () => {
  Array.from({ length: 55 }, (_, index) => wandb.add(`model-${index}`));
  wandb.add('model-3');
  // Further than any read goes back behind the newest change
  wandb.now += 3_600_000;
  wandb.add('late');
  const { versions, cursor } = await readAll(connect(wandb));
  expect(new Set(versions.map(({ model }) => model)).size).toBe(56);
  const before = wandb.requestCount;
  const idle = await readAll(connect(wandb), cursor);
  expect(idle.versions.map(({ model }) => model)).toEqual(['late']);
  // Two pages of models, and one of the versions of one
  expect(wandb.requestCount - before).toBe(3);
  wandb.moveAlias('model-3', 'production', 'v0');
  const { versions: told } = await readAll(connect(wandb), idle.cursor);
  expect(
    told.filter(({ aliases }) => aliases.length).map(({ model }) => model),
  ).toEqual(['model-3']);
  expect(new Set(told.map(({ model }) => model)).size).toBeLessThan(6);
});

it('sets an alias, but none in a registry that is read only', async () => {
  const version = wandb.add('churn');
  wandb.moveAlias('churn', 'latest', version);
  const registry = connect(wandb);
  await registry.setAlias!({ model: 'churn', alias: 'champion', version });
  expect((await readAll(registry)).versions[0].aliases).toEqual([
    'champion',
    'latest',
  ]);
  await expect(
    registry.setAlias!({
      model: 'churn',
      alias: 'champion',
      version: 'latest',
    }),
  ).rejects.toMatchObject({
    trouble: 'rejected',
    message: expect.stringMatching(/no version 'latest' of 'churn'/),
  });
  wandb.isProtected = true;
  await expect(
    registry.setAlias!({ model: 'churn', alias: 'champion', version }),
  ).rejects.toThrow(/did not let the alias 'champion' name churn:v0/);
  expect(connect(wandb, { readOnly: true }).setAlias).toBeUndefined();
});

it.each([
  {
    answer: 'a key that is refused',
    status: 401,
    trouble: 'refused',
    message: /'main' .* refused the credentials \(401\)/,
  },
  {
    answer: 'an action that is refused',
    status: 403,
    body: { errors: [{ message: 'Not you' }] },
    trouble: 'refused',
    message: /does not allow models to these credentials: Not you/,
  },
  {
    answer: 'a refusal by GraphQL',
    body: { errors: [{ message: 'permission denied' }], data: null },
    trouble: 'refused',
    message: /does not allow models to this key: permission denied/,
  },
  {
    answer: 'an error of GraphQL',
    body: { errors: [{ message: 'Cannot query field "x"' }], data: {} },
    trouble: 'rejected',
    message: /rejected models: Cannot query field "x"/,
  },
  {
    answer: 'no such registry',
    body: { data: { project: null } },
    trouble: 'refused',
    message:
      /no registry 'acme-org\/wandb-registry-model', or its key may not read/,
  },
  {
    answer: 'more entries than were asked for',
    body: pageOf(501),
    trouble: 'malformed',
    message: /artifactCollections.edges': has more than 500 entries/,
  },
  {
    answer: 'more bytes than are read',
    body: 'x'.repeat(33 * 1024 * 1024),
    trouble: 'unreachable',
    message: /answered with more than 33554432 bytes/,
  },
  {
    answer: 'throttling to the last attempt',
    status: 429,
    trouble: 'unreachable',
    message: /still throttled models at the 1. attempt/,
  },
  {
    answer: 'a redirect',
    status: 302,
    trouble: 'refused',
    message: /redirect/,
  },
])('says what is wrong: $answer', async ({ trouble, message, ...answer }) => {
  wandb.failures.push({ body: {}, ...answer });
  const error = await readAll(connect(wandb, { attempts: 1 })).catch(
    thrown => thrown,
  );
  expect(error).toMatchObject({
    trouble,
    message: expect.stringMatching(message),
  });
  expect(error.message).not.toContain(KEY);
});

it('does not follow pages without end', async () => {
  await wandb.be({ body: pageOf(0) });
  await expect(readAll(connect(wandb))).rejects.toThrow(/would never end/);
});

it.each([
  [{ entity: 'a/b' }, /main.entity: 'a\/b' is not a name/],
  [{ apiKey: 'two words' }, /apiKey must not contain white space/],
  [{ attempts: 0 }, /attempts must be/],
  [{ baseUrl: 'https://ada:secret@wandb.acme.com' }, /must not contain cred/],
])('refuses the settings %j', (settings, message) => {
  expect(() => connect(wandb, settings)).toThrow(message);
});

function pageOf(count: number) {
  const artifactCollections = {
    pageInfo: { hasNextPage: true, endCursor: 'again' },
    edges: Array.from({ length: count }, () => ({ node: null })),
  };
  return { data: { project: { artifactType: { artifactCollections } } } };
}
