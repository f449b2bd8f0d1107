import { JsonObject } from '@backstage/types';
import {
  DeployableVersion,
  DeploymentTarget,
  OperationStatus,
  TargetState,
  TrafficShare,
} from '../deployer';

/**
 * What a deployer is asked to do.
 * @public
 */
export type OperationRequest =
  | { kind: 'prepare'; version: DeployableVersion }
  | { kind: 'setTraffic'; shares: TrafficShare[] }
  | { kind: 'release'; version: string };

/**
 * An operation as it is remembered.
 * @public
 */
export interface DeployerOperation {
  /** The engine's operation key. */
  key: string;
  target: DeploymentTarget;
  request: OperationRequest;
  /** What the deployer wrote down about it, such as the number of the job that it started. Empty at first. */
  notes: JsonObject;
  /** When it was asked for first. */
  startedAt: Date;
}

/**
 * What a deployer can do with the memory while it works on an operation.
 * @public
 */
export interface OperationMemory {
  /**
   * Writes down what has to survive a crash, in place of earlier notes. Write down what is about to happen before it
   * happens, so that whoever comes after a crash knows to look for it.
   * @throws ConflictError when somebody else took over the operation, or it is over: what was to be begun must not begin.
   */
  note(notes: JsonObject): Promise<void>;
  /**
   * Earlier operations of the target that this or another one overtook while they were pending. What they began may
   * still be at work.
   */
  overtaken(): Promise<DeployerOperation[]>;
  /** Forgets an overtaken operation, once nothing of it is at work any more. */
  settle(operation: DeployerOperation): Promise<void>;
}

/**
 * A request with what it belongs to.
 * @public
 */
export interface OperationCall {
  /** Id of the deployer. */
  deployer: string;
  operationKey: string;
  target: DeploymentTarget;
  request: OperationRequest;
}

/**
 * The memory of deployers whose targets have none: what they were asked, how far it came, and what serves by it. It is in
 * the database of model delivery, so any number of replicas share it.
 * @public
 */
export interface DeployerOperations {
  /**
   * Works on an operation unless it is over. One caller at a time works on it; the others are told that it is pending.
   *
   * Decided without `work`, as `failed`: traffic for a version that is not prepared, another digest under a version's
   * name while that is there, release of a version that has traffic. Release of what is not there is `done`.
   * @throws ConflictError when the key belongs to another operation; whatever `work` throws.
   */
  once(
    call: OperationCall,
    work: (
      operation: DeployerOperation,
      memory: OperationMemory,
    ) => Promise<OperationStatus>,
  ): Promise<OperationStatus>;
  /**
   * Ends an operation that is pending, by what the target says without being asked.
   * @returns false when there is no such operation, or it is over.
   */
  report(options: {
    deployer: string;
    operationKey: string;
    status: { state: 'done' } | { state: 'failed'; message: string };
  }): Promise<boolean>;
  /** The target as the operations that are done made it. A version that is being prepared is not ready. */
  stateOf(deployer: string, target: DeploymentTarget): Promise<TargetState>;
}
