import { callService } from '@slipway/backstage-plugin-model-delivery-node';
import { GitLabConnection } from '../hookConfig';
import { GitLabReply } from '../questions';
import { judgeStatus, Platform } from './Platform';

const STATUS = { allowed: 'passed', waiting: 'pending', refused: 'failed' };

/** Sets the status of an external check by "Set status of an external status check" of GitLab's REST API. */
export function answerGitLab(options: {
  connection: GitLabConnection;
  reply: GitLabReply;
  timeoutMs: number;
}): Platform {
  const { connection, reply, timeoutMs } = options;
  const service = `GitLab (${connection.name})`;
  return {
    // It takes no words, so once says it all
    canTellWaiting: toldTimes => toldTimes === 0,
    async tell(answer) {
      const response = await callService({
        service,
        url: `${connection.baseUrl}/api/v4/projects/${reply.projectId}/merge_requests/${reply.mergeRequest}/status_check_responses`,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'private-token': connection.token,
        },
        body: JSON.stringify({
          sha: reply.sha,
          external_status_check_id: reply.checkId,
          status: STATUS[answer.verdict],
        }),
        timeoutMs,
      });
      return judgeStatus(service, response);
    },
  };
}
