import {
  DeploymentTarget,
  TrafficShare,
} from '@slipway/backstage-plugin-model-delivery-node';
import { ServableVersion } from '../launching/launchPlan';

/** What is wanted of one target. */
export interface TargetRecord extends DeploymentTarget {
  /**
   * Versions whose server should run, in the order in which they came. The order decides which keys a version gets:
   * the newest takes the lowest ones.
   */
  versions: ServableVersion[];
  shares: TrafficShare[];
  /** The version that gets copies of requests; none unless set. */
  mirror?: MirrorRecord;
}

/** Who gets copies of how many requests. */
export interface MirrorRecord {
  version: string;
  /** Percent, above 0. */
  share: number;
  /** How far two numbers may lie apart and still agree. */
  tolerance: number;
}

/** An operation of the deployer, remembered so that asking again changes nothing more. */
export interface OperationRecord extends DeploymentTarget {
  key: string;
  kind: 'prepare' | 'setTraffic' | 'release' | 'setMirror';
  /** The request in full as JSON: the same key with another request is a mistake of the caller. */
  request: string;
  /** Set for all but setTraffic. */
  version?: string;
  /** Set for setTraffic. */
  shares?: TrafficShare[];
  state: 'pending' | 'done' | 'failed';
  message?: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
}

/** All that has to survive a restart, but for running processes and measurements. */
export interface ServingState {
  schema: 1;
  proxyPort?: number;
  targets: TargetRecord[];
  /** Oldest first. */
  operations: OperationRecord[];
}

/** Finished operations that are remembered. The engine asks again within minutes; this is days. */
export const REMEMBERED_OPERATIONS = 5000;

export const EMPTY_STATE: ServingState = {
  schema: 1,
  targets: [],
  operations: [],
};

/** Name of a target within this module. */
export function targetKey({ model, environment }: DeploymentTarget): string {
  return `${model.toLocaleLowerCase('en-US')}|${environment}`;
}

/** The target's record, added when it is not there yet. */
export function ensureTarget(
  state: ServingState,
  target: DeploymentTarget,
): TargetRecord {
  const found = findTarget(state, target);
  if (found) {
    return found;
  }
  const record: TargetRecord = {
    model: target.model,
    environment: target.environment,
    versions: [],
    shares: [],
  };
  state.targets.push(record);
  return record;
}

export function findTarget(
  state: ServingState,
  target: DeploymentTarget,
): TargetRecord | undefined {
  const key = targetKey(target);
  return state.targets.find(record => targetKey(record) === key);
}

/** Percent that a version has of its target. */
export function shareOf(record: TargetRecord, version: string): number {
  return record.shares.find(share => share.version === version)?.share ?? 0;
}

/** Drops the oldest finished operations beyond the bound. */
export function forgetOldOperations(state: ServingState): void {
  const surplus = state.operations.length - REMEMBERED_OPERATIONS;
  if (surplus > 0) {
    const kept = state.operations.slice(surplus);
    const pending = state.operations
      .slice(0, surplus)
      .filter(operation => operation.state === 'pending');
    state.operations = [...pending, ...kept];
  }
}
