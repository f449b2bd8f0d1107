import { InputError } from '@backstage/errors';
import { TargetState, TrafficShare } from '../deployer';
import { OperationRequest } from './DeployerOperations';

/**
 * Checks a division of traffic.
 * @throws InputError unless the shares are of different versions, from 0 to 100, and add up to 100 or are none.
 * @public
 */
export function assertTrafficShares(shares: readonly TrafficShare[]): void {
  const versions = new Set(shares.map(({ version }) => version));
  const sum = shares.reduce((total, { share }) => total + share, 0);
  const bad = shares.some(({ share }) => !(share >= 0 && share <= 100));
  if (
    bad ||
    versions.size !== shares.length ||
    (shares.length > 0 && Math.abs(sum - 100) > 1e-6)
  ) {
    throw new InputError(
      `Traffic shares must be percentages of different versions that add up to 100, or none; they are ${JSON.stringify(
        shares,
      )}`,
    );
  }
}

/** What is decided about a request by what is known of its target, undefined when there is work to do. */
export function decide(
  request: OperationRequest,
  { shares, versions }: TargetState,
  digestOf: (version: string) => string | undefined,
): { state: 'done' } | { state: 'failed'; message: string } | undefined {
  if (request.kind === 'setTraffic') {
    const unknown = request.shares.find(
      ({ version, share }) =>
        share > 0 &&
        !versions.some(each => each.version === version && each.ready),
    );
    return unknown
      ? {
          state: 'failed',
          message: `Version ${unknown.version} is not deployed here; prepare it before it gets traffic`,
        }
      : undefined;
  }
  if (request.kind === 'prepare') {
    const { version, digest } = request.version;
    const there = digestOf(version);
    return there && there !== digest
      ? {
          state: 'failed',
          message: `Version ${version} is already deployed here with the digest ${there}, not ${digest}; release it first`,
        }
      : undefined;
  }
  const share = shares.find(each => each.version === request.version)?.share;
  if (share) {
    return {
      state: 'failed',
      message: `Version ${request.version} has ${share} % of the traffic; move it away before the version is released`,
    };
  }
  return versions.some(({ version }) => version === request.version)
    ? undefined
    : { state: 'done' };
}
