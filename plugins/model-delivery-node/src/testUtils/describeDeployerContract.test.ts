import { Deployer, OperationStatus } from '../deployer';
import { MemoryWorld, target, versionOf } from '../__testUtils__/MemoryWorld';
import { CONTRACT_CHECKS } from './contractChecks';
import { Caller, DeployerContractHarness } from './contractHarness';
import { describeDeployerContract } from './describeDeployerContract';

/** Ways to break the contract, as deployers do it in life. */
type Fault =
  | 'forgets keys'
  | 'forgets keys over a restart'
  | 'compares no arguments'
  | 'forgets while it waits'
  | 'rounds shares'
  | 'gives the new version traffic at once'
  | 'blocks until it is done'
  | 'says done too early'
  | 'serves unknown versions'
  | 'throws on unknown versions'
  | 'takes any shares'
  | 'releases what has traffic'
  | 'never releases'
  | 'takes down what it left'
  | 'lets copies answer'
  | 'mirrors on after a release'
  | 'observes what it wishes';

interface Memory {
  operations: Map<string, { request: string; status: OperationStatus }>;
  busy: Set<string>;
}

class FaultyDeployer implements Deployer {
  readonly id = 'memory';
  readonly blueGreen = true;

  constructor(
    private readonly world: MemoryWorld,
    private readonly memory: Memory,
    private readonly fault?: Fault,
  ) {}

  serves() {
    return true;
  }

  async prepare({
    operationKey,
    version: { version },
  }: Parameters<Deployer['prepare']>[0]): Promise<OperationStatus> {
    return this.#once(operationKey, ['prepare', version], async () => {
      while (this.fault === 'blocks until it is done' && this.world.isLate) {
        await new Promise(resolve => setTimeout(resolve, 10));
      }
      if (!this.world.start(version)) {
        return this.fault === 'says done too early'
          ? { state: 'done' }
          : { state: 'pending' };
      }
      if (this.fault === 'gives the new version traffic at once') {
        this.world.move([{ version, share: 100 }]);
      }
      return { state: 'done' };
    });
  }

  async setTraffic({
    operationKey,
    shares,
  }: Parameters<Deployer['setTraffic']>[0]): Promise<OperationStatus> {
    const sum = shares.reduce((total, { share }) => total + share, 0);
    const unique = new Set(shares.map(({ version }) => version)).size;
    if (
      this.fault !== 'takes any shares' &&
      ((shares.length > 0 && sum !== 100) ||
        unique < shares.length ||
        shares.some(({ share }) => !(share >= 0)))
    ) {
      throw new Error('These shares do not add up');
    }
    const text = [...shares].map(s => `${s.version}=${s.share}`).sort();
    return this.#once(operationKey, ['traffic', ...text], async () => {
      const unknown = shares.find(
        ({ version }) => !this.world.servers.has(version),
      );
      if (unknown && this.fault !== 'serves unknown versions') {
        if (this.fault === 'throws on unknown versions') {
          throw new Error(`${unknown.version} is unknown`);
        }
        return { state: 'failed', message: `${unknown.version} is unknown` };
      }
      if (this.fault === 'forgets while it waits') {
        await new Promise(resolve => setTimeout(resolve, 5));
      }
      const round = (share: number) => Math.round(share / 10) * 10;
      this.world.move(
        this.fault === 'rounds shares'
          ? shares.map(s => ({ ...s, share: round(s.share) }))
          : shares,
      );
      if (this.fault === 'takes down what it left') {
        this.world.servers.clear();
        shares.forEach(({ version }) => this.world.servers.add(version));
      }
      return { state: 'done' };
    });
  }

  async setMirror({
    operationKey,
    version,
    share,
    tolerance,
  }: Parameters<
    NonNullable<Deployer['setMirror']>
  >[0]): Promise<OperationStatus> {
    const request = ['mirror', version, String(share), String(tolerance)];
    return this.#once(operationKey, request, async () => {
      if (!this.world.servers.has(version)) {
        return { state: 'failed', message: `${version} is unknown` };
      }
      this.world.mirrors = share > 0 ? [{ version, share }] : [];
      if (this.fault === 'lets copies answer') {
        this.world.shares = [{ version, share: 100 }];
      }
      return { state: 'done' };
    });
  }

  async release({
    operationKey,
    version,
  }: Parameters<Deployer['release']>[0]): Promise<OperationStatus> {
    return this.#once(operationKey, ['release', version], async () => {
      const share = this.world.shares.find(s => s.version === version)?.share;
      if (share && this.fault !== 'releases what has traffic') {
        return { state: 'failed', message: `${version} has traffic` };
      }
      if (this.fault !== 'never releases') {
        this.world.servers.delete(version);
        if (this.fault !== 'mirrors on after a release') {
          this.world.mirrors = [];
        }
        this.world.shares = this.world.shares.filter(
          s => s.version !== version,
        );
      }
      return { state: 'done' };
    });
  }

  async observe() {
    const { servers, shares, mirrors } = this.world;
    return {
      mirrors,
      shares: this.fault === 'observes what it wishes' ? [] : shares,
      versions: [...servers].map(version => ({ version, ready: true })),
    };
  }

  async #once(
    key: string,
    request: string[],
    act: () => Promise<OperationStatus>,
  ): Promise<OperationStatus> {
    const { operations } = this.memory;
    const text = JSON.stringify(request);
    const known = operations.get(key);
    if (known && this.fault !== 'forgets keys') {
      if (known.request !== text && this.fault !== 'compares no arguments') {
        throw new Error(`The key ${key} was used for ${known.request}`);
      }
      if (known.status.state !== 'pending') {
        return known.status;
      }
    }
    if (this.memory.busy.has(key) && this.fault !== 'forgets while it waits') {
      return { state: 'pending' };
    }
    this.memory.busy.add(key);
    const status = await act().finally(() => this.memory.busy.delete(key));
    operations.set(key, { request: text, status });
    return status;
  }
}

async function start(fault?: Fault): Promise<DeployerContractHarness> {
  const world = new MemoryWorld();
  let memory: Memory = { operations: new Map(), busy: new Set() };
  const deploy = () => new FaultyDeployer(world, memory, fault);
  return {
    deployer: deploy(),
    target,
    versions: [versionOf('1'), versionOf('2')],
    readShares: async () => world.shares,
    readMirrors: async () => world.mirrors,
    countTrafficMoves: async () => world.moves,
    beLate: async () => {
      world.isLate = true;
      return async () => {
        world.isLate = false;
      };
    },
    restart: async () => {
      if (fault === 'forgets keys over a restart') {
        memory = { operations: new Map(), busy: new Set() };
      }
      return deploy();
    },
    end: async () => {
      world.isLate = false;
    },
  };
}

describeDeployerContract('A deployer in memory', { start: () => start() });

/** The promises that a deployer with this fault breaks. */
async function brokenBy(fault: Fault): Promise<string[]> {
  const broken = [];
  for (const { title, check } of CONTRACT_CHECKS) {
    const harness = await start(fault);
    try {
      await check(new Caller(harness, 1, 1), { start });
    } catch {
      broken.push(title);
    } finally {
      await harness.end();
    }
  }
  return broken;
}

const faults: [Fault, string][] = [
  ['forgets keys', 'moves traffic once for a key, however often it is asked'],
  [
    'forgets keys over a restart',
    'knows after a restart what it did and what serves',
  ],
  [
    'compares no arguments',
    'refuses a key that comes again with other arguments',
  ],
  [
    'forgets while it waits',
    'moves traffic once when it is asked from several places at once',
  ],
  ['rounds shares', 'gives every version exactly the share it was told to'],
  [
    'gives the new version traffic at once',
    'prepares a version without giving it traffic',
  ],
  [
    'blocks until it is done',
    'says that a slow operation is pending, and finishes it later',
  ],
  [
    'says done too early',
    'says that a slow operation is pending, and finishes it later',
  ],
  [
    'serves unknown versions',
    'gives no traffic to a version that it does not know',
  ],
  [
    'throws on unknown versions',
    'gives no traffic to a version that it does not know',
  ],
  ['takes any shares', 'refuses shares that do not add up'],
  [
    'releases what has traffic',
    'takes down a version without traffic, and no other',
  ],
  [
    'takes down what it left',
    'switches all traffic at once and back, if it says that it can',
  ],
  [
    'lets copies answer',
    'mirrors to a version without giving it traffic, if it can',
  ],
  [
    'mirrors on after a release',
    'mirrors to a version without giving it traffic, if it can',
  ],
  ['never releases', 'takes down a version without traffic, and no other'],
  [
    'observes what it wishes',
    'gives every version exactly the share it was told to',
  ],
];

it.each(faults)(
  'finds a deployer that %s',
  async (fault, promise) => {
    expect(await brokenBy(fault)).toContain(promise);
  },
  60_000,
);
