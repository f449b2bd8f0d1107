import {
  DeploymentTarget,
  MetricsSource,
  VersionSignals,
} from '@slipway/backstage-plugin-model-delivery-node';
import { MOST_WINDOWS } from './rolloutContext';

/**
 * What a version did until all traffic left it, to compare with what takes its place: in a window as long as the
 * candidate's, or in ten of them where one has too few samples.
 */
export async function readBaseline(
  source: MetricsSource,
  options: {
    target: DeploymentTarget;
    version: string;
    until: Date;
    windowSeconds: number;
    minimumSamples: number;
  },
): Promise<VersionSignals> {
  const { target, version, until, windowSeconds } = options;
  const read = (windows: number) =>
    source.read({
      target,
      version,
      from: new Date(until.getTime() - windows * windowSeconds * 1000),
      to: until,
    });
  const latest = await read(1);
  return latest.requests < options.minimumSamples ? read(MOST_WINDOWS) : latest;
}
