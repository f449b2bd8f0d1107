import { JsonObject } from '@backstage/types';

/** A kind of object as the API server's paths name it. */
export interface ObjectKind {
  kind: string;
  group: string;
  version: string;
  plural: string;
}

/** An object as far as every kind of object is alike. */
export interface ClusterObject {
  metadata: {
    name: string;
    resourceVersion: string;
    generation?: number;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec: JsonObject;
  status?: JsonObject;
}

/** Where an object is. */
export interface ObjectAddress {
  kind: ObjectKind;
  namespace: string;
  name: string;
}

/** A change of one object. */
export interface ObjectChange extends ObjectAddress {
  /** What is merged into it (RFC 7396): null removes, a list is replaced as a whole. */
  patch: JsonObject;
  /** It is refused unless the object is still as it was when it had this version. */
  resourceVersion: string;
  /** Whether it is the status that is changed, which is a resource of its own. */
  isStatus?: boolean;
}

/** What is asked of an API server, with the answers that callers handle apart as errors of their own. */
export interface Cluster {
  /** @returns undefined when there is no such object. */
  read(address: ObjectAddress): Promise<ClusterObject | undefined>;
  /** @throws ObjectConflictError when somebody else created it meanwhile. */
  create(address: ObjectAddress, body: JsonObject): Promise<void>;
  /** @throws ObjectConflictError when somebody else changed it meanwhile. */
  change(change: ObjectChange): Promise<void>;
}

/** Somebody else changed the object meanwhile; it has to be read again. */
export class ObjectConflictError extends Error {
  readonly name = 'ObjectConflictError';
}

/** The API server is out of reach, too late or overloaded; trying again may help. */
export class ClusterTroubleError extends Error {
  readonly name = 'ClusterTroubleError';
}

/** The API server or an admission webhook refuses the change; trying again does not help. */
export class ObjectRefusedError extends Error {
  readonly name = 'ObjectRefusedError';
}
