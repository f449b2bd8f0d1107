import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { ApiOperations } from '@slipway/backstage-plugin-model-delivery-common';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { Principal } from '../access/principal';

type Content<T> = T extends { content: { 'application/json': infer Body } }
  ? Body
  : never;

/** Ids of the operations of the contract. */
export type OperationId = keyof ApiOperations;

/** A request of one operation, validated against the contract. */
export interface OperationRequest<Id extends OperationId> {
  path: NonNullable<ApiOperations[Id]['parameters']['path']>;
  query: NonNullable<ApiOperations[Id]['parameters']['query']>;
  body: ApiOperations[Id] extends { requestBody: infer Body }
    ? Content<Body>
    : undefined;
  principal: Principal;
}

type Responses<Id extends OperationId> = ApiOperations[Id]['responses'];

/** What an operation answers with that gives no JSON. */
export interface AnswerFile {
  /** What the browser is to call it. */
  name: string;
  /** Media type, one of those that the contract declares. */
  type: string;
  bytes: Buffer;
}

/** An answer of one operation, with one of its declared statuses and the body declared for it. */
export type OperationResponse<Id extends OperationId> = {
  [Status in keyof Responses<Id> & number]: [
    Content<Responses<Id>[Status]>,
  ] extends [never]
    ? { status: Status; file: AnswerFile }
    : { status: Status; body: Content<Responses<Id>[Status]> };
}[keyof Responses<Id> & number];

/** What answers an operation. */
export type OperationHandler<Id extends OperationId> = (
  request: OperationRequest<Id>,
) => Promise<OperationResponse<Id>>;

/** Handlers of some operations; all of them together make the API. */
export type Handlers<Id extends OperationId = OperationId> = {
  [Each in Id]: OperationHandler<Each>;
};

/** Where an operation is found. */
export interface OperationRoute {
  id: OperationId;
  method: 'get' | 'post' | 'put' | 'delete';
  /** In Express's form, such as `/models/:namespace/:name`. */
  path: string;
}

/** The contract, and the routes it declares. */
export interface Contract {
  document: { openapi: string; paths: Record<string, object> };
  routes: OperationRoute[];
}

let contract: Contract | undefined;

/** The contract that this package was built with, read once. */
export function readContract(): Contract {
  contract ??= parseContract();
  return contract;
}

function parseContract(): Contract {
  const file = resolvePackagePath(
    '@slipway/backstage-plugin-model-delivery-backend',
    'src/schema/openapi.yaml',
  );
  const document = parse(readFileSync(file, 'utf8'), { merge: true });
  const routes: OperationRoute[] = [];
  for (const [path, item] of Object.entries<Record<string, unknown>>(
    document.paths,
  )) {
    for (const method of ['get', 'post', 'put', 'delete'] as const) {
      const operation = item[method] as
        | { operationId: OperationId }
        | undefined;
      if (operation) {
        routes.push({
          id: operation.operationId,
          method,
          path: path.replace(/\{(\w+)\}/g, ':$1'),
        });
      }
    }
  }
  return { document, routes };
}
