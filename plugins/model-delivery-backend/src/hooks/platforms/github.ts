import { InputError, NotAllowedError } from '@backstage/errors';
import { z } from 'zod';
import { GitHubConnection } from '../hookConfig';
import { GitHubReply, Question } from '../questions';

const sha = z.string().regex(/^[0-9a-f]{40,64}$/);

/**
 * What is read of the webhook `deployment_protection_rule` with the action `requested`: see GitHub's "Webhook events and
 * payloads". `deployment.payload` is what whoever made the deployment put there.
 */
const payloadSchema = z.object({
  action: z.literal('requested'),
  environment: z.string().min(1).max(255),
  deployment_callback_url: z.string().max(2_000),
  deployment: z.object({
    id: z.number().int(),
    sha,
    ref: z.string().max(1_000),
    payload: z.unknown(),
  }),
  repository: z.object({ full_name: z.string().max(300) }),
  installation: z.object({ id: z.number().int() }),
});

const namesSchema = z.object({
  slipway: z.object({
    version: z.string().max(200).optional(),
    digest: z.string().max(71).optional(),
  }),
});

/**
 * What a deployment protection rule asks: whether the version that was built from the deployed commit may go on.
 * @throws InputError for another payload, or a callback that is not of this GitHub and repository; NotAllowedError for a
 * repository and environment that the configuration does not name
 */
export function readGitHubQuestion(
  connection: GitHubConnection,
  body: unknown,
): Question {
  const parsed = payloadSchema.safeParse(body);
  if (!parsed.success) {
    throw new InputError(
      `The body is not a deployment_protection_rule of GitHub: ${parsed.error.issues
        .map(issue => `${issue.path.join('.') || 'body'}: ${issue.message}`)
        .join('; ')}`,
    );
  }
  const { deployment, environment, installation, repository } = parsed.data;
  const name = repository.full_name.toLocaleLowerCase('en-US');
  const mapped = connection.deployments.find(
    each => each.repository === name && each.githubEnvironment === environment,
  );
  if (!mapped) {
    throw new NotAllowedError(
      `Nothing says which model ${repository.full_name} deploys to "${environment}"; name it in modelDelivery.releaseHooks.github.${connection.name}.deployments by repository, githubEnvironment, model and environment`,
    );
  }
  const runId = runOf(
    connection,
    mapped.repository,
    parsed.data.deployment_callback_url,
  );
  const names = namesSchema.safeParse(readPayload(deployment.payload));
  const reply: GitHubReply = {
    repository: mapped.repository,
    runId,
    githubEnvironment: environment,
    installationId: installation.id,
  };
  return {
    platform: 'github',
    connection: connection.name,
    // A run that is started again deploys anew, and asks anew
    key: JSON.stringify([name, runId, environment, deployment.id]),
    model: mapped.model,
    environment: mapped.environment,
    named: {
      commit: deployment.sha,
      hint: deployment.ref.replace(/^refs\/(tags|heads)\//, ''),
      ...(names.success && names.data.slipway),
    },
    about: `run ${runId} of ${
      repository.full_name
    }, commit ${deployment.sha.slice(0, 7)}`,
    reply,
  };
}

/** The payload of a deployment, which may be JSON within a string. */
function readPayload(payload: unknown): unknown {
  try {
    return typeof payload === 'string' ? JSON.parse(payload) : payload;
  } catch {
    return undefined;
  }
}

/** The run that a callback is of. Only its number is taken from what was sent; the address is made anew. */
function runOf(
  connection: GitHubConnection,
  repository: string,
  callback: string,
): string {
  const start = `${connection.apiBaseUrl}/repos/${repository}/actions/runs/`;
  const rest = callback
    .toLocaleLowerCase('en-US')
    .startsWith(start.toLocaleLowerCase('en-US'))
    ? callback.slice(start.length)
    : '';
  const [, runId] = /^(\d{1,20})\/deployment_protection_rule$/.exec(rest) ?? [];
  if (!runId) {
    throw new InputError(
      `deployment_callback_url is not one of ${start}RUN/deployment_protection_rule`,
    );
  }
  return runId;
}
