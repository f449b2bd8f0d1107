import { ConfigReader } from '@backstage/config';
import {
  describeRegistryContract,
  readAll,
} from '@slipway/backstage-plugin-model-delivery-node/testUtils';
import { FakeVertex } from './__testUtils__/FakeVertex';
import { readVertexConnections } from './config';
import { VertexRegistry } from './VertexRegistry';

const TOKEN = 'nobody may see this';

function connect(vertex: FakeVertex, settings: object = {}) {
  return new VertexRegistry(
    readVertexConnections(
      new ConfigReader({
        modelDelivery: {
          vertexAi: {
            main: {
              project: 'acme-ml',
              location: 'europe-west4',
              endpoint: vertex.url,
              ...settings,
            },
          },
        },
      }),
    )[0],
    async () => TOKEN,
  );
}

describeRegistryContract('Vertex AI', {
  models: ['churn', 'credit-default', '4711'],
  manyVersions: 220,
  secrets: [TOKEN],
  async start() {
    const vertex = await FakeVertex.start();
    return {
      registry: connect(vertex),
      addVersions: async (model, count, { tags = {} } = {}) =>
        Array.from({ length: count }, () =>
          // Without `default`, which Vertex AI gives the first one
          vertex.add(model, { labels: tags, versionAliases: [] }),
        ),
      async moveAlias(model, alias, version) {
        vertex.moveAlias(model, alias, version);
      },
      beDown: () => vertex.be('down'),
      answerNonsense: () => vertex.be({ body: { models: 7 } }),
      countRequests: async () => vertex.requestCount,
      restart: async () => connect(vertex),
      end: () => vertex.stop(),
    };
  },
});

describe('Vertex AI', () => {
  let vertex: FakeVertex;
  beforeEach(async () => {
    vertex = await FakeVertex.start();
  });
  afterEach(() => vertex.stop());

  it('gives what is known of a version, and waits where it is throttled', async () => {
    vertex.add('4711', {
      displayName: 'Churn',
      versionDescription: 'Trained anew',
      labels: { team: 'crm' },
      artifactUri: 'gs://models/churn/1',
      pipelineJob: 'projects/acme-ml/locations/europe-west4/pipelineJobs/9',
      containerSpec: { imageUri: 'europe-docker.pkg.dev/acme/churn:1' },
      modelSourceInfo: { sourceType: 'CUSTOM' },
      baseModelSource: { modelGardenSource: { publicModelName: 'gemma' } },
    });
    const busy = { status: 429, body: {}, headers: { 'retry-after': '0' } };
    vertex.failures.push(busy, busy);
    const { versions } = await readAll(connect(vertex));
    expect(versions).toEqual([
      {
        model: '4711',
        version: '1',
        uri: 'projects/acme-ml/locations/europe-west4/models/4711@1',
        url: 'https://console.cloud.google.com/vertex-ai/models/locations/europe-west4/models/4711/versions/1/properties?project=acme-ml',
        runId: 'projects/acme-ml/locations/europe-west4/pipelineJobs/9',
        aliases: ['default'],
        tags: {
          team: 'crm',
          'vertex.displayName': 'Churn',
          'vertex.versionDescription': 'Trained anew',
          'vertex.artifactUri': 'gs://models/churn/1',
          'vertex.imageUri': 'europe-docker.pkg.dev/acme/churn:1',
          'vertex.sourceType': 'CUSTOM',
          'vertex.baseModel': 'gemma',
        },
        parameters: {},
        metrics: {},
        datasets: [],
        createdAt: new Date('2026-11-01T00:00:01Z'),
        updatedAt: new Date('2026-11-01T00:00:01Z'),
      },
    ]);
    expect([...vertex.authorizations]).toEqual([`Bearer ${TOKEN}`]);
  });

  it('imports many models, and goes on from any page of them', async () => {
    Array.from({ length: 130 }, (_, index) => vertex.add(`model-${index}`));
    const read = new Set<string>();
    let cursor: string | undefined;
    for await (const page of connect(vertex).readChanges({})) {
      page.versions.forEach(({ model }) => read.add(model));
      cursor = page.cursor;
      break;
    }
    expect(read.size).toBe(100);
    const rest = await readAll(connect(vertex), cursor);
    rest.versions.forEach(({ model }) => read.add(model));
    expect(read.size).toBe(130);
  });

  it.each([
    [401, 'refused', /'main' .* refused the credentials \(401\)/],
    [403, 'refused', /does not allow models.list to these .*: Not you/],
    [400, 'rejected', /rejected models.list \(400\): Not you/],
    [500, 'unreachable', /failed \(500\): Not you/],
    [429, 'unreachable', /still throttled models.list at the 1. attempt/],
    [302, 'refused', /redirect/],
  ])('says what %d means', async (status, trouble, message) => {
    vertex.failures.push({ status, body: { error: { message: 'Not you' } } });
    await expect(
      readAll(connect(vertex, { attempts: 1 })),
    ).rejects.toMatchObject({
      trouble,
      message: expect.stringMatching(message),
    });
  });

  it.each([
    [{ project: 'a/b' }, /main.project: 'a\/b' is not/],
    [{ location: 'evil.example.com/' }, /location: 'evil/],
    [{ attempts: 0 }, /attempts must be/],
  ])('refuses the settings %j', (settings, message) => {
    expect(() => connect(vertex, settings)).toThrow(message);
  });
});
