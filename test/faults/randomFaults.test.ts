import knexFactory, { Knex } from 'knex';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Delivery, Promised } from './Delivery';
import { FaultyTarget } from './FaultyTarget';
import { freePort } from './freePort';
import { findViolations } from './invariants';
import { KillableEngine } from './KillableEngine';
import { findPostgresPrograms, PostgresCluster } from './PostgresCluster';
import { ProgressWatch } from './ProgressWatch';
import { randomFrom, seedOf } from './random';
import { Replicas } from './Replicas';
import { writeRandomPolicies } from './testPolicies';

const REPLICAS = 3;
/** By their risk each is rolled out in another way; the last two go together. */
const MODELS = {
  green: 'low',
  canary: 'medium',
  shadow: 'high',
  ranker: 'medium',
  retriever: 'medium',
};
const RELEASED = [['green'], ['canary'], ['shadow'], ['ranker', 'retriever']];
/** How far a clock may be wrong, in milliseconds. Two of three are right: nobody goes on for a time that all miss. */
const LARGEST_CLOCK_ERROR_MS = 30_000;
const RESUMED_WITHIN_SECONDS = 30;

const programs = findPostgresPrograms();
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

(programs ? describe : describe.skip)(
  `releases among random faults${programs ? '' : ' (skipped: no PostgreSQL)'}`,
  () => {
    const seed = seedOf(process.env.SLIPWAY_FAULT_SEED);
    const seconds = Number(process.env.SLIPWAY_FAULT_SECONDS ?? 45);
    const random = randomFrom(seed);
    const target = new FaultyTarget(randomFrom(seed + 1));
    const promised: Promised = { promotions: new Map(), approvals: [] };
    const done = { kills: 0, crashes: 0, wrongClocks: 0 };
    let folder: string;
    let postgres: PostgresCluster;
    let knex: Knex;
    let replicas: Replicas;

    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'slipway-faults-'));
      const policiesDirectory = path.join(folder, 'policies');
      await writeRandomPolicies(policiesDirectory);
      postgres = new PostgresCluster(programs!, await freePort());
      await postgres.start();
      knex = knexFactory({
        client: 'pg',
        connection: postgres.url,
        pool: { min: 0, max: 2 },
      });
      const env = {
        TARGET_URL: await target.start(),
        MODELS: JSON.stringify(MODELS),
      };
      const engines: KillableEngine[] = [];
      for (let i = 0; i < REPLICAS; i++) {
        engines.push(
          new KillableEngine({
            databaseUrl: postgres.url,
            policiesDirectory,
            port: await freePort(),
            logFile: path.join(folder, `engine-${i}.log`),
            env,
          }),
        );
      }
      replicas = new Replicas(engines, randomFrom(seed + 2));
      // The first one alone makes the tables
      await replicas.start(engines[0]);
      await Promise.all(
        engines.slice(1).map((engine, i) => {
          return replicas.start(engine, clockOf(i + 1));
        }),
      );
    });

    afterAll(async () => {
      await Promise.all(replicas?.all.map(each => each.kill()) ?? []);
      target.stop();
      await knex?.destroy();
      await postgres?.remove();
      if (!process.env.SLIPWAY_FAULT_KEEP) {
        await rm(folder, { recursive: true, force: true });
      }
    });

    /** Kills replicas and tears PostgreSQL down until the time is over, and brings each up again. */
    async function breakThings(until: number) {
      const starting: Promise<void>[] = [];
      while (Date.now() < until) {
        await pause(500 + random() * 2_500);
        if (random() < 0.2) {
          await postgres.crash();
          await pause(random() * 2_000);
          await postgres.start();
          done.crashes++;
          continue;
        }
        const which = Math.floor(random() * REPLICAS);
        const engine = replicas.all[which];
        if (replicas.isUp(engine)) {
          await replicas.kill(engine);
          done.kills++;
          starting.push(replicas.start(engine, clockOf(which)));
        }
      }
      await Promise.all(starting);
    }

    /** The clock of the last replica is wrong, each time by something else. */
    function clockOf(which: number): Record<string, string> {
      const error = Math.round((2 * random() - 1) * LARGEST_CLOCK_ERROR_MS);
      if (which !== REPLICAS - 1) {
        return {};
      }
      done.wrongClocks++;
      return { CLOCK_OFFSET_MS: String(error) };
    }

    it(`loses nothing, doubles nothing and resumes in time (SLIPWAY_FAULT_SEED=${seed} SLIPWAY_FAULT_SECONDS=${seconds})`, async () => {
      const watch = new ProgressWatch(knex, () => replicas.up > 0);
      let broken = true;
      const deliveries = RELEASED.map(
        (models, i) =>
          new Delivery(
            replicas,
            target.deployer,
            promised,
            randomFrom(seed + 10 + i),
            models,
          ),
      );
      // Something serves everywhere
      await Promise.all(deliveries.map(each => each.release()));
      watch.start();
      target.faulty = true;
      const until = Date.now() + seconds * 1000;
      try {
        await Promise.all([
          breakThings(until).finally(() => {
            broken = false;
            target.faulty = false;
          }),
          ...deliveries.map(async delivery => {
            do {
              await delivery.release();
            } while (broken);
          }),
        ]);
        // Servers that are not needed any more are taken down after the end
        await pause(5_000);
      } finally {
        await watch.stop();
      }
      const violations = [
        ...watch.violations,
        ...(await findViolations(knex, target.deployer, promised)),
      ];
      const states = await knex('promotions')
        .groupBy('state')
        .select('state')
        .count();
      process.stdout.write(
        `${JSON.stringify({
          seed,
          ...done,
          target: target.counts,
          states,
          approvals: promised.approvals.length,
          longest: watch.longest,
        })}\n`,
      );
      expect(violations).toEqual([]);
      expect(promised.promotions.size).toBeGreaterThanOrEqual(20);
      expect(watch.longest.seconds).toBeLessThan(RESUMED_WITHIN_SECONDS);
    });
  },
);
