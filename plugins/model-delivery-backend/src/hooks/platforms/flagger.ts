import { InputError, NotAllowedError } from '@backstage/errors';
import { z } from 'zod';
import { FlaggerConnection } from '../hookConfig';
import { Answer, Question } from '../questions';

/** The hooks of Flagger that are answered. */
export const FLAGGER_HOOKS = [
  'confirm-rollout',
  'confirm-promotion',
  'rollback',
] as const;
export type FlaggerHook = (typeof FLAGGER_HOOKS)[number];

const text = z.string().min(1).max(253);

/**
 * What Flagger posts to a hook: `CanaryWebhookPayload` of flagger.app/v1beta1. Its `metadata` is what whoever wrote the
 * Canary put there.
 */
const payloadSchema = z.object({
  name: text,
  namespace: text,
  phase: z.string().max(100).optional(),
  checksum: z.string().max(200).optional(),
  metadata: z.record(z.string(), z.string().max(1_000)).optional(),
});

const EXPECTED =
  'the metadata of the webhook name it: `model` (such as model:default/churn), `environment` (as in the policy), and `version`, `digest` or both';

/**
 * What a hook of Flagger asks.
 * @throws InputError naming what its metadata lack; NotAllowedError for a model or environment that is not this Flagger's
 */
export function readFlaggerQuestion(
  connection: FlaggerConnection,
  hook: FlaggerHook,
  body: unknown,
): Question {
  const parsed = payloadSchema.safeParse(body);
  if (!parsed.success) {
    throw new InputError(
      `The body is not what Flagger posts to a webhook: ${parsed.error.issues
        .map(issue => `${issue.path.join('.') || 'body'}: ${issue.message}`)
        .join('; ')}`,
    );
  }
  const { name, namespace, metadata = {} } = parsed.data;
  const canary = `${namespace}/${name}`;
  const { version, digest } = metadata;
  const model = metadata.model?.toLocaleLowerCase('en-US');
  const environment = metadata.environment;
  if (!model || !environment || !(version || digest)) {
    const missing = [
      ...(model ? [] : ['model']),
      ...(environment ? [] : ['environment']),
      ...(version || digest ? [] : ['version or digest']),
    ];
    throw new InputError(
      `The canary ${canary} does not say which release it is: ${missing.join(
        ', ',
      )} missing. Let ${EXPECTED}`,
    );
  }
  if (!/^model:[^/:]+\/[^/:]+$/.test(model)) {
    throw new InputError(
      `The canary ${canary} says model "${model}". Let ${EXPECTED}`,
    );
  }
  if (
    (connection.models && !connection.models.includes(model)) ||
    (connection.environments && !connection.environments.includes(environment))
  ) {
    throw new NotAllowedError(
      `The Flagger ${connection.name} may not ask about ${model} in ${environment}; modelDelivery.releaseHooks.flagger.${connection.name} says what it may`,
    );
  }
  return {
    platform: 'flagger',
    connection: connection.name,
    key: JSON.stringify([hook, canary, model, environment, version, digest]),
    model,
    environment,
    named: { version, digest },
    about: `${hook} of the canary ${canary}`,
  };
}

/**
 * Whether Flagger hears yes, which is status 200 to it: to go on, or, from the hook `rollback`, to roll back. What waits
 * neither goes on nor back.
 */
export function isYes(hook: FlaggerHook, answer: Answer): boolean {
  return answer.verdict === (hook === 'rollback' ? 'refused' : 'allowed');
}
