import { TrafficShare, DeployableVersion } from '../deployer';

/** A place to deploy to that exists only here: it does at once, or late, what it is told, as often as it is told. */
export class MemoryWorld {
  shares: TrafficShare[] = [];
  mirrors: TrafficShare[] = [];
  moves = 0;
  isLate = false;
  readonly servers = new Set<string>();

  /** Brings a server up; false while it is not up. */
  start(version: string): boolean {
    if (!this.isLate) {
      this.servers.add(version);
    }
    return this.servers.has(version);
  }

  move(shares: TrafficShare[]): void {
    this.moves += 1;
    this.shares = shares;
  }
}

export function versionOf(version: string): DeployableVersion {
  return {
    version,
    digest: `sha256:${version.padEnd(64, '0')}`,
    artifactUri: `models:/churn/${version}`,
    artifactDigest: `sha256:${'a'.repeat(64)}`,
    parameters: { depth: '4', alpha: '0.1' },
  };
}

export const target = {
  model: 'model:default/churn',
  environment: 'production',
};
