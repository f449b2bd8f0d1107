import assert from 'node:assert/strict';
import {
  ConfigurationPart,
  DeployableVersion,
  Deployer,
  DeploymentTarget,
  OperationStatus,
  TrafficShare,
} from '@slipway/backstage-plugin-model-delivery-node';

/**
 * A deployer under test with the world it deploys to. Each test starts one of its own.
 * @public
 */
export interface DeployerContractHarness {
  deployer: Deployer;
  /** A target that the deployer serves and where nothing is deployed yet. */
  target: DeploymentTarget;
  /** Two versions that it can deploy there. */
  versions: [DeployableVersion, DeployableVersion];
  /** The division of traffic as the world itself has it, asked past the deployer. Versions without traffic may be left out. */
  readShares(): Promise<TrafficShare[]>;
  /** Who gets copies of requests as the world itself has it; needed where the deployer has `setMirror`. */
  readMirrors?(): Promise<TrafficShare[]>;
  /**
   * The configuration of a version as it reached the world, asked past the deployer. Leave it out only where the world can
   * do nothing with it.
   */
  readConfiguration?(version: string): Promise<ConfigurationPart[]>;
  /** How often the world was told to divide its traffic, whether or not that changed anything. */
  countTrafficMoves(): Promise<number>;
  /**
   * From now on what is prepared takes its time: longer than any test waits for one call, until the returned function
   * is called.
   */
  beLate(): Promise<() => Promise<void>>;
  /**
   * Ends the deployer as a crash or a deployment of the portal would, and starts one anew that finds the same world
   * and the same memory.
   */
  restart(): Promise<Deployer>;
  /** Clears away everything. */
  end(): Promise<void>;
}

/**
 * What the contract needs to know of a deployer.
 * @public
 */
export interface DeployerContractOptions {
  start(): Promise<DeployerContractHarness>;
  /**
   * Percentages that a candidate must be able to take while what served before takes the rest; 5, 25, 50 and 100 unless
   * set. A deployer that cannot divide traffic says `[100]` and has to answer `failed` to any other.
   */
  candidateShares?: number[];
  /** Whether all traffic can be taken away, as after a first deployment that went wrong; true unless set. */
  canServeNothing?: boolean;
  /** How long an operation may stay pending in these tests, in seconds; 20 unless set. */
  settleSeconds?: number;
}

/** What can be asked of a deployer by the name of the operation. */
type Operation =
  | { prepare: DeployableVersion }
  | { setTraffic: Record<string, number> }
  | { release: string }
  | { setMirror: { version: string; share: number } };

const ASK_AGAIN_MS = 25;
/** How long a call of a deployer may take: the engine waits meanwhile. */
const CALL_SECONDS = 15;

/** Asks a deployer as the engine does. */
export class Caller {
  deployer: Deployer;
  #keys = 0;

  constructor(
    readonly harness: DeployerContractHarness,
    private readonly settleSeconds: number,
    private readonly callSeconds: number = CALL_SECONDS,
  ) {
    this.deployer = harness.deployer;
  }

  /** A key that was not used yet. */
  nextKey(): string {
    this.#keys += 1;
    return `promotion-${this.#keys}:contract:1`;
  }

  /** One call. */
  async ask(
    operationKey: string,
    operation: Operation,
  ): Promise<OperationStatus> {
    const { target } = this.harness;
    let call: Promise<OperationStatus>;
    if ('prepare' in operation) {
      const version = operation.prepare;
      call = this.deployer.prepare({ operationKey, target, version });
    } else if ('setTraffic' in operation) {
      const shares = toShares(operation.setTraffic);
      call = this.deployer.setTraffic({ operationKey, target, shares });
    } else if ('setMirror' in operation) {
      assert.ok(this.deployer.setMirror, 'it says that it can mirror');
      call = this.deployer.setMirror({
        operationKey,
        target,
        ...operation.setMirror,
        tolerance: 0,
      });
    } else {
      const version = operation.release;
      call = this.deployer.release({ operationKey, target, version });
    }
    return within(
      this.callSeconds,
      call,
      `a call did not answer within ${this.callSeconds} s; what takes longer has to answer 'pending'`,
    );
  }

  /** Calls until the operation is not pending any more. */
  async settle(
    operation: Operation,
    operationKey: string = this.nextKey(),
  ): Promise<OperationStatus> {
    const deadline = Date.now() + this.settleSeconds * 1000;
    for (;;) {
      const status = await this.ask(operationKey, operation);
      if (status.state !== 'pending') {
        return status;
      }
      if (Date.now() > deadline) {
        throw new Error(
          `${JSON.stringify(operation)} was still pending after ${
            this.settleSeconds
          } s: ${status.message ?? 'it says nothing'}`,
        );
      }
      await pause(ASK_AGAIN_MS);
    }
  }

  /** Calls until the operation is done. */
  async finish(operation: Operation, operationKey?: string): Promise<void> {
    const status = await this.settle(operation, operationKey);
    if (status.state !== 'done') {
      throw new Error(
        `${JSON.stringify(operation)} should have been done; it is ${
          status.state
        }: ${status.message}`,
      );
    }
  }

  /** The shares that the world has, without those of nobody, by version. */
  async sharesOfWorld(): Promise<Record<string, number>> {
    return byVersion(await this.harness.readShares());
  }

  /** The shares that the deployer sees. */
  async sharesSeen(): Promise<Record<string, number>> {
    return byVersion((await this.deployer.observe(this.harness.target)).shares);
  }

  /** Who gets copies of requests, as the world has it. */
  async mirrorsOfWorld(): Promise<Record<string, number>> {
    const { readMirrors } = this.harness;
    assert.ok(readMirrors, 'the harness of one that mirrors has readMirrors');
    return byVersion(await readMirrors());
  }

  /** Who gets copies of requests, as the deployer sees it. */
  async mirrorsSeen(): Promise<Record<string, number>> {
    const { mirrors = [] } = await this.deployer.observe(this.harness.target);
    return byVersion(mirrors);
  }

  /** Whether the deployer sees a version that answers. */
  async isReady(version: string): Promise<boolean> {
    const { versions } = await this.deployer.observe(this.harness.target);
    return versions.some(each => each.version === version && each.ready);
  }
}

/** As the engine writes shares, in the order given. */
export function toShares(shares: Record<string, number>): TrafficShare[] {
  return Object.entries(shares).map(([version, share]) => ({ version, share }));
}

function byVersion(shares: TrafficShare[]): Record<string, number> {
  return Object.fromEntries(
    shares
      .filter(({ share }) => share > 0)
      .map(({ version, share }) => [version, share] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Waits for a moment. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}

async function within<T>(
  seconds: number,
  promise: Promise<T>,
  why: string,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(why)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
