import { InputError, NotAllowedError } from '@backstage/errors';
import { z } from 'zod';
import { GitLabConnection } from '../hookConfig';
import { GitLabReply, Question } from '../questions';

const id = z.number().int().positive();

/** What is read of the payload that GitLab sends to an external status check: see its "External status checks API". */
const payloadSchema = z.object({
  object_kind: z.literal('merge_request'),
  project: z.object({ id, path_with_namespace: z.string().max(1_000) }),
  object_attributes: z.object({
    iid: id,
    target_branch: z.string().max(1_000),
    source_branch: z.string().max(1_000),
    last_commit: z.object({ id: z.string().regex(/^[0-9a-f]{40,64}$/) }),
  }),
  external_approval_rule: z.object({ id }),
});

/**
 * What an external status check asks: whether the version that was built from the merge request's last commit may go on.
 * @throws InputError for another payload; NotAllowedError for a project and branch that the configuration does not name
 */
export function readGitLabQuestion(
  connection: GitLabConnection,
  body: unknown,
): Question {
  const parsed = payloadSchema.safeParse(body);
  if (!parsed.success) {
    throw new InputError(
      `The body is not what GitLab sends to an external status check: ${parsed.error.issues
        .map(issue => `${issue.path.join('.') || 'body'}: ${issue.message}`)
        .join('; ')}`,
    );
  }
  const { project, object_attributes: request } = parsed.data;
  const name = project.path_with_namespace.toLocaleLowerCase('en-US');
  const mapped = connection.checks.find(
    each =>
      each.project === name &&
      (!each.targetBranch || each.targetBranch === request.target_branch),
  );
  if (!mapped) {
    throw new NotAllowedError(
      `Nothing says which model ${project.path_with_namespace} builds for "${request.target_branch}"; name it in modelDelivery.releaseHooks.gitlab.${connection.name}.checks by project, targetBranch, model and environment`,
    );
  }
  const reply: GitLabReply = {
    projectId: project.id,
    mergeRequest: request.iid,
    sha: request.last_commit.id,
    checkId: parsed.data.external_approval_rule.id,
  };
  return {
    platform: 'gitlab',
    connection: connection.name,
    key: JSON.stringify([
      reply.projectId,
      reply.mergeRequest,
      reply.sha,
      reply.checkId,
    ]),
    model: mapped.model,
    environment: mapped.environment,
    named: { commit: reply.sha, hint: request.source_branch },
    about: `merge request ${project.path_with_namespace}!${
      request.iid
    }, commit ${reply.sha.slice(0, 7)}`,
    reply,
  };
}
