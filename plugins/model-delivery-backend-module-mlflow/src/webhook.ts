import { AuthenticationError, InputError } from '@backstage/errors';
import {
  RegistryDelivery,
  RegistryNotice,
} from '@slipway/backstage-plugin-model-delivery-node';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** How far the time of signing may be from now, in milliseconds, to either side: as Standard Webhooks proposes. */
const TOLERANCE_MS = 5 * 60_000;

const REFUSED =
  'This webhook is not configured, or its signature is not of the secret that is';

const headersSchema = z.object({
  id: z.string().min(1).max(200),
  time: z.string().regex(/^\d{1,12}$/),
  signature: z.string().max(200),
});

const payloadSchema = z.object({
  entity: z.string().min(1).max(100),
  action: z.string().min(1).max(100),
  data: z
    .object({
      name: z.string().min(1).max(1_000).optional(),
      version: z
        .union([z.string().min(1).max(100), z.number().int().transform(String)])
        .optional(),
    })
    .default({}),
});

/**
 * Verifies a delivery of MLflow 3's webhooks: `X-MLflow-Signature` is `v1,` and the base64 HMAC-SHA256 of the delivery's
 * id, its time in seconds since 1970 and the raw body, joined by dots.
 * @throws AuthenticationError when it is not signed with the secret; InputError when it was signed more than five minutes
 * from now, or its body is not what MLflow sends.
 */
export function readWebhook(
  secret: string,
  delivery: RegistryDelivery,
): RegistryNotice {
  const headers = headersSchema.safeParse({
    id: delivery.header('x-mlflow-delivery-id'),
    time: delivery.header('x-mlflow-timestamp'),
    signature: delivery.header('x-mlflow-signature'),
  });
  if (!headers.success) {
    throw new AuthenticationError(REFUSED);
  }
  const { id, time, signature } = headers.data;
  const digest = createHmac('sha256', secret)
    .update(`${id}.${time}.`)
    .update(delivery.body)
    .digest('base64');
  if (!isSame(signature, `v1,${digest}`)) {
    throw new AuthenticationError(REFUSED);
  }
  const distance = Math.abs(
    delivery.receivedAt.getTime() - Number(time) * 1_000,
  );
  if (distance > TOLERANCE_MS) {
    throw new InputError(
      `The delivery was signed ${Math.round(
        distance / 1_000,
      )} s from now; at most ${
        TOLERANCE_MS / 1_000
      } s are accepted: check the clocks of both sides`,
    );
  }
  return { id, ...readPayload(delivery.body) };
}

function readPayload(body: Buffer): Omit<RegistryNotice, 'id'> {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    throw new InputError('The body is not JSON');
  }
  const result = payloadSchema.safeParse(json);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new InputError(
      `The body is not what MLflow sends, at '${issue.path.join('.')}': ${
        issue.message
      }`,
    );
  }
  const { entity, action, data } = result.data;
  return {
    event: `${entity}.${action}`,
    changed: changedBy(entity, data),
  };
}

/** Prompts, budgets and what else MLflow tells of are no models. */
function changedBy(
  entity: string,
  { name, version }: { name?: string; version?: string },
): RegistryNotice['changed'] {
  if (!/^(registered_model|model_version)(_|$)/.test(entity)) {
    return 'nothing';
  }
  return name === undefined
    ? 'registry'
    : { model: name, versions: version === undefined ? [] : [version] };
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
