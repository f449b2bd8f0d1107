import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { DeployableVersion, Deployer, OperationStatus } from '../deployer';
import { MemoryWorld, target, versionOf } from '../__testUtils__/MemoryWorld';
import { describeDeployerContract } from '../testUtils';
import { createRememberingDeployer } from './createRememberingDeployer';
import { DatabaseDeployerOperations } from './DatabaseDeployerOperations';
import { DeployerOperation, OperationMemory } from './DeployerOperations';

jest.setTimeout(60_000);

type CarryOut = (
  operation: DeployerOperation,
  memory: OperationMemory,
) => Promise<OperationStatus>;

/** Carries out what it is told in a world that knows no keys. */
function carryOutIn(world: MemoryWorld): CarryOut {
  return async ({ request }) => {
    if (request.kind === 'prepare' && !world.start(request.version.version)) {
      return { state: 'pending' };
    }
    if (request.kind === 'setTraffic') {
      world.move(request.shares);
    }
    return { state: 'done' };
  };
}

function deployerOn(
  knex: Knex,
  carryOut: CarryOut,
  claimMs?: number,
): Deployer {
  return createRememberingDeployer({
    id: 'remembering',
    operations: DatabaseDeployerOperations.create({
      database: mockServices.database({ knex }),
      claimMs,
    }),
    serves: ({ environment }) => environment === 'production',
    carryOut,
  });
}

describe.each(
  TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] }).eachSupportedId(),
)('a deployer that remembers on %s', databaseId => {
  const databases = TestDatabases.create({ ids: [databaseId] });

  describeDeployerContract('it', {
    async start() {
      const knex = await databases.init(databaseId);
      const world = new MemoryWorld();
      return {
        deployer: deployerOn(knex, carryOutIn(world)),
        target,
        versions: [versionOf('1'), versionOf('2')],
        readShares: async () => world.shares,
        countTrafficMoves: async () => world.moves,
        beLate: async () => {
          world.isLate = true;
          return async () => {
            world.isLate = false;
          };
        },
        restart: async () => deployerOn(knex, carryOutIn(world)),
        end: async () => {},
      };
    },
  });

  const prepare = (
    deployer: Deployer,
    operationKey: string,
    version: DeployableVersion,
  ) => deployer.prepare({ operationKey, target, version });

  it('lets two replicas work on an operation in turn, and hands over what was written down when one dies', async () => {
    const knex = await databases.init(databaseId);
    const seen: unknown[] = [];
    let die: (error: Error) => void = () => {};
    const dying = deployerOn(knex, async (_, memory) => {
      await memory.note({ job: 17 });
      return new Promise((__, reject) => {
        die = reject;
      });
    });
    const other = deployerOn(
      knex,
      async operation => {
        seen.push(operation.notes);
        return { state: 'done' };
      },
      1,
    );
    const first = prepare(dying, 'p1', versionOf('1'));
    while (
      (
        await knex('deployer_operations')
          .first()
          .catch(() => {})
      )?.notes !== '{"job":17}'
    ) {
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    expect(await prepare(other, 'p1', versionOf('1'))).toEqual({
      state: 'pending',
      message: 'Somebody else is at work on it',
    });
    await knex('deployer_operations').update({ claimed_until: new Date(0) });
    expect(await prepare(other, 'p1', versionOf('1'))).toEqual({
      state: 'done',
    });
    expect(seen).toEqual([{ job: 17 }]);
    die(new Error('too late'));
    await expect(first).rejects.toThrow('too late');
    expect((await other.observe(target)).versions).toEqual([
      { version: '1', ready: true },
    ]);
  });

  it('refuses what the former holder of an operation writes down', async () => {
    const knex = await databases.init(databaseId);
    const slow = deployerOn(knex, async (_, memory) => {
      await knex('deployer_operations').update({ claim: 'another' });
      await memory.note({ job: 18 });
      return { state: 'done' };
    });
    await expect(prepare(slow, 'p1', versionOf('1'))).rejects.toThrow(
      'Somebody else took over the operation p1, or it is over; it is left to them',
    );
  });

  it('tells a later operation which one it overtook, until that is settled', async () => {
    const knex = await databases.init(databaseId);
    const overtaken: string[][] = [];
    const deployer = deployerOn(knex, async (operation, memory) => {
      if (operation.request.kind !== 'setTraffic') {
        return { state: 'done' };
      }
      if (operation.key === 't1') {
        await memory.note({ job: 1 });
        return { state: 'pending' };
      }
      const earlier = await memory.overtaken();
      overtaken.push(earlier.map(({ key }) => key));
      for (const each of earlier) {
        expect(each.notes).toEqual({ job: 1 });
        await memory.settle(each);
      }
      return { state: overtaken.length > 1 ? 'done' : 'pending' };
    });
    await prepare(deployer, 'p1', versionOf('1'));
    const shares = [{ version: '1', share: 100 }];
    const setTraffic = (operationKey: string) =>
      deployer.setTraffic({ operationKey, target, shares });
    expect(await setTraffic('t1')).toEqual({ state: 'pending' });
    expect(await setTraffic('t2')).toEqual({ state: 'pending' });
    expect(await setTraffic('t2')).toEqual({ state: 'done' });
    expect(overtaken).toEqual([['t1'], []]);
    expect(await setTraffic('t1')).toEqual({
      state: 'failed',
      message: 'A later operation took its place',
    });
  });

  it('lets an operation begin nothing once a later one has overtaken it', async () => {
    const knex = await databases.init(databaseId);
    const begun: string[] = [];
    const shares = [{ version: '1', share: 100 }];
    const deployer: Deployer = deployerOn(knex, async (operation, memory) => {
      const { key } = operation;
      if (key === 't1') {
        await deployer.setTraffic({ operationKey: 't2', target, shares });
      }
      await memory.note({ job: key });
      begun.push(key);
      return { state: 'done' };
    });
    await prepare(deployer, 'p1', versionOf('1'));
    expect(
      await deployer.setTraffic({ operationKey: 't1', target, shares }),
    ).toEqual({
      state: 'failed',
      message: 'A later operation took its place',
    });
    expect(begun).toEqual(['p1', 't2']);
  });

  it('keeps targets and deployers apart, and refuses a target that is not served', async () => {
    const knex = await databases.init(databaseId);
    const deployer = deployerOn(knex, carryOutIn(new MemoryWorld()));
    await prepare(deployer, 'p1', versionOf('1'));
    const staging = { ...target, environment: 'staging' };
    expect(await deployer.observe(staging)).toEqual({
      shares: [],
      versions: [],
    });
    await expect(
      deployer.release({ operationKey: 'r', target: staging, version: '1' }),
    ).rejects.toThrow(
      'The deployer remembering does not serve model:default/churn in staging',
    );
    expect(
      await prepare(deployer, 'p2', {
        ...versionOf('1'),
        digest: `sha256:${'f'.repeat(64)}`,
      }),
    ).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('is already deployed here'),
    });
  });

  it('can take its table back', async () => {
    const knex = await databases.init(databaseId);
    const deployer = deployerOn(knex, carryOutIn(new MemoryWorld()));
    await prepare(deployer, 'p1', versionOf('1'));
    await knex.migrate.rollback(
      {
        directory: `${__dirname}/../../migrations`,
        tableName: 'deployer_operations_migrations',
      },
      true,
    );
    expect(await knex.schema.hasTable('deployer_operations')).toBe(false);
  });
});
