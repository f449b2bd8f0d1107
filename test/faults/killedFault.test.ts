import { Knex } from 'knex';
import { namedNodeId } from '../../plugins/model-delivery-backend/src/lineage/nodeIds';
import { KillableEngine } from './KillableEngine';
import { KilledEngine, startKilledEngine } from './KilledEngine';

const postgres =
  process.env.BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING;
const MODEL = 'model:default/survivor';
const OWNER = 'group:default/credit-risk';
const EVALUATIONS = ['e1', 'e2', 'e3'];
/** Any number that nobody else locks. */
const LOCK = 7_041;
/** By how much the clock of each next engine is ahead: a worker takes up what was left lying for a minute. */
const AHEAD_MS = 120_000;

interface Fault {
  id: string;
  revoked: number | null;
  notified: number;
}

/** Where the engine stands still when it is killed, and what of the fault is there then. */
const MOMENTS = [
  {
    title: 'before it is written down',
    on: 'insert on data_faults',
    when: 'true',
    isThere: false,
  },
  {
    title: 'before the first evaluation is revoked',
    on: 'insert on revocations',
    when: 'true',
    isThere: true,
  },
  {
    title: 'between two revocations',
    on: 'insert on revocations',
    when: '(select count(*) from revocations where fault_id = new.fault_id) = 1',
    isThere: true,
  },
  {
    title: 'before the owner is told what was revoked',
    on: 'update on data_faults',
    when: 'true',
    isThere: true,
  },
];

(postgres ? describe : describe.skip)(
  `a data set that is found faulty while the engine is killed${
    postgres ? '' : ' (skipped: no PostgreSQL)'
  }`,
  () => {
    let killed: KilledEngine | undefined;

    beforeAll(async () => {
      killed = await startKilledEngine(postgres!);
    });
    afterAll(async () => {
      await killed?.end();
    });

    it.each(MOMENTS.map((moment, i) => ({ ...moment, version: `${i + 1}` })))(
      'comes about whole and once, or not at all: $title',
      async ({ on, when, isThere, version }) => {
        const { engine, knex } = killed!;
        await register(engine, version);
        const said = {
          dataset: namedNodeId(
            { class: 'thing', namespace: MODEL, name: 'rows' },
            '',
          ),
          version,
          reason: 'A third of the rows is there twice',
          idempotencyKey: `fault-${version}`,
        };
        const say = () =>
          engine.call<Fault>(
            'POST',
            '/lineage/faults',
            said,
            'user:default/tess',
          );
        const release = await holdAt(knex, on, when);
        const answer = say().then(
          () => 'answered',
          () => 'no answer',
        );
        await waitFor(async () => (await countWaiting(knex)) === 1);
        await engine.kill();
        expect(await answer).toBe('no answer');
        await release();

        // Nobody presses again: what began goes on by itself
        await engine.start({
          CLOCK_OFFSET_MS: String(AHEAD_MS * Number(version)),
        });
        if (isThere) {
          await waitFor(
            async () => (await doneOf(knex, version)).settled === 1,
          );
          expect(await doneOf(knex, version)).toEqual(DONE);
        } else {
          expect(await doneOf(knex, version)).toEqual(NOTHING);
        }

        // And whoever does press again, once more for good measure, changes nothing of that
        expect(await say()).toMatchObject({ revoked: 3, notified: 1 });
        expect(await say()).toMatchObject({ revoked: 3, notified: 1 });
        expect(await doneOf(knex, version)).toEqual(DONE);
      },
    );
  },
);

/** Who waits for the lock of this test's own database. */
const WAITING = `from pg_locks
  where locktype = 'advisory' and not granted
    and database = (select oid from pg_database where datname = current_database())`;
const DONE = {
  faults: 1,
  settled: 1,
  audited: 1,
  revoked: [...EVALUATIONS],
  measured: 0,
  told: [
    [OWNER, 'A third of the rows is there twice. It went into'],
    [OWNER, '3 evaluations'],
  ],
};
const NOTHING = {
  faults: 0,
  settled: 0,
  audited: 0,
  revoked: [],
  measured: EVALUATIONS.length,
  told: [],
};

/** What came of the fault of a version of the data. */
async function doneOf(knex: Knex, version: string) {
  const faults: { id: number; settled_at: Date | null }[] = await knex(
    'data_faults',
  ).where({ version });
  const audited: string[] = await knex('audit_entries')
    .where({ action: 'data.faulty' })
    .pluck('leaf');
  const revoked: string[] = await knex('revocations')
    .join('versions', 'versions.id', 'revocations.version_id')
    .join('evaluations', 'evaluations.id', 'revocations.evaluation_id')
    .where('versions.name', version)
    .orderBy('evaluations.external_id')
    .pluck('evaluations.external_id');
  const measured: string[] = await knex('measurements')
    .join('versions', 'versions.id', 'measurements.version_id')
    .where('versions.name', version)
    .pluck('measurements.name');
  // Nothing takes them in this test, so that all that was ever written is there
  const told: string[] = await knex('outbox')
    .where({ topic: 'notification' })
    .orderBy('at')
    .pluck('payload');
  return {
    faults: faults.length,
    settled: faults.filter(each => each.settled_at !== null).length,
    audited: audited.filter(leaf => leaf.includes(`rows ${version} is faulty`))
      .length,
    revoked,
    measured: measured.length,
    told: told
      .map(payload => JSON.parse(payload))
      .filter(({ title }) => title.includes(`rows ${version} is faulty`))
      .map(({ recipients, title, description }) => [
        recipients.join(),
        /^\d evaluations/.exec(title)?.[0] ??
          /^.* It went into/.exec(description)?.[0],
      ]),
  };
}

/** Registers a version that was made of a version of the data of the same name, and measures it. */
async function register(engine: KillableEngine, version: string) {
  const versions = '/models/default/survivor/versions';
  await engine.call('POST', versions, {
    version,
    parts: {
      code: { commit: version.repeat(40) },
      data: [{ name: 'rows', version }],
      artifact: { digest: `sha256:${version.repeat(64)}` },
      configuration: [],
      parameters: {},
      trainedBy: 'user:default/dana',
    },
  });
  for (const id of EVALUATIONS) {
    await engine.call('POST', `${versions}/${version}/evaluations`, {
      id,
      fact: 'tests',
      measuredAt: '2026-11-20T09:00:00.000Z',
      metrics: [{ name: `failed_${id}`, value: 0 }],
    });
  }
}

/**
 * Lets the database hold whoever does something there.
 * @returns what lets nobody be held any more, with what the held ones had not committed undone
 */
async function holdAt(
  knex: Knex,
  on: string,
  when: string,
): Promise<() => Promise<void>> {
  const table = on.split(' ').at(-1)!;
  const held = await knex.client.acquireConnection();
  await held.query(`select pg_advisory_lock(${LOCK})`);
  await knex.raw(`
    create function hold() returns trigger language plpgsql as $$
    begin
      if ${when} then perform pg_advisory_xact_lock(${LOCK}); end if;
      return new;
    end $$;
    create trigger hold before ${on} for each row execute function hold();
  `);
  return async () => {
    // A killed client's statement goes on until it tells somebody
    await knex.raw(`select pg_terminate_backend(pid) ${WAITING}`);
    await waitFor(async () => (await countWaiting(knex)) === 0);
    await held.query(`select pg_advisory_unlock(${LOCK})`);
    await knex.client.releaseConnection(held);
    await knex.raw(`drop trigger hold on ${table}; drop function hold`);
  };
}

async function countWaiting(knex: Knex): Promise<number> {
  const { rows } = await knex.raw(`select count(*)::int as n ${WAITING}`);
  return rows[0].n;
}

async function waitFor(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) {
      throw new Error('It did not come about within a minute');
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
