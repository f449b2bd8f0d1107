import { InputError } from '@backstage/errors';
import {
  assertTrafficShares,
  DeployableVersion,
  Deployer,
  DeploymentTarget,
  OperationStatus,
  TargetState,
  TrafficShare,
} from '@slipway/backstage-plugin-model-delivery-node';
import { findLauncher } from './launching/launchPlan';
import { LocalServing } from './LocalServing';
import { assertMirror, changeMirror } from './mirroring';
import { Operations, statusOf } from './Operations';
import {
  ensureTarget,
  findTarget,
  OperationRecord,
  ServingState,
  shareOf,
  targetKey,
} from './state/ServingState';

/** Processes that may end in a row before a version is given up as one that never starts. */
const GIVEN_UP_AFTER = 3;

/** Deploys to processes on this machine. */
export class LocalServingDeployer implements Deployer {
  readonly id = 'local-serving';
  readonly blueGreen = true;

  readonly #operations: Operations;

  constructor(private readonly serving: LocalServing) {
    this.#operations = new Operations(serving.state, serving.logger);
  }

  serves(target: DeploymentTarget): boolean {
    return this.serving.serves(target);
  }

  async prepare(options: {
    operationKey: string;
    target: DeploymentTarget;
    version: DeployableVersion;
  }): Promise<OperationStatus> {
    const { target, version } = options;
    this.#assertServes(target);
    const { digest, artifactUri = '', artifactDigest, configuration } = version;
    const operation = await this.#operations.remember(
      {
        key: options.operationKey,
        kind: 'prepare',
        ...targetOf(target),
        version: version.version,
        request: JSON.stringify([version.version, digest, artifactUri]),
      },
      draft => {
        try {
          findLauncher(this.serving.config.launchers, version);
        } catch (error) {
          return { state: 'failed', message: messageOf(error) };
        }
        const record = ensureTarget(draft, target);
        const known = record.versions.find(v => v.version === version.version);
        if (known && known.digest !== digest) {
          return {
            state: 'failed',
            message: `Version ${version.version} is already served here with the digest ${known.digest}, not ${digest}; release it first`,
          };
        }
        if (!known || shareOf(record, version.version) === 0) {
          // A version that comes back is as new as one that comes
          record.versions = [
            ...record.versions.filter(v => v !== known),
            {
              version: version.version,
              digest,
              artifactUri,
              artifactDigest,
              ...(configuration && { configuration }),
            },
          ];
        }
        return { state: 'pending' };
      },
    );
    return this.#progress(operation);
  }

  async setTraffic(options: {
    operationKey: string;
    target: DeploymentTarget;
    shares: TrafficShare[];
  }): Promise<OperationStatus> {
    const { target, shares } = options;
    this.#assertServes(target);
    assertTrafficShares(shares);
    const operation = await this.#operations.remember(
      {
        key: options.operationKey,
        kind: 'setTraffic',
        ...targetOf(target),
        shares,
        request: JSON.stringify(shares.map(s => [s.version, s.share]).sort()),
      },
      draft => {
        const record = findTarget(draft, target);
        const unknown = shares.find(
          ({ version, share }) =>
            share > 0 && !record?.versions.some(v => v.version === version),
        );
        if (unknown) {
          return {
            state: 'failed',
            message: `Version ${unknown.version} has no server here; prepare it before it gets traffic`,
          };
        }
        // Whoever still waits to divide the traffic otherwise comes too late
        for (const earlier of draft.operations) {
          if (
            earlier.kind === 'setTraffic' &&
            earlier.state === 'pending' &&
            targetKey(earlier) === targetKey(target)
          ) {
            earlier.state = 'failed';
            earlier.message = 'A later division of traffic took its place';
          }
        }
        return { state: 'pending' };
      },
    );
    return this.#progress(operation);
  }

  async release(options: {
    operationKey: string;
    target: DeploymentTarget;
    version: string;
  }): Promise<OperationStatus> {
    const { target, version } = options;
    this.#assertServes(target);
    const operation = await this.#operations.remember(
      {
        key: options.operationKey,
        kind: 'release',
        ...targetOf(target),
        version,
        request: JSON.stringify([version]),
      },
      draft => {
        const record = findTarget(draft, target);
        if (record && shareOf(record, version) > 0) {
          return {
            state: 'failed',
            message: `Version ${version} has ${shareOf(
              record,
              version,
            )} % of the traffic; move it away before the version is released`,
          };
        }
        removeVersion(draft, target, version);
        return { state: 'pending' };
      },
    );
    if (operation.state === 'pending' && !this.#isWanted(target, version)) {
      this.serving.takeDown(target, version);
    }
    return this.#progress(operation);
  }

  async setMirror(options: {
    operationKey: string;
    target: DeploymentTarget;
    version: string;
    share: number;
    tolerance: number;
  }): Promise<OperationStatus> {
    const { operationKey, target, ...mirror } = options;
    this.#assertServes(target);
    const { version, share, tolerance } = mirror;
    assertMirror(mirror);
    return statusOf(
      await this.#operations.remember(
        {
          key: operationKey,
          kind: 'setMirror',
          ...targetOf(target),
          version,
          request: JSON.stringify([version, share, tolerance]),
        },
        draft => changeMirror(draft, target, mirror),
      ),
    );
  }

  async observe(target: DeploymentTarget): Promise<TargetState> {
    return this.serving.observe(target);
  }

  async #progress(operation: OperationRecord): Promise<OperationStatus> {
    if (operation.state !== 'pending') {
      return statusOf(operation);
    }
    switch (operation.kind) {
      case 'prepare':
        return this.#progressPrepare(operation);
      case 'setTraffic':
        return this.#progressTraffic(operation);
      default:
        return this.serving.servers.isGone(operation, operation.version!) ||
          this.#isWanted(operation, operation.version!)
          ? this.#operations.finish(operation, { state: 'done' })
          : { state: 'pending', message: 'The server is ending' };
    }
  }

  async #progressPrepare(operation: OperationRecord): Promise<OperationStatus> {
    const version = operation.version!;
    const wanted = findTarget(
      this.serving.state.current,
      operation,
    )?.versions.find(v => v.version === version);
    if (!wanted) {
      return this.#operations.finish(operation, {
        state: 'failed',
        message: `Version ${version} was released before it was ready`,
      });
    }
    const server = this.serving.servers.ensure(operation, wanted);
    if (!server) {
      return {
        state: 'pending',
        message: 'The former server of this version is still ending',
      };
    }
    if (server.ready) {
      return this.#operations.finish(operation, { state: 'done' });
    }
    const limit = server.launcher.startTimeoutMilliseconds;
    const exits = server.failedStarts;
    if (!this.#isOverdue(operation, limit) && exits < GIVEN_UP_AFTER) {
      return {
        state: 'pending',
        message: 'The server does not answer its health check yet',
      };
    }
    const lines = server.lastLines;
    const why =
      exits >= GIVEN_UP_AFTER
        ? `ended ${exits} times before it was ready`
        : `did not answer its health check within ${limit / 1000} s`;
    const status = await this.#operations.finish(
      operation,
      {
        state: 'failed',
        message: `The server of version ${version} ${why}. ${
          lines ? `Its last lines: ${lines}` : 'It wrote nothing to its log.'
        }`,
      },
      draft => {
        const record = findTarget(draft, operation);
        if (record && shareOf(record, version) === 0) {
          removeVersion(draft, operation, version);
        }
      },
    );
    if (!this.#isWanted(operation, version)) {
      this.serving.takeDown(operation, version);
    }
    return status;
  }

  async #progressTraffic(operation: OperationRecord): Promise<OperationStatus> {
    const shares = operation.shares!.filter(({ share }) => share > 0);
    const waitingFor = shares.find(
      ({ version }) => !this.serving.isReady(operation, version),
    );
    if (!waitingFor) {
      let moved = false;
      const status = await this.#operations.finish(
        operation,
        { state: 'done' },
        draft => {
          ensureTarget(draft, operation).shares = shares;
          moved = true;
        },
      );
      if (moved) {
        const division = shares.map(s => `${s.version} ${s.share} %`);
        this.serving.logger.info(
          `Traffic of ${operation.model} in ${operation.environment}: ${
            division.join(', ') || 'none'
          }`,
        );
      }
      return status;
    }
    const { version } = waitingFor;
    const server = this.serving.servers.get(operation, version);
    const limit = server?.launcher.startTimeoutMilliseconds ?? 0;
    if (server && !this.#isOverdue(operation, limit)) {
      return {
        state: 'pending',
        message: `Version ${version} is not ready to take traffic`,
      };
    }
    return this.#operations.finish(operation, {
      state: 'failed',
      message: `Version ${version} was not ready to take traffic within ${
        limit / 1000
      } s; the traffic stays as it was`,
    });
  }

  /** The time while no backend ran does not count. */
  #isOverdue(operation: OperationRecord, limit: number): boolean {
    return (
      Date.now() - Math.max(operation.startedAt, this.serving.startedAt) > limit
    );
  }

  #assertServes(target: DeploymentTarget): void {
    if (!this.serves(target)) {
      throw new InputError(
        `Local serving does not serve ${target.model} in ${target.environment}; see modelDelivery.localServing.environments and models`,
      );
    }
  }

  #isWanted(target: DeploymentTarget, version: string): boolean {
    return (
      findTarget(this.serving.state.current, target)?.versions.some(
        v => v.version === version,
      ) ?? false
    );
  }
}

function removeVersion(
  draft: ServingState,
  target: DeploymentTarget,
  version: string,
): void {
  const record = findTarget(draft, target);
  if (record) {
    record.versions = record.versions.filter(v => v.version !== version);
    if (record.mirror?.version === version) {
      delete record.mirror;
    }
    if (record.versions.length === 0) {
      draft.targets = draft.targets.filter(t => t !== record);
    }
  }
}

function targetOf({ model, environment }: DeploymentTarget): DeploymentTarget {
  return { model, environment };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
