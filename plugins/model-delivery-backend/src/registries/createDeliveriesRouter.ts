import express, { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { DeliveriesService } from './DeliveriesService';

/** Path below the plugin under which registries deliver. Their signatures say who they are. */
export const DELIVERIES_PATH = '/registry-hooks';

/** MLflow sends a version's tags and description along. */
const LIMIT = '1mb';

/** Takes the webhooks of model registries. Nothing is believed of a body before its signature is verified. */
export function createDeliveriesRouter(deliveries: DeliveriesService): Router {
  const router = PromiseRouter();
  router.post(
    `${DELIVERIES_PATH}/:type/:connection`,
    express.raw({ limit: LIMIT, type: () => true }),
    async (req, res) => {
      const { type, connection: id } = req.params;
      const { event } = await deliveries.take(
        { type, id },
        {
          header: name => req.get(name),
          body: Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0),
        },
      );
      res.status(202).json({ event });
    },
  );
  return router;
}
