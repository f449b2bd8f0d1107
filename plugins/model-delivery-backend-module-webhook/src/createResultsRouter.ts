import { InputError, NotAllowedError, NotFoundError } from '@backstage/errors';
import { DeployerOperations } from '@slipway/backstage-plugin-model-delivery-node';
import express, { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import { WebhookConnection } from './config';
import { resultSchema } from './createWebhookDeployer';
import { isSigned } from './signature';

/** Path below the plugin under which results are taken. */
export const RESULTS_PATH = '/webhook-deployers';

const bodySchema = resultSchema.extend({
  operationKey: z.string(),
  state: z.enum(['done', 'failed']),
});

/** Takes the results of accepted operations from the services that carry them out, signed as the requests are. */
export function createResultsRouter(options: {
  connections: WebhookConnection[];
  operations: DeployerOperations;
  now?: () => Date;
}): Router {
  const { connections, operations, now = () => new Date() } = options;
  const router = PromiseRouter();
  router.post(
    `${RESULTS_PATH}/:connection/results`,
    express.text({ type: () => true, limit: '64kb' }),
    async (request, response) => {
      const { connection: id } = request.params;
      const connection = connections.find(each => each.id === id);
      const body = typeof request.body === 'string' ? request.body : '';
      if (
        !connection ||
        !isSigned(connection.secret, request.headers, body, now())
      ) {
        throw new NotAllowedError(
          'The result is not signed with the secret of this webhook, or more than five minutes ago',
        );
      }
      const result = parse(body);
      const taken = await operations.report({
        deployer: `webhook:${id}`,
        operationKey: result.operationKey,
        status:
          result.state === 'done'
            ? { state: 'done' }
            : {
                state: 'failed',
                message: `The webhook ${id} says: ${
                  result.message ?? 'it failed'
                }`,
              },
      });
      if (!taken) {
        throw new NotFoundError(
          `No operation ${result.operationKey} is pending`,
        );
      }
      response.status(204).end();
    },
  );
  return router;
}

function parse(body: string): z.infer<typeof bodySchema> {
  try {
    return bodySchema.parse(JSON.parse(body));
  } catch {
    throw new InputError(
      'The body must be JSON with operationKey, state (done or failed) and perhaps message',
    );
  }
}
