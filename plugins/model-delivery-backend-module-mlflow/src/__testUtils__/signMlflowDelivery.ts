import { RegistryDelivery } from '@slipway/backstage-plugin-model-delivery-node';
import { createHmac } from 'node:crypto';

/** Signs a delivery as MLflow 3 does. */
export function signMlflowDelivery(
  secret: string,
  delivery: {
    id: string;
    model: string;
    version: string;
    signedAt: Date;
    receivedAt: Date;
  },
): RegistryDelivery {
  const { id, model: name, version, signedAt, receivedAt } = delivery;
  const time = String(Math.floor(signedAt.getTime() / 1_000));
  const body = Buffer.from(
    JSON.stringify({
      entity: 'model_version',
      action: 'created',
      timestamp: signedAt.toISOString(),
      data: { name, version },
    }),
  );
  const signature = createHmac('sha256', secret)
    .update(Buffer.concat([Buffer.from(`${id}.${time}.`), body]))
    .digest('base64');
  const headers: Record<string, string> = {
    'x-mlflow-delivery-id': id,
    'x-mlflow-timestamp': time,
    'x-mlflow-signature': `v1,${signature}`,
  };
  return {
    header: header => headers[header.toLocaleLowerCase('en-US')],
    body,
    receivedAt,
  };
}
