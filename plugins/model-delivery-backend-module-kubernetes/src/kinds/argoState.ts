import { JsonObject } from '@backstage/types';
import { ClusterObject } from '../Cluster';
import {
  annotation,
  at,
  HeldVersion,
  numberAt,
  PREVIOUS,
  textAt,
} from '../Kind';
import { heldBy } from './podTemplate';

/** What the stable pods serve, with the template they are made of. */
interface Previous extends HeldVersion {
  podHash: string;
  template: JsonObject;
}

/** A Rollout as far as traffic goes. */
export interface Rollout {
  object: ClusterObject;
  /** What the template has now. */
  latest?: HeldVersion;
  previous?: Previous;
  template: unknown;
  /** Whether the controller has seen the specification as it is. */
  isSeen: boolean;
  current: string;
  stable: string;
  phase: string;
  aborted: boolean;
  traffic: { podHash: string; share: number }[];
  steps: unknown;
}

/** Reads what Slipway wrote down and what Argo Rollouts tells. */
export function readRollout(object: ClusterObject): Rollout {
  const { spec, status, metadata } = object;
  const current = textAt(status, 'currentPodHash');
  const stable = textAt(status, 'stableRS');
  const canary = numberAt(status, 'canary', 'weights', 'canary', 'weight') ?? 0;
  const canaryHash =
    textAt(status, 'canary', 'weights', 'canary', 'podTemplateHash') || current;
  const isDivided = stable !== '' && current !== stable && canary > 0;
  return {
    object,
    latest: heldBy(spec.template),
    previous: annotation<Previous>(
      object,
      PREVIOUS,
      value =>
        typeof value.podHash === 'string' && typeof value.version === 'string',
    ),
    template: spec.template,
    isSeen:
      textAt(status, 'observedGeneration') === String(metadata.generation),
    current,
    stable,
    phase: textAt(status, 'phase'),
    aborted: at(status, 'abort') === true,
    traffic: [
      ...(isDivided ? [{ podHash: canaryHash, share: canary }] : []),
      ...(stable && (!isDivided || canary < 100)
        ? [{ podHash: stable, share: isDivided ? 100 - canary : 100 }]
        : []),
    ],
    steps: at(spec, 'strategy', 'canary', 'steps'),
  };
}

/** What pods serve. Those that Slipway did not make are told by their hash. */
export function versionOf(
  { latest, previous, isSeen, current }: Rollout,
  podHash: string,
): string {
  if (previous && podHash === previous.podHash) {
    return previous.version;
  }
  return latest && isSeen && podHash === current
    ? latest.version
    : `pods ${podHash}`;
}

/** What the object holds, and whether it could take traffic. */
export function versionsOf(rollout: Rollout) {
  const { latest, previous, stable, current } = rollout;
  const versions = new Map<string, boolean>();
  if (previous) {
    versions.set(previous.version, previous.podHash === stable);
  }
  if (latest && !versions.has(latest.version)) {
    versions.set(
      latest.version,
      rollout.isSeen && (current === stable || isUp(rollout)),
    );
  }
  return [...versions].map(([version, ready]) => ({ version, ready }));
}

/** Whether the candidate's pods are up and wait for a decision. */
export function isUp({
  isSeen,
  phase,
  aborted,
  stable,
  current,
}: Rollout): boolean {
  return isSeen && !aborted && phase === 'Paused' && stable !== current;
}
