import { callService } from '@slipway/backstage-plugin-model-delivery-node';
import { createSign } from 'node:crypto';
import { GitHubConnection } from '../hookConfig';
import { Answer, GitHubReply, toComment } from '../questions';
import { judgeStatus, Platform, Taken } from './Platform';

/** GitHub takes so many reports on one rule before it is approved or rejected. */
const MOST_REPORTS = 10;
const HEADERS = {
  accept: 'application/vnd.github+json',
  'content-type': 'application/json',
  'user-agent': 'slipway',
  'x-github-api-version': '2022-11-28',
};

/**
 * Approves and rejects deployments by "Review custom deployment protection rules for a workflow run" of GitHub's REST
 * API, as the GitHub App that the rule belongs to.
 */
export function answerGitHub(options: {
  connection: GitHubConnection;
  reply: GitHubReply;
  timeoutMs: number;
  now: () => Date;
}): Platform {
  const { connection, reply, timeoutMs, now } = options;
  const service = `GitHub (${connection.name})`;
  const post = (path: string, token: string, body: object) =>
    callService({
      service,
      url: `${connection.apiBaseUrl}${path}`,
      method: 'POST',
      headers: { ...HEADERS, authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      timeoutMs,
    });

  /** A token of the app for this repository, with nothing but what the answer needs. */
  const installationToken = async (): Promise<string> => {
    const answer = await post(
      `/app/installations/${reply.installationId}/access_tokens`,
      appToken(connection, now()),
      {
        repositories: [reply.repository.split('/')[1]],
        permissions: { deployments: 'write' },
      },
    );
    const token = (answer.json as { token?: unknown } | undefined)?.token;
    if (answer.status !== 201 || typeof token !== 'string') {
      throw new Error(
        `${service} gives the app no token: ${answer.status} ${
          answer.status === 201 ? '' : answer.text.slice(0, 300)
        }`,
      );
    }
    return token;
  };

  return {
    // One report is kept for the last word
    canTellWaiting: toldTimes => toldTimes < MOST_REPORTS - 1,
    async tell(answer: Answer, isRepeated: boolean): Promise<Taken> {
      const response = await post(
        `/repos/${reply.repository}/actions/runs/${reply.runId}/deployment_protection_rule`,
        await installationToken(),
        {
          environment_name: reply.githubEnvironment,
          comment: toComment(answer),
          ...(answer.verdict !== 'waiting' && {
            state: answer.verdict === 'allowed' ? 'approved' : 'rejected',
          }),
        },
      );
      // What it took without our hearing of it cannot be decided once more
      return isRepeated && response.status === 422
        ? { state: 'taken' }
        : judgeStatus(service, response);
    },
  };
}

/** A JSON Web Token as a GitHub App signs it: RS256, valid for ten minutes at most, begun a minute ago for other clocks. */
function appToken(connection: GitHubConnection, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const part = (value: object) =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({
    iat: seconds - 60,
    exp: seconds + 540,
    iss: connection.appId,
  })}`;
  const signature = createSign('RSA-SHA256')
    .update(signed)
    .sign(connection.privateKey, 'base64url');
  return `${signed}.${signature}`;
}
