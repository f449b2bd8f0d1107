import { createMockDirectory } from '@backstage/backend-test-utils';
import { ArrangedEngines } from '../__testUtils__/ArrangedEngines';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { arrangeRollout } from '../__testUtils__/arrangeRollout';
import { TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';
import { earliestStart } from './holds';

jest.setTimeout(60_000);

const CANARY =
  'strategy: canary, steps: [{ share: 5, window: 10m, minimumSamples: 250 }, { share: 100, window: 10m, minimumSamples: 250 }], metrics: [{ name: error-rate, margin: 0.05 }]';

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('a promotion that nobody has to approve, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const engines = new ArrangedEngines(databases, databaseId);
  const directory = createMockDirectory();
  let engine: TestEngine;
  let delivery: TestDelivery;

  const start = async (more: Record<string, string> = {}) => {
    ({ engine, delivery } = await arrangeRollout(
      engines,
      directory,
      CANARY,
      more,
    ));
  };
  const ask = async (version: string) => {
    const { body } = await delivery
      .request(version, 'production')
      .expect(answers(201));
    return body.id as string;
  };
  afterEach(() => engine.stop());

  it('expires when it cannot start in time', async () => {
    await start();
    const first = await ask('v2');
    await delivery.untilStep(first, 0);
    answers(200)(await delivery.transition(first, 'pause'));
    await delivery.register('v3');
    await delivery.stage('v3');
    const before = engine.clock.now().getTime();
    const second = await ask('v3');
    const waiting = await delivery.until(second, ({ statement }) =>
      statement.includes('it waits for promotion'),
    );
    expect(waiting.expiresAt).toBe(
      new Date(before + 14 * 86_400_000).toISOString(),
    );
    engine.clock.advance({ hours: 14 * 24 + 1 });
    const expired = await delivery.until(second, 'expired');
    expect(expired.state).toBe('expired');
    expect((await delivery.get(first)).state).toBe('paused');
  });

  it('has its whole time once a freeze is over', async () => {
    await start({
      freezeWindows:
        "[{ name: Holidays, timeZone: Etc/UTC, dates: { from: '2026-11-22T00:00', to: '2026-12-22T00:00' } }]",
    });
    engine.clock.advance({ hours: 24 });
    const id = await ask('v2');
    const frozen = await delivery.until(id, ({ statement }) =>
      statement.includes('production is frozen'),
    );
    expect(frozen.expiresAt).toBe('2027-01-05T00:00:00.000Z');
    engine.clock.advance({ hours: 20 * 24 });
    await new Promise(resolve => setTimeout(resolve, 300));
    expect((await delivery.get(id)).state).toBe('scheduled');
    engine.clock.advance({ hours: 12 * 24 });
    await delivery.untilStep(id, 0);
  });
});

it('starts at the earliest when a freeze is over that the end of its soak falls into', () => {
  expect(
    earliestStart({
      environment: {
        name: 'production',
        soakSeconds: 3_600,
        freezeWindows: [
          {
            name: 'Holidays',
            timeZone: 'Etc/UTC',
            kind: 'dates',
            from: '2026-11-22T00:00',
            to: '2026-11-25T00:00',
          },
        ],
      },
      soak: { environment: 'staging', servedSeconds: 0, isServing: true },
      now: new Date('2026-11-21T23:30:00Z'),
    }),
  ).toEqual(new Date('2026-11-25T00:00:00Z'));
});
