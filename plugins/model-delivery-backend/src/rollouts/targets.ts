import { InputError } from '@backstage/errors';
import {
  Deployer,
  DeploymentTarget,
  MetricsSource,
} from '@slipway/backstage-plugin-model-delivery-node';
import { listing } from '../words';
import { ANSWER_LIMIT_MS, answerInTime, readInTime } from './answerInTime';
import { givenBy } from './missingSignals';
import { SourceTrouble } from './SourceTrouble';

/** Says of an environment why nothing gives scores there, whatever the model; undefined where something may. */
export type FindScoreless = (environment: string) => string | undefined;

/** Who deploys to targets and who watches them, where the configuration says so. The first that fits a target decides. */
export interface TargetRule {
  /** Name of the environment; any unless set. */
  environment?: string;
  /** Entity ref of the model, in lower case; any unless set. */
  model?: string;
  /** Id of the deployer. */
  deployer?: string;
  /** Id of the metrics source. */
  metricsSource?: string;
}

/** Finds who deploys to a target and who watches it. Whom it finds answers in time or throws. */
export class Targets {
  readonly #deployers: Deployer[];
  readonly #sources: MetricsSource[];
  readonly #rules: TargetRule[];

  /** @throws InputError when a rule names a deployer or a metrics source that nobody installed. */
  constructor(options: {
    deployers: Deployer[];
    metricsSources: MetricsSource[];
    rules?: TargetRule[];
    /** How long one of them may take for an answer, in milliseconds; 15 seconds unless set. */
    answerLimitMs?: number;
  }) {
    const limitMs = options.answerLimitMs ?? ANSWER_LIMIT_MS;
    this.#deployers = options.deployers.map(each =>
      answerInTime(each, limitMs),
    );
    this.#sources = options.metricsSources.map(each =>
      readInTime(each, limitMs),
    );
    this.#rules = options.rules ?? [];
    this.#rules.forEach((rule, i) => {
      const at = `modelDelivery.targets[${i}]`;
      assertInstalled(this.#deployers, rule.deployer, `${at}.deployer`);
      assertInstalled(this.#sources, rule.metricsSource, `${at}.metricsSource`);
    });
  }

  /** The deployer that serves the target: the one that a rule names, or else the first that says that it does. */
  deployerOf(target: DeploymentTarget): Deployer | undefined {
    const named = this.#named(target, 'deployer');
    return this.#deployers.find(
      each => (!named || each.id === named) && each.serves(target),
    );
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

  /**
   * The metrics source that watches the target: the one that a rule names, or else the first that says that it does.
   * @throws SourceTrouble when one that is asked cannot say
   */
  async sourceOf(target: DeploymentTarget): Promise<MetricsSource | undefined> {
    const named = this.#named(target, 'metricsSource');
    for (const source of this.#sources) {
      if ((!named || source.id === named) && (await watches(source, target))) {
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

  /** Asks every source once what it gives at best, so that policies can be told which environments have no scores at all. */
  async findScoreless(): Promise<FindScoreless> {
    const unable = new Map<string, string | undefined>();
    for (const source of this.#sources) {
      const given = await givenBy(source).catch(() => undefined);
      if (given && !given.kinds.includes('scores')) {
        unable.set(source.id, given.remedies?.scores);
      }
    }
    return environment => {
      const possible = this.#possibleSources(environment);
      const remedies = possible.flatMap(each => unable.get(each) ?? []);
      return possible.every(each => unable.has(each))
        ? `nothing gives scores in ${environment}, which modelDelivery.targets has watched by ${listing(
            possible.map(each => `'${each}'`),
          )}; ${[...remedies, 'name another source there'].join(', or ')}`
        : undefined;
    };
  }

  /** Ids of the sources that may watch some model of an environment. */
  #possibleSources(environment: string): string[] {
    const fitting = this.#rules.filter(
      rule =>
        rule.metricsSource !== undefined &&
        (rule.environment ?? environment) === environment,
    );
    const forAll = fitting.findIndex(rule => rule.model === undefined);
    return forAll < 0
      ? this.#sources.map(each => each.id)
      : [
          ...new Set(
            fitting.slice(0, forAll + 1).map(rule => rule.metricsSource!),
          ),
        ];
  }

  #named(
    { model, environment }: DeploymentTarget,
    what: 'deployer' | 'metricsSource',
  ): string | undefined {
    return this.#rules.find(
      rule =>
        rule[what] !== undefined &&
        (rule.environment ?? environment) === environment &&
        (rule.model ?? model.toLocaleLowerCase('en-US')) ===
          model.toLocaleLowerCase('en-US'),
    )?.[what];
  }
}

async function watches(
  source: MetricsSource,
  target: DeploymentTarget,
): Promise<boolean> {
  try {
    return await source.watches(target);
  } catch (error) {
    throw new SourceTrouble(source.id, target, error);
  }
}

function assertInstalled(
  installed: { id: string }[],
  id: string | undefined,
  at: string,
): void {
  if (id !== undefined && !installed.some(each => each.id === id)) {
    throw new InputError(
      `${at} is "${id}"; installed are ${
        installed.map(each => `"${each.id}"`).join(', ') || 'none'
      }`,
    );
  }
}

/** Says that the source that watches what serves there hears nothing of it. */
export function noSignal(
  { model, environment }: DeploymentTarget,
  source: string,
  version: string,
): string {
  return `The metrics source '${source}' has heard nothing of ${version} of ${model} in ${environment} lately; without a signal the rollout cannot be judged, so see that its counters are collected`;
}

/** Says that nothing can deploy there. */
export function noDeployer(target: DeploymentTarget): string {
  return `No deployer serves ${target.model} in ${target.environment}; install one, or record deployments that are made elsewhere`;
}

/** Says that it cannot switch between two versions that are both up. */
export function noSwitch(target: DeploymentTarget, deployer: string): string {
  return `The deployer '${deployer}' of ${target.model} in ${target.environment} can't do blue-green: it does not keep two versions up and switch between them at once; choose another rollout in the policy, or another deployer`;
}

/** Says that nothing there can be shadowed. */
export function noMirror(target: DeploymentTarget): string {
  return `${target.model} in ${target.environment} can't be shadowed: its deployer does not copy requests, or its metrics source does not tell how their answers compare; choose a rollout without shadow in the policy, or another target`;
}

/** Says that nothing would see a bad version there. */
export function noSource(target: DeploymentTarget): string {
  return `No metrics source watches ${target.model} in ${target.environment}; without a signal a canary cannot be judged`;
}
