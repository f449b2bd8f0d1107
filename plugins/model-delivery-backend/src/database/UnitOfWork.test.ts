import { mockServices } from '@backstage/backend-test-utils';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { leafHash } from '../audit/leaf';
import { Outbox } from './Outbox';
import { UnitOfWork } from './UnitOfWork';

jest.setTimeout(60_000);

const entry = (subject: string) => ({
  actor: 'user:default/dana',
  action: 'test.done',
  model: 'model:default/m',
  subject,
  summary: `Did ${subject}`,
});

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('a unit of work on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });

  async function start() {
    const knex = await databases.init(databaseId);
    return new UnitOfWork({ knex });
  }

  it('leaves neither audit entry nor message of a change that failed', async () => {
    const work = await start();
    await expect(
      work.run(async tx => {
        tx.record(entry('a'));
        tx.publish({ topic: 'signal.model', payload: { model: 'm' } });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await work.knex('audit_entries')).toEqual([]);
    expect(await work.knex('outbox')).toEqual([]);
  });

  it('numbers the entries of concurrent changes without a gap, and hashes what it stores', async () => {
    const work = await start();
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        work.run(async tx => {
          tx.record(entry(`${i}.1`));
          tx.record(entry(`${i}.2`));
          if (i % 5 === 0) {
            throw new Error('lost');
          }
        }),
      ).map(each => each.catch(() => {})),
    );
    const rows: { index: number | string; leaf: string; leaf_hash: string }[] =
      await work.knex('audit_entries').orderBy('index');
    expect(rows.map(row => Number(row.index))).toEqual(
      Array.from({ length: 32 }, (_, i) => i),
    );
    rows.forEach((row, index) => {
      expect(JSON.parse(row.leaf).index).toBe(index);
      expect(leafHash(row.leaf)).toBe(row.leaf_hash);
    });
  });

  it('delivers each message once, though two replicas look at once, and retries one that failed', async () => {
    const work = await start();
    const signals = { publish: jest.fn() };
    const notifications = { send: jest.fn() };
    notifications.send.mockRejectedValueOnce(new Error('not now'));
    let now = new Date();
    const clocked = new UnitOfWork({ knex: work.knex, clock: () => now });
    const outbox = () =>
      new Outbox({
        work: new UnitOfWork({ knex: work.knex, clock: () => now }),
        signals,
        notifications,
        logger: mockServices.logger.mock(),
      });
    await clocked.run(async tx => {
      for (let i = 0; i < 120; i++) {
        tx.publish({ topic: 'signal.model', payload: { model: `m${i}` } });
      }
      tx.publish({
        topic: 'notification',
        payload: {
          recipients: ['user:default/rita'],
          title: 'Decide',
          link: '/',
          severity: 'high',
          scope: 's',
        },
      });
    });
    await Promise.all([outbox().deliver(), outbox().deliver()]);
    expect(signals.publish).toHaveBeenCalledTimes(120);
    // Everybody with the portal open hears it, whatever they may read
    expect(signals.publish).toHaveBeenCalledWith({
      recipients: { type: 'broadcast' },
      channel: 'model-delivery',
      message: { type: 'model', models: expect.any(Number) },
    });
    expect(notifications.send).toHaveBeenCalledTimes(1);

    now = new Date(now.getTime() + 60_000);
    await outbox().deliver();
    expect(notifications.send).toHaveBeenCalledTimes(2);
    expect(notifications.send).toHaveBeenLastCalledWith(
      expect.objectContaining({
        recipients: { type: 'entity', entityRef: ['user:default/rita'] },
      }),
    );
    expect(await work.knex('outbox')).toEqual([]);
  });
});
