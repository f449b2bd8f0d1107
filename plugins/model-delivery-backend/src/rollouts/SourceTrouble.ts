import { ForwardedError } from '@backstage/errors';
import { DeploymentTarget } from '@slipway/backstage-plugin-model-delivery-node';

/**
 * A metrics source could not say whether it watches a target. Its message has the cause, for logs and those who run it;
 * `obstacle` says the same to anybody, without addresses of what could not be reached.
 */
export class SourceTrouble extends ForwardedError {
  readonly obstacle: string;

  constructor(source: string, target: DeploymentTarget, cause: unknown) {
    const what = `The metrics source '${source}' cannot say now whether it watches ${target.model} in ${target.environment}`;
    super(what, cause);
    this.name = 'SourceTrouble';
    this.obstacle = `${what}; without a signal a rollout cannot be judged, so see that the source answers, and try again`;
  }
}
