import {
  Deployer,
  DeploymentTarget,
  MetricsSource,
} from '@slipway/backstage-plugin-model-delivery-node';

/** Finds who deploys to a target and who watches it. */
export class Targets {
  readonly #deployers: Deployer[];
  readonly #sources: MetricsSource[];

  constructor(options: {
    deployers: Deployer[];
    metricsSources: MetricsSource[];
  }) {
    this.#deployers = options.deployers;
    this.#sources = options.metricsSources;
  }

  /** The deployer that serves the target: the first that says so. */
  deployerOf(target: DeploymentTarget): Deployer | undefined {
    return this.#deployers.find(each => each.serves(target));
  }

  /**
   * The deployer that serves the target.
   * @throws Error when none does
   */
  requireDeployer(target: DeploymentTarget): Deployer {
    const deployer = this.deployerOf(target);
    if (!deployer) {
      throw new Error(noDeployer(target));
    }
    return deployer;
  }

  /** The metrics source that watches the target: the first that says so. */
  async sourceOf(target: DeploymentTarget): Promise<MetricsSource | undefined> {
    for (const source of this.#sources) {
      if (await source.watches(target)) {
        return source;
      }
    }
    return undefined;
  }

  /**
   * The metrics source that watches the target.
   * @throws Error when none does
   */
  async requireSource(target: DeploymentTarget): Promise<MetricsSource> {
    const source = await this.sourceOf(target);
    if (!source) {
      throw new Error(noSource(target));
    }
    return source;
  }
}

/** Says that nothing can deploy there. */
export function noDeployer(target: DeploymentTarget): string {
  return `No deployer serves ${target.model} in ${target.environment}; install one, or record deployments that are made elsewhere`;
}

/** Says that nothing would see a bad version there. */
export function noSource(target: DeploymentTarget): string {
  return `No metrics source watches ${target.model} in ${target.environment}; without a signal a canary cannot be judged`;
}
