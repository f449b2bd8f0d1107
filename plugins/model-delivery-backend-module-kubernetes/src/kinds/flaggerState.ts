import { JsonObject } from '@backstage/types';
import { ClusterObject, ObjectAddress } from '../Cluster';
import {
  addressOf,
  annotation,
  at,
  HeldVersion,
  numberAt,
  PREVIOUS,
  TargetObject,
  textAt,
} from '../Kind';
import { heldBy } from './podTemplate';

/** The kind as its CRD names it. */
export const CANARY = {
  kind: 'Canary',
  group: 'flagger.app',
  version: 'v1beta1',
  plural: 'canaries',
};

/** What Flagger watches, and what it makes of it. */
export const DEPLOYMENT = {
  kind: 'Deployment',
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
};

/** Phases in which Flagger is at work; see its `CanaryPhase`. */
const BUSY = [
  'Progressing',
  'Waiting',
  'WaitingPromotion',
  'Promoting',
  'Finalising',
];

interface Previous extends HeldVersion {
  template: JsonObject;
}

/** What has to be read. */
export interface Objects {
  canary?: ClusterObject;
  workload?: ClusterObject;
  primary?: ClusterObject;
}

/** A Canary with its Deployments as far as traffic goes. */
export interface Release {
  canary: ClusterObject;
  workload: ClusterObject;
  workloadAt: ObjectAddress;
  /** What the template has now. */
  latest?: HeldVersion;
  /** What takes the traffic that Flagger does not give to the canary. */
  serving?: HeldVersion;
  previous?: Previous;
  isInitialized: boolean;
  isBusy: boolean;
  phase: string;
  /** Percent that Flagger gives to the canary now. */
  weight: number;
  suspended: boolean;
  /** Whether the workload has pods of its present template alone, and they answer. */
  isUp: boolean;
}

/** Whether the Canary is for a Deployment. */
export function isDeployment({ spec }: ClusterObject): boolean {
  return textAt(spec, 'targetRef', 'kind') === 'Deployment';
}

/** @returns a sentence when something is missing. */
export function readRelease(
  { canary, workload, primary }: Objects,
  { namespace, name }: TargetObject,
): Release | string {
  if (!canary) {
    return `There is no Canary ${namespace}/${name}; create it for the Deployment that serves the model`;
  }
  if (!isDeployment(canary)) {
    return `The Canary ${name} is not for a Deployment; Slipway changes Deployments only`;
  }
  const targetName = textAt(canary.spec, 'targetRef', 'name');
  if (!workload) {
    return `The Canary ${name} is for the Deployment ${targetName}, which is not there`;
  }
  const phase = textAt(canary.status, 'phase');
  const isBusy = BUSY.includes(phase);
  const wanted = numberAt(workload.spec, 'replicas') ?? 1;
  const count = (key: string) => numberAt(workload.status, key) ?? 0;
  return {
    canary,
    workload,
    workloadAt: addressOf(DEPLOYMENT, { namespace, name: targetName }),
    latest: heldBy(workload.spec.template),
    serving: heldBy(primary?.spec.template),
    previous: annotation<Previous>(
      canary,
      PREVIOUS,
      value =>
        typeof value.version === 'string' && typeof value.template === 'object',
    ),
    isInitialized:
      primary !== undefined && !['', 'Initializing'].includes(phase),
    isBusy,
    phase,
    weight: isBusy ? numberAt(canary.status, 'canaryWeight') ?? 0 : 0,
    suspended: at(canary.spec, 'suspend') === true,
    isUp:
      wanted > 0 &&
      (numberAt(workload.status, 'observedGeneration') ?? 0) >=
        (workload.metadata.generation ?? 0) &&
      count('updatedReplicas') >= wanted &&
      count('replicas') === count('updatedReplicas') &&
      count('availableReplicas') >= wanted,
  };
}
