import { JsonObject } from '@backstage/types';
import {
  DeploymentTarget,
  OperationRequest,
  OperationStatus,
  TargetState,
} from '@slipway/backstage-plugin-model-delivery-node';
import { Cluster, ClusterObject, ObjectAddress, ObjectKind } from './Cluster';
import { KubernetesTarget } from './config';

/** An object of the configuration. */
export type TargetObject = KubernetesTarget & {
  name: string;
  mustBeLabelled: boolean;
};

/** What is to be brought about, once for its key. */
export interface Wish {
  key: string;
  target: DeploymentTarget;
  request: OperationRequest;
}

/** One thing to write. It is refused by the cluster when the object changed since it was read. */
export type Write =
  | { create: JsonObject; at: ObjectAddress }
  | {
      patch: JsonObject;
      at: ObjectAddress;
      resourceVersion: string;
      isStatus?: boolean;
    };

/**
 * The next step towards a wish: what to write, or how far it has come. Steps follow from the objects alone, so a backend
 * that was killed after any of them goes on where the objects are.
 */
export type Step = { write: Write } | OperationStatus;

/** How one kind of object is worked with. `Objects` is all that has to be read for it. */
export interface Kind<Objects> {
  read(cluster: Cluster, object: TargetObject): Promise<Objects>;
  plan(objects: Objects, object: TargetObject, wish: Wish): Step;
  look(objects: Objects, object: TargetObject): TargetState;
}

/** A version as the annotations of an object tell it. */
export interface HeldVersion {
  version: string;
  digest: string;
}

const PREFIX = 'slipway.dev/';
/** The operation that changed the object last. */
export const OPERATION = `${PREFIX}operation`;
/** The version that the object's own specification has. */
export const LATEST = `${PREFIX}latest`;
/** The version that it can go back to. */
export const PREVIOUS = `${PREFIX}previous`;
/** On pods: the version they serve. */
export const POD_VERSION = `${PREFIX}version`;
/** On pods: its digest. */
export const POD_DIGEST = `${PREFIX}digest`;
/** What an object has to carry that the configuration does not name. */
export const MANAGED_LABEL = `${PREFIX}managed`;

/** The annotation as JSON, undefined when there is none or it is no such thing. */
export function annotation<T>(
  object: ClusterObject,
  name: string,
  isOne: (value: T) => boolean,
): T | undefined {
  const text = object.metadata.annotations?.[name];
  try {
    const value = text === undefined ? undefined : (JSON.parse(text) as T);
    return value && isOne(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A patch that writes down the operation and what else belongs into annotations; null removes. */
export function annotations(
  wish: Wish,
  more: Record<string, JsonObject | string | null> = {},
): JsonObject {
  return {
    annotations: {
      [OPERATION]: wish.key,
      ...Object.fromEntries(
        Object.entries(more).map(([name, value]) => [
          name,
          value === null || typeof value === 'string'
            ? value
            : JSON.stringify(value),
        ]),
      ),
    },
  };
}

/** Whether the object was last changed for this operation. */
export function isMarked(object: ClusterObject, { key }: Wish): boolean {
  return object.metadata.annotations?.[OPERATION] === key;
}

/** Where an object is. */
export function addressOf(
  kind: ObjectKind,
  { namespace, name }: { namespace: string; name: string },
): ObjectAddress {
  return { kind, namespace, name };
}

/** Ends an operation that trying again cannot mend. */
export function failed(message: string): Step {
  return { state: 'failed', message };
}

/** Says what an operation waits for. */
export function pending(message: string): Step {
  return { state: 'pending', message };
}

/** Ends an operation. */
export const DONE: Step = { state: 'done' };

/** A value inside of JSON that somebody else wrote, undefined where the way there ends. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inside, key) =>
      typeof inside === 'object' && inside !== null
        ? (inside as Record<string | number, unknown>)[key]
        : undefined,
    value,
  );
}

/** The text at a place, empty when there is none. */
export function textAt(value: unknown, ...path: (string | number)[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}

/** The number at a place. */
export function numberAt(
  value: unknown,
  ...path: (string | number)[]
): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

/** A condition of a status by its type. */
export function condition(
  object: ClusterObject,
  type: string,
): { status: string; reason: string; message: string } | undefined {
  const all = at(object.status, 'conditions');
  const found = Array.isArray(all)
    ? all.find(each => textAt(each, 'type') === type)
    : undefined;
  return (
    found && {
      status: textAt(found, 'status'),
      reason: textAt(found, 'reason'),
      message: textAt(found, 'message'),
    }
  );
}

/** Whether Slipway may touch an object: the configuration names it, or it carries the label. */
export function isOurs(object: ClusterObject, target: TargetObject): boolean {
  return (
    !target.mustBeLabelled || object.metadata.labels?.[MANAGED_LABEL] === 'true'
  );
}

/** Why an object is left alone. */
export function notOurs({ kind, name, namespace }: TargetObject): string {
  return `The ${kind} ${namespace}/${name} is not Slipway's: name it in the configuration, or give it the label ${MANAGED_LABEL}: "true"`;
}
