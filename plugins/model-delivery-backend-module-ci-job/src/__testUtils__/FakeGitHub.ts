import { FakeAnswer, FakeCi, FakeRequest, FakeRun } from './FakeCi';

const RUNS = '/repos/acme/churn/actions/workflows/deploy.yml/runs';
const DISPATCHES = '/repos/acme/churn/actions/workflows/deploy.yml/dispatches';

const INPUTS = ['SLIPWAY_OPERATION', 'SLIPWAY_REQUEST'];

/** As much of GitHub's REST API for actions as a dispatch needs, by its published description. */
export class FakeGitHub extends FakeCi {
  /** Whether the workflow puts its mark into run-name. */
  isMarked = true;

  protected answer({ method, url, headers, json }: FakeRequest): FakeAnswer {
    if (headers.authorization !== 'Bearer gh-token' || !headers['user-agent']) {
      return [401, { message: 'Bad credentials' }];
    }
    if (
      headers.accept !== 'application/vnd.github+json' ||
      headers['x-github-api-version'] !== '2022-11-28'
    ) {
      return [400, { message: 'Unsupported version or media type' }];
    }
    if (method === 'POST' && url.pathname === DISPATCHES) {
      if (json.ref !== 'main' || Object.keys(json).join() !== 'ref,inputs') {
        return [422, { message: `No ref found for: ${json.ref}` }];
      }
      const unexpected = Object.entries(json.inputs).filter(
        ([name, value]) => !INPUTS.includes(name) || typeof value !== 'string',
      );
      if (unexpected.length > 0 || JSON.stringify(json.inputs).length > 65535) {
        return [422, { message: `Unexpected inputs provided: ${unexpected}` }];
      }
      this.begin(json.inputs);
      return [204];
    }
    if (method === 'GET' && url.pathname === RUNS) {
      const asked = Object.fromEntries(url.searchParams);
      const [, from] = asked.created.match(/^>=(\d{4}-\d\d-\d\dT.+)$/)!;
      const size = Number(asked.per_page);
      if (asked.event !== 'workflow_dispatch' || !(size > 0 && size <= 100)) {
        return [422, { message: 'Validation Failed' }];
      }
      const found = this.runs.filter(
        ({ createdAt }) => createdAt >= new Date(from),
      );
      return [
        200,
        {
          total_count: found.length,
          workflow_runs: found.map(run => this.#toJson(run)),
        },
      ];
    }
    const [, id, action] =
      url.pathname.match(
        /^\/repos\/acme\/churn\/actions\/runs\/(\d+)(\/cancel)?$/,
      ) ?? [];
    if (method === 'POST' && action) {
      return this.cancel(Number(id)) ? [202, {}] : [404, {}];
    }
    const run = method === 'GET' ? this.look(Number(id)) : undefined;
    return run ? [200, this.#toJson(run)] : [404, { message: 'Not Found' }];
  }

  #toJson({ id, inputs, state, createdAt }: FakeRun) {
    const isOver = !['queued', 'running'].includes(state);
    const running = state === 'running' ? 'in_progress' : 'queued';
    return {
      id,
      name: 'Deploy',
      display_title: this.isMarked
        ? `Deploy ${inputs.SLIPWAY_OPERATION}`
        : 'Deploy',
      event: 'workflow_dispatch',
      status: isOver ? 'completed' : running,
      conclusion: isOver ? state.replace('failed', 'failure') : null,
      created_at: createdAt.toISOString(),
      html_url: `https://github.com/acme/churn/actions/runs/${id}`,
    };
  }
}
