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
      // Said again within one change
      tx.publish({ topic: 'signal.model', payload: { model: 'm7' } });
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

  it('tries a notification at most hourly for a day, then says in the audit log whom it did not reach', async () => {
    const knex = await databases.init(databaseId);
    const began = Date.parse('2026-11-22T18:00:00Z');
    let now = new Date(began);
    const work = new UnitOfWork({ knex, clock: () => now });
    const attempts: number[] = [];
    const send = jest.fn(async () => {
      attempts.push((now.getTime() - began) / 60_000);
      throw new Error('down');
    });
    const signals = {
      publish: jest.fn(async () => {
        throw new Error('down');
      }),
    };
    const logger = mockServices.logger.mock();
    const outbox = new Outbox({
      work,
      signals,
      notifications: { send },
      logger,
    });
    await work.run(async tx => {
      tx.publish({ topic: 'signal.model', payload: { model: 'm' } });
      tx.publish({
        topic: 'notification',
        payload: {
          recipients: ['user:default/rita', 'group:default/risk'],
          title: 'Decide on v2',
          link: '/model-delivery/promotions/7',
          severity: 'high',
          scope: 'promotion:7',
        },
      });
    });
    const passTo = async (minutes: number) => {
      while (now.getTime() < began + minutes * 60_000) {
        now = new Date(now.getTime() + 60_000);
        await outbox.deliver();
      }
    };
    await passTo(23 * 60 + 58);
    expect(await knex('outbox')).toHaveLength(1);
    const pauses = attempts.map((at, i) => at - (attempts[i - 1] ?? 0));
    expect(Math.max(...pauses)).toBe(60);
    expect(attempts.length).toBeGreaterThan(30);
    expect(await knex('audit_entries')).toEqual([]);

    await passTo(26 * 60);
    expect(await knex('outbox')).toEqual([]);
    expect(logger.error).toHaveBeenLastCalledWith(
      expect.stringContaining('gave up on notification after'),
    );
    const entries: { action: string; subject: string; summary: string }[] =
      await knex('audit_entries');
    expect(entries).toEqual([
      expect.objectContaining({
        action: 'notification.given-up',
        subject: 'notification:promotion:7',
        summary:
          'Could not tell user:default/rita, group:default/risk within a day: Decide on v2',
      }),
    ]);
  });

  it('delivers a notification when the outage of a night is over', async () => {
    const knex = await databases.init(databaseId);
    let now = new Date('2026-11-22T18:00:00Z');
    const work = new UnitOfWork({ knex, clock: () => now });
    let isDown = true;
    const send = jest.fn(async () => {
      if (isDown) {
        throw new Error('down');
      }
    });
    const outbox = new Outbox({
      work,
      signals: { publish: jest.fn() },
      notifications: { send },
      logger: mockServices.logger.mock(),
    });
    await work.run(async tx =>
      tx.publish({
        topic: 'notification',
        payload: {
          recipients: ['user:default/rita'],
          title: 'Decide',
          link: '/',
          severity: 'high',
          scope: 's',
        },
      }),
    );
    const pass = async (hours: number) => {
      for (let minute = 0; minute < hours * 60; minute += 5) {
        now = new Date(now.getTime() + 300_000);
        await outbox.deliver();
      }
    };
    await pass(12);
    isDown = false;
    send.mockClear();
    await pass(1.5);
    expect(send).toHaveBeenCalledTimes(1);
    expect(await knex('outbox')).toEqual([]);
    expect(await knex('audit_entries')).toEqual([]);
  });

  describe('a message that takes its time', () => {
    /** Seconds after which another replica looks, and when the message must have come at the latest. */
    const LOOKS_EVERY = 5;
    const LATEST = 10;

    /** Two replicas with one clock; the first one's notifications wait until they are let go. */
    async function replicas() {
      const knex = await databases.init(databaseId);
      let now = new Date();
      const clock = () => now;
      let release = () => {};
      const slow = {
        send: jest.fn(
          () => new Promise<void>(resolve => (release = () => resolve())),
        ),
      };
      const quick = { send: jest.fn(async () => {}) };
      let isDead = false;
      const first = new UnitOfWork({ knex, clock });
      // What a process that was killed writes: nothing
      const mortal = {
        get knex() {
          if (isDead) {
            throw new Error('The process is dead');
          }
          return knex;
        },
        now: clock,
        onCommit: () => {},
      } as unknown as UnitOfWork;
      const outbox = (work: UnitOfWork, notifications: { send: jest.Mock }) =>
        new Outbox({
          work,
          signals: { publish: jest.fn() },
          notifications,
          logger: mockServices.logger.mock(),
          renewMillis: 20,
        });
      await first.run(async tx =>
        tx.publish({
          topic: 'notification',
          payload: {
            recipients: ['user:default/rita'],
            title: 'Decide',
            link: '/',
            severity: 'high',
            scope: 's',
          },
        }),
      );
      const delivering = outbox(mortal, slow).deliver();
      const until = async (holds: () => Promise<boolean> | boolean) => {
        while (!(await holds())) {
          await new Promise(resolve => setTimeout(resolve, 10));
        }
      };
      await until(() => slow.send.mock.calls.length === 1);
      return {
        knex,
        slow,
        quick,
        delivering,
        until,
        now: clock,
        pass: (seconds: number) => {
          now = new Date(now.getTime() + seconds * 1000);
        },
        other: outbox(new UnitOfWork({ knex, clock }), quick),
        release: () => release(),
        kill: () => {
          isDead = true;
        },
      };
    }

    it('is delivered by nobody else while the replica that took it lives', async () => {
      const { knex, slow, quick, other, ...the } = await replicas();
      for (let seconds = 0; seconds < 60; seconds += 3) {
        the.pass(3);
        await the.until(async () => {
          const [row] = await knex('outbox');
          return new Date(row.due_at).getTime() - the.now().getTime() > 3_000;
        });
        await other.deliver();
      }
      expect(quick.send).not.toHaveBeenCalled();
      the.release();
      await the.delivering;
      await other.deliver();
      expect(slow.send).toHaveBeenCalledTimes(1);
      expect(quick.send).not.toHaveBeenCalled();
      expect(await knex('outbox')).toEqual([]);
    });

    it('comes from another replica within ten seconds after the one that took it died', async () => {
      const { knex, quick, other, ...the } = await replicas();
      the.kill();
      let seconds = 0;
      while (quick.send.mock.calls.length === 0 && seconds < 120) {
        the.pass(LOOKS_EVERY);
        seconds += LOOKS_EVERY;
        await other.deliver();
      }
      expect(seconds).toBeLessThanOrEqual(LATEST);
      expect(await knex('outbox')).toEqual([]);
      the.release();
      await expect(the.delivering).rejects.toThrow('The process is dead');
    });

    it('is left to the other replica by one that stalled for longer than its claim', async () => {
      const knex = await databases.init(databaseId);
      let now = new Date();
      const work = new UnitOfWork({ knex, clock: () => now });
      const delivered: string[] = [];
      const outbox = (name: string, onSend = async () => {}) =>
        new Outbox({
          work: new UnitOfWork({ knex, clock: () => now }),
          signals: { publish: jest.fn() },
          notifications: {
            send: async ({ payload }: { payload: { title: string } }) => {
              delivered.push(`${payload.title} by ${name}`);
              await onSend();
            },
          } as never,
          logger: mockServices.logger.mock(),
          renewMillis: 3_600_000,
        });
      for (const title of ['one', 'two']) {
        now = new Date(now.getTime() + 1);
        await work.run(async tx =>
          tx.publish({
            topic: 'notification',
            payload: {
              recipients: ['user:default/rita'],
              title,
              link: '/',
              severity: 'high',
              scope: title,
            },
          }),
        );
      }
      const other = outbox('other');
      await outbox('stalled', async () => {
        now = new Date(now.getTime() + 30_000);
        await other.deliver();
      }).deliver();
      expect(delivered).toEqual([
        'one by stalled',
        'one by other',
        'two by other',
      ]);
    });
  });
});
