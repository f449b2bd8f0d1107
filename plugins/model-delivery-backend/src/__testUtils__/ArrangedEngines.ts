import { TestDatabaseId } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { FakeDeployer } from './FakeDeployer';
import { MigratedDatabases } from './MigratedDatabases';
import { TestClock, TestEngine } from './startTestEngine';

/** What an engine runs on, and what of it stays when it ends. */
export interface EngineGround {
  knex: Knex;
  deployer: FakeDeployer;
  clock: TestClock;
}

/** How an engine is started, and what is asked of the first one of its kind before it is used. */
export interface Arrangement {
  start: (ground: EngineGround) => Promise<TestEngine>;
  arrange: (engine: TestEngine) => Promise<void>;
  /** Tells it from others of the same file. */
  name?: string;
}

/**
 * Engines that begin with what one engine was asked for, once, through its API: each has a copy of the database, the deployer
 * and the time of then. Arranging it for every test would take longer than most of the tests.
 */
export class ArrangedEngines {
  readonly #databases: MigratedDatabases;
  readonly #id: TestDatabaseId;
  readonly #arranged = new Map<string, Promise<() => Promise<EngineGround>>>();

  constructor(databases: MigratedDatabases, id: TestDatabaseId) {
    this.#databases = databases;
    this.#id = id;
  }

  /** Starts one; whoever asks ends it. */
  async start(
    arrangement: Arrangement,
  ): Promise<{ engine: TestEngine; knex: Knex }> {
    const { name = '' } = arrangement;
    let arranged = this.#arranged.get(name);
    if (!arranged) {
      arranged = this.#arrange(arrangement);
      this.#arranged.set(name, arranged);
    }
    const ground = await (await arranged)();
    return {
      engine: await arrangement.start(ground),
      knex: ground.knex,
    };
  }

  async #arrange({ start, arrange }: Arrangement) {
    const ground = {
      knex: await this.#databases.init(this.#id),
      deployer: new FakeDeployer(),
      clock: new TestClock(),
    };
    const engine = await start(ground);
    try {
      await arrange(engine);
    } finally {
      await engine.stop();
    }
    const time = ground.clock.now().toISOString();
    const copy = await this.#databases.keep(this.#id, ground.knex);
    return async () => ({
      knex: await copy(),
      deployer: ground.deployer.copy(),
      clock: new TestClock(time),
    });
  }
}
