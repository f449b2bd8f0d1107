import {
  AuthService,
  HttpAuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import express, { ErrorRequestHandler, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { principalOf } from './access/principal';
import { isDatabaseError } from './database/values';
import { checksOf } from './http/checks';
import {
  Contract,
  Handlers,
  OperationId,
  OperationRequest,
} from './http/operations';
import { refuseHalfCharacters } from './http/refuseHalfCharacters';

const BODY_LIMIT = '1mb';
const MAX_FAULTS = 10;

/** Names each fault with its path, such as `request/body/parts/code must have required property 'commit'`. */
function toInputError(error: {
  message: string;
  errors?: { path: string; message: string }[];
}): Error {
  const faults = (error.errors ?? []).slice(0, MAX_FAULTS).map(fault => ({
    path: `request${fault.path}`,
    message: fault.message,
  }));
  return faults.length > 0
    ? Object.assign(
        new InputError(
          faults.map(fault => `${fault.path} ${fault.message}`).join('; '),
        ),
        { errors: faults },
      )
    : new InputError(error.message);
}

function withStatus(error: Error, statusCode: number): Error {
  return Object.assign(error, { statusCode });
}

/**
 * Words the validator's and the body parser's errors as Backstage does, keeping their status. What a database says of a fault
 * names statements and values: it goes to the log alone.
 */
const toBackstageError =
  (logger: LoggerService): ErrorRequestHandler =>
  (error, req, _res, next) => {
    const status: unknown = error?.status;
    if (status === 413) {
      next(
        withStatus(
          new InputError(`request/body is larger than ${BODY_LIMIT}`),
          413,
        ),
      );
    } else if (status === 404 || status === 405 || status === 415) {
      next(withStatus(new InputError(error.message), status));
    } else if (status === 400) {
      next(toInputError(error));
    } else if (isDatabaseError(error)) {
      logger.error(`${req.method} ${req.path} failed in the database`, error);
      next(new Error('The database failed; the log of the backend says how'));
    } else {
      next(error);
    }
  };

/**
 * Makes the HTTP API: every request is authenticated, checked against the contract, and answered by the handler of its
 * operation. What the contract does not name is not found.
 */
export function createRouter(options: {
  contract: Contract;
  handlers: Handlers;
  auth: AuthService;
  httpAuth: HttpAuthService;
  logger: LoggerService;
  /** Checks answers against the contract too: in tests. */
  validateResponses?: boolean;
}): Router {
  const { contract, handlers, auth, httpAuth } = options;
  const router = PromiseRouter();

  router.use(async (req, _res, next) => {
    await httpAuth.credentials(req, { allow: ['user', 'service'] });
    next();
  });
  router.use(express.json({ limit: BODY_LIMIT }), refuseHalfCharacters);
  const checks = checksOf(contract, options.validateResponses ?? false);

  const mount = <Id extends OperationId>(
    id: Id,
    method: 'get' | 'post' | 'put' | 'delete',
    path: string,
  ) => {
    router[method](path, ...checks.of(id), async (req, res) => {
      const credentials = await httpAuth.credentials(req, {
        allow: ['user', 'service'],
      });
      const answer = await handlers[id]({
        path: req.params,
        query: req.query,
        body: req.body,
        principal: principalOf(auth, credentials),
      } as unknown as OperationRequest<Id>);
      if ('file' in answer) {
        const { name, type, bytes } = answer.file;
        res
          .status(answer.status)
          .attachment(name)
          .type(type)
          .setHeader('X-Content-Type-Options', 'nosniff')
          .end(bytes);
      } else {
        res.status(answer.status).json(answer.body);
      }
    });
  };
  contract.routes.forEach(({ id, method, path }) => mount(id, method, path));
  // What is left is of no operation, which they tell
  router.use(...checks.all);

  router.use(toBackstageError(options.logger));
  return router;
}
