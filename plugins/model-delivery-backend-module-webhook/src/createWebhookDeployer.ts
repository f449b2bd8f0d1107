import { createHash } from 'node:crypto';
import {
  callService,
  createRememberingDeployer,
  Deployer,
  DeployerOperation,
  DeployerOperations,
  OperationMemory,
  OperationStatus,
  ServiceAnswer,
  ServiceTroubleError,
} from '@slipway/backstage-plugin-model-delivery-node';
import { z } from 'zod';
import { WebhookConnection } from './config';
import { signedHeaders } from './signature';

const LONGEST_BACK_OFF_MS = 300_000;
const LARGEST_ANSWER_BYTES = 64 * 1024;
const LONGEST_QUOTE = 300;

/** What a service says of an operation, in an answer or as a result. */
export const resultSchema = z.object({
  state: z.enum(['done', 'pending', 'failed']),
  message: z.string().optional(),
});

/** What is written down while an operation is not over. */
const notesSchema = z.object({
  /** Whether the service has accepted the operation. */
  accepted: z.boolean().default(false),
  /** Troubles in a row. */
  troubles: z.number().default(0),
  /** Milliseconds since the epoch before which nothing is asked. */
  notBefore: z.number().default(0),
});
type Notes = z.infer<typeof notesSchema>;

/** A deployer that posts each operation to a service, signed and with its key. */
export function createWebhookDeployer(options: {
  connection: WebhookConnection;
  operations: DeployerOperations;
  now?: () => Date;
}): Deployer {
  const { connection, operations, now = () => new Date() } = options;
  const { environments, models } = connection;
  return createRememberingDeployer({
    id: `webhook:${connection.id}`,
    operations,
    operationLimitSeconds: connection.operationLimitMs / 1000,
    blueGreen: connection.blueGreen,
    serves: ({ model, environment }) =>
      (!environments || environments.includes(environment)) &&
      (!models || models.includes(model.toLocaleLowerCase('en-US'))),
    carryOut: (operation, memory) =>
      carryOut(connection, operation, memory, now),
  });
}

async function carryOut(
  connection: WebhookConnection,
  operation: DeployerOperation,
  memory: OperationMemory,
  now: () => Date,
): Promise<OperationStatus> {
  const { request } = operation;
  const isDivided =
    request.kind === 'setTraffic' &&
    request.shares.some(({ share }) => share > 0 && share < 100);
  if (isDivided && !connection.dividesTraffic) {
    return {
      state: 'failed',
      message: `The webhook ${connection.id} cannot divide traffic; use a policy whose rollout is direct`,
    };
  }
  const notes = notesSchema.parse(operation.notes);
  const waitMs = notes.notBefore - now().getTime();
  if (waitMs > 0) {
    return pending('Trying again after trouble', waitMs);
  }
  try {
    const answer = await ask(connection, operation, notes, now());
    const status = toStatus(connection, answer);
    if (status.state === 'pending' && (!notes.accepted || notes.troubles > 0)) {
      await memory.note({ accepted: true, troubles: 0, notBefore: 0 });
    }
    return status;
  } catch (error) {
    if (!(error instanceof ServiceTroubleError)) {
      throw error;
    }
    return backOff(connection, notes, memory, error, now());
  }
}

/** Posts an operation, or asks about one that was accepted. */
function ask(
  connection: WebhookConnection,
  operation: DeployerOperation,
  notes: Notes,
  now: Date,
): Promise<ServiceAnswer> {
  const { id, secret, statusUrl, url, timeoutMs } = connection;
  const poll = notes.accepted ? statusUrl : undefined;
  const body = poll ? '' : bodyOf(operation);
  const deliveryId = createHash('sha256')
    .update(`webhook:${id}\n${operation.key}`)
    .digest('hex');
  return callService({
    service: `The webhook ${id}`,
    url:
      poll?.replaceAll('${operationKey}', encodeURIComponent(operation.key)) ??
      url,
    method: poll ? 'GET' : 'POST',
    headers: {
      ...signedHeaders(secret, deliveryId, body, now),
      'idempotency-key': operation.key,
      ...(!poll && { 'content-type': 'application/json' }),
    },
    ...(!poll && { body }),
    timeoutMs,
    maxAnswerBytes: LARGEST_ANSWER_BYTES,
  });
}

function bodyOf({
  key,
  target,
  request,
  startedAt,
}: DeployerOperation): string {
  return JSON.stringify({
    operationKey: key,
    startedAt: startedAt.toISOString(),
    model: target.model,
    environment: target.environment,
    operation: request.kind,
    ...(request.kind === 'setTraffic'
      ? { shares: request.shares }
      : { version: request.version }),
  });
}

/**
 * What an answer means.
 * @throws ServiceTroubleError when trying again may help, Error when a person has to look
 */
function toStatus(
  { id, pollIntervalMs }: WebhookConnection,
  { status, json, text, headers }: ServiceAnswer,
): OperationStatus {
  const said = resultSchema.safeParse(json).data;
  const reason = said?.message ?? text.replace(/\s+/g, ' ').trim();
  const quoted = reason ? `: ${reason.slice(0, LONGEST_QUOTE)}` : '';
  if (status === 202 || (status === 200 && said?.state === 'pending')) {
    return pending(
      said?.message ?? 'The service has accepted it',
      pollIntervalMs,
    );
  }
  if (
    [400, 409, 422].includes(status) ||
    (status === 200 && said?.state === 'failed')
  ) {
    return {
      state: 'failed',
      message: `The webhook ${id} refused the operation${quoted}`,
    };
  }
  if (status >= 200 && status < 300) {
    return { state: 'done' };
  }
  if (status >= 500 || [408, 425, 429].includes(status)) {
    const trouble = new ServiceTroubleError(
      `The webhook ${id} answered with status ${status}${quoted}`,
    );
    throw Object.assign(trouble, {
      afterMs: 1000 * Number(headers.get('retry-after') ?? 0) || 0,
    });
  }
  throw new Error(
    `The webhook ${id} answered with status ${status}${quoted}; see modelDelivery.webhook.${id}.url and secret`,
  );
}

/** Waits ever longer; a person has to look when there were too many troubles in a row. */
async function backOff(
  { attempts, backOffMs }: WebhookConnection,
  notes: Notes,
  memory: OperationMemory,
  error: ServiceTroubleError & { afterMs?: number },
  now: Date,
): Promise<OperationStatus> {
  const troubles = notes.troubles + 1;
  if (troubles >= attempts) {
    // Whoever tries again afterwards starts with a new account
    await memory.note({ ...notes, troubles: 0, notBefore: 0 });
    throw new Error(`${error.message} (${troubles} times in a row)`);
  }
  const pauseMs = Math.min(
    LONGEST_BACK_OFF_MS,
    Math.max(backOffMs * 2 ** (troubles - 1), error.afterMs ?? 0),
  );
  await memory.note({ ...notes, troubles, notBefore: now.getTime() + pauseMs });
  return pending(error.message, pauseMs);
}

function pending(message: string, afterMs: number): OperationStatus {
  return {
    state: 'pending',
    message: message.slice(0, LONGEST_QUOTE),
    askAgainAfterSeconds: afterMs / 1000,
  };
}
