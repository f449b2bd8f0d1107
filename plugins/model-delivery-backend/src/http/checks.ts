import { fullFormats } from 'ajv-formats/dist/formats';
import { RequestHandler } from 'express';
import { middleware as openApiValidator } from 'express-openapi-validator';
import type { OpenApiRequest } from 'express-openapi-validator/dist/framework/types';
import { Contract, OperationId } from './operations';

/** What checks requests against the contract, and answers too if asked to. */
export interface Checks {
  /** Finds out whose operation a request is first; refuses one that is of none. */
  all: RequestHandler[];
  /** The same for requests to the route of one operation. */
  of(id: OperationId): RequestHandler[];
}

/** A moment of RFC 3339 that exists in JavaScript and in databases too: they know no leap seconds. */
function isMoment(text: string): boolean {
  const format = fullFormats['date-time'];
  return (
    typeof format === 'object' &&
    'validate' in format &&
    (format.validate as (each: string) => boolean)(text) &&
    !Number.isNaN(Date.parse(text))
  );
}

/** What the validator calls the handler that finds the operation of a request. */
const FINDER = 'metadataMiddleware';

/** Checks that were made, by contract: compiling one takes a second, and all routers of a process share it. */
const made = new WeakMap<Contract, Map<boolean, Checks>>();

/** The checks of a contract. */
export function checksOf(
  contract: Contract,
  validateResponses: boolean,
): Checks {
  const known = made.get(contract) ?? new Map<boolean, Checks>();
  made.set(contract, known);
  const checks =
    known.get(validateResponses) ?? makeChecks(contract, validateResponses);
  known.set(validateResponses, checks);
  return checks;
}

function makeChecks(contract: Contract, validateResponses: boolean): Checks {
  const all = openApiValidator({
    apiSpec: contract.document as Parameters<
      typeof openApiValidator
    >[0]['apiSpec'],
    validateRequests: { allowUnknownQueryParameters: false, allErrors: true },
    validateResponses,
    validateSecurity: false,
    validateApiSpec: false,
    useRequestUrl: true,
    formats: { 'date-time': { type: 'string', validate: isMoment } },
  }) as RequestHandler[];
  const found = new Map<OperationId, OpenApiRequest['openapi']>();
  return {
    all,
    of: id =>
      all.map(check =>
        check.name === FINDER ? findOnce(check, id, found) : check,
      ),
  };
}

/**
 * Finds the operation of a route by the first request to it. The validator would compile the expressions of all routes before
 * it anew for each request, which took a quarter of the memory of a page of models.
 */
function findOnce(
  find: RequestHandler,
  id: OperationId,
  found: Map<OperationId, OpenApiRequest['openapi']>,
): RequestHandler {
  return (req: OpenApiRequest, res, next) => {
    const known = found.get(id);
    // A route of GET is met by HEAD as well, of which the contract has none
    if (known && req.method !== 'HEAD') {
      req.openapi = { ...known, pathParams: { ...req.params } };
      next();
      return;
    }
    find(req, res, error => {
      if (!error) {
        found.set(id, req.openapi);
      }
      next(error);
    });
  };
}
