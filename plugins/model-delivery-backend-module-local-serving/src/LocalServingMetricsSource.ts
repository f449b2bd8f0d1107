import {
  DeploymentTarget,
  GivenSignals,
  MetricsSource,
  ShadowComparison,
  SignalsBucket,
  VersionSignals,
} from '@slipway/backstage-plugin-model-delivery-node';
import { LocalServing } from './LocalServing';
import { targetKey } from './state/ServingState';

/**
 * Says what the proxy measured of requests for predictions. Intervals are exact to the second: a request belongs to the
 * second in which it was answered or given up, and a second to the interval that holds its beginning.
 */
export class LocalServingMetricsSource implements MetricsSource {
  readonly id = 'local-serving';

  constructor(private readonly serving: LocalServing) {}

  async watches(target: DeploymentTarget): Promise<boolean> {
    return this.serving.serves(target);
  }

  async gives(target?: DeploymentTarget): Promise<GivenSignals> {
    const kinds = ['errors', 'latencies'] as const;
    return this.serving.readsScores(target)
      ? { kinds: [...kinds, 'scores'] }
      : {
          kinds,
          remedies: {
            scores:
              'enable scores in its launcher in modelDelivery.localServing.launchers',
          },
        };
  }

  async read(options: {
    target: DeploymentTarget;
    version: string;
    from: Date;
    to: Date;
  }): Promise<VersionSignals> {
    const { target, version, from, to } = options;
    return this.serving.measurements.read(targetKey(target), version, from, to);
  }

  async readSeries(options: {
    target: DeploymentTarget;
    version: string;
    from: Date;
    to: Date;
    bucketSeconds: number;
  }): Promise<SignalsBucket[]> {
    const { target, version, from, to, bucketSeconds } = options;
    return this.serving.measurements.readSeries(
      targetKey(target),
      version,
      from,
      to,
      bucketSeconds,
    );
  }

  async readComparison(options: {
    target: DeploymentTarget;
    version: string;
    from: Date;
    to: Date;
  }): Promise<ShadowComparison> {
    const { target, version, from, to } = options;
    return this.serving.readComparison(target, version, from, to);
  }
}
