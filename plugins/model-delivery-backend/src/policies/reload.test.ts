import { mockServices } from '@backstage/backend-test-utils';
import { NotModifiedError } from '@backstage/errors';
import { Knex } from 'knex';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { UnitOfWork } from '../database/UnitOfWork';
import { shippedKinds } from '../gates/kinds/shippedKinds';
import { PoliciesService } from './PoliciesService';
import { ownPolicies } from './policySources';

jest.setTimeout(60_000);

const examples = resolve(__dirname, '../../../../examples/policies');
const model = { risk: 'high', teamSize: 'small' } as const;

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('policies that change while the engine runs, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const logger = mockServices.logger.mock();
  let knex: Knex;
  let work: UnitOfWork;
  let folder: string;

  beforeEach(async () => {
    jest.clearAllMocks();
    knex = await databases.init(databaseId);
    work = new UnitOfWork({ knex });
    folder = await mkdtemp(join(tmpdir(), 'policies-'));
    for (const risk of ['low', 'medium', 'high']) {
      await writeFile(
        join(folder, `${risk}.yaml`),
        await readFile(join(examples, `${risk}.yaml`)),
      );
    }
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const change = async (file: string, from: string, to: string) => {
    const path = join(folder, file);
    const text = await readFile(path, 'utf8');
    expect(text).toContain(from);
    await writeFile(path, text.replaceAll(from, to));
  };
  const create = () =>
    PoliciesService.create({
      work,
      logger,
      kinds: shippedKinds(),
      own: ownPolicies({
        config: { policies: { directory: folder } },
        urlReader: mockServices.urlReader.mock(),
      } as unknown as Parameters<typeof ownPolicies>[0]),
    });

  it('come into force, each version kept with its history', async () => {
    const policies = await create();
    const before = policies.forModel(model);
    expect(await policies.reload()).toBe(false);

    await change('high.yaml', 'below: 0.05', 'below: 0.04');
    expect(await policies.reload()).toBe(true);

    const after = policies.forModel(model);
    expect(after.digest).not.toBe(before.digest);
    expect(await policies.byDigest(knex, before.digest)).toEqual(before);
    const { items } = await policies.history(model, { limit: 10 });
    expect(
      items.map(each => [each.digest, each.replacedDigest, each.source]),
    ).toEqual([
      [after.digest, before.digest, 'high.yaml'],
      [before.digest, null, 'high.yaml'],
    ]);
    expect(
      (await policies.compare(before.digest, after.digest)).changes.map(
        each => [each.environment, each.subject, each.effect],
      ),
    ).toEqual([
      ['staging', 'The fairness gap is below 4 %', 'tightened'],
      ['production', 'The fairness gap is below 4 %', 'tightened'],
    ]);
    const first = await policies.history({}, { limit: 10 });
    const rest = await policies.history(
      {},
      { limit: 10, cursor: first.nextCursor },
    );
    expect([first.items.length, rest.items.length]).toEqual([10, 2]);
  });

  it('come into force once, however many replicas read them at once', async () => {
    const replicas = await Promise.all([create(), create(), create()]);
    await change('high.yaml', 'below: 0.05', 'below: 0.04');
    await Promise.all(replicas.map(each => each.reload()));
    // And back to what is known already
    await change('high.yaml', 'below: 0.04', 'below: 0.05');
    await Promise.all(replicas.map(each => each.reload()));

    const { items } = await replicas[0].history({}, { limit: 50 });
    const cells = ['low', 'medium', 'high'].flatMap(risk =>
      ['small', 'medium', 'large'].map(size => `${risk} ${size}`),
    );
    const high = cells.filter(cell => cell.startsWith('high'));
    expect(items.map(each => `${each.risk} ${each.teamSize}`).sort()).toEqual(
      [...cells, ...high, ...high].sort(),
    );
  });

  it('stay as they are while what is there now is wrong, and say so', async () => {
    const policies = await create();
    const before = policies.forModel(model);
    await change('high.yaml', 'below: 0.05', 'below: 0.5');

    expect(await policies.reload()).toBe(false);
    expect(await policies.reload()).toBe(false);

    expect(policies.forModel(model)).toBe(before);
    expect(policies.status().problems[0]).toEqual({
      file: 'high.yaml',
      path: 'spec',
      message: expect.stringContaining('is looser for high risk'),
    });
    expect(logger.error).toHaveBeenCalledTimes(1);

    await change('high.yaml', 'below: 0.5', 'below: 0.05');
    await policies.reload();
    expect(policies.status().problems).toEqual([]);
    expect(policies.forModel(model).digest).toBe(before.digest);
  });

  it('stay as they are while they cannot be read', async () => {
    const policies = await create();
    const before = policies.forModel(model);
    await rm(folder, { recursive: true, force: true });
    await policies.reload();
    expect(policies.forModel(model)).toBe(before);
    expect(policies.status().problems[0].message).toContain(
      'could not be read',
    );
  });

  it('are those last in force after a start with wrong ones, and a first start with wrong ones is refused', async () => {
    const good = (await create()).forModel(model);
    await change('low.yaml', 'kind: DeliveryPolicy', 'kind: Holiday');
    const restarted = await create();
    expect(restarted.forModel(model)).toMatchObject({
      digest: good.digest,
      name: 'high-demo',
    });
    expect(restarted.status().problems[0]).toMatchObject({
      file: 'low.yaml',
      path: 'kind',
    });
    expect(
      (await restarted.list(knex)).map(each => [each.name, each.teamSizes]),
    ).toEqual(
      ['high', 'medium', 'low'].map(risk => [
        `${risk}-demo`,
        ['small', 'medium', 'large'],
      ]),
    );
    await knex('policy_assignments').delete();
    await expect(create()).rejects.toThrow(/low\.yaml: kind /);
  });

  it('can come from an address that a URL reader reads', async () => {
    const texts = new Map(
      await Promise.all(
        ['low.yaml', 'medium.yaml', 'high.yaml'].map(
          async file =>
            [file, await readFile(join(folder, file))] as [string, Buffer],
        ),
      ),
    );
    const readTree = jest.fn(async (_: string, options?: { etag?: string }) => {
      if (options?.etag === String(texts.get('high.yaml')!.length)) {
        throw new NotModifiedError();
      }
      return {
        files: async () =>
          [...texts].map(([path, text]) => ({
            path: `policies/${path}`,
            content: async () => text,
          })),
        etag: String(texts.get('high.yaml')!.length),
      };
    });
    const policies = await PoliciesService.create({
      work,
      logger,
      kinds: shippedKinds(),
      own: ownPolicies({
        config: { policies: { url: 'https://git.example.com/policies' } },
        urlReader: { readTree },
      } as unknown as Parameters<typeof ownPolicies>[0]),
    });
    expect(policies.status().source).toBe('https://git.example.com/policies');
    expect(await policies.reload()).toBe(false);
    texts.set(
      'high.yaml',
      Buffer.from(
        String(texts.get('high.yaml')).replaceAll(
          'expiresAfter: 72h',
          'expiresAfter: 9h',
        ),
      ),
    );
    expect(await policies.reload()).toBe(true);
    expect(policies.forModel(model).environments[1].expiresAfterSeconds).toBe(
      9 * 3_600,
    );
    expect(readTree).toHaveBeenCalledTimes(3);
  });
});
