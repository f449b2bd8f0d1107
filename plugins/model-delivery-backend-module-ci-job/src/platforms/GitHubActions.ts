import { callService } from '@slipway/backstage-plugin-model-delivery-node';
import { z } from 'zod';
import {
  assertStatus,
  CiInputs,
  CiPlatform,
  CiRun,
  withMargin,
} from './CiPlatform';

const runSchema = z.object({
  id: z.number(),
  display_title: z.string().nullish(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  html_url: z.string().optional(),
});
const runsSchema = z.object({ workflow_runs: z.array(runSchema) });

const RUNS_PER_PAGE = 100;

/** Where a workflow is. */
export interface GitHubSettings {
  apiBaseUrl: string;
  repository: string;
  workflow: string;
  ref: string;
  token: string;
  timeoutMs: number;
}

/**
 * Workflows of GitHub Actions. A dispatch is not answered with the run that it makes, so the run is found by its name:
 * the workflow has to put the input `SLIPWAY_OPERATION` into `run-name`.
 */
export class GitHubActions implements CiPlatform {
  readonly name = 'GitHub';

  constructor(private readonly settings: GitHubSettings) {}

  async trigger(inputs: CiInputs): Promise<void> {
    const { ref, workflow } = this.settings;
    const answer = await this.#call(
      `/actions/workflows/${encodeURIComponent(workflow)}/dispatches`,
      'POST',
      { ref, inputs },
    );
    assertStatus(this.name, `run ${workflow}`, answer, [200, 201, 204]);
  }

  async find(mark: string, since: Date): Promise<CiRun | undefined> {
    const { workflow } = this.settings;
    const query = new URLSearchParams({
      event: 'workflow_dispatch',
      created: `>=${withMargin(since).toISOString()}`,
      per_page: String(RUNS_PER_PAGE),
    });
    const answer = await this.#call(
      `/actions/workflows/${encodeURIComponent(workflow)}/runs?${query}`,
    );
    assertStatus(this.name, 'list its runs', answer, [200]);
    const run = runsSchema
      .parse(answer.json)
      .workflow_runs.find(each => each.display_title?.includes(mark));
    return run && toRun(run);
  }

  async look(id: string): Promise<CiRun | undefined> {
    const answer = await this.#call(`/actions/runs/${Number(id)}`);
    if (answer.status === 404) {
      return undefined;
    }
    assertStatus(this.name, `show the run ${id}`, answer, [200]);
    return toRun(runSchema.parse(answer.json));
  }

  async cancel(id: string): Promise<void> {
    const answer = await this.#call(
      `/actions/runs/${Number(id)}/cancel`,
      'POST',
    );
    // 409: it is over already
    assertStatus(this.name, `cancel the run ${id}`, answer, [202, 409]);
  }

  #call(path: string, method: 'GET' | 'POST' = 'GET', body?: object) {
    const { apiBaseUrl, repository, token, timeoutMs } = this.settings;
    return callService({
      service: this.name,
      url: `${apiBaseUrl}/repos/${repository}${path}`,
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'x-github-api-version': '2022-11-28',
        'user-agent': 'slipway',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      timeoutMs,
      // A hundred runs come with a lot about their repository each
      maxAnswerBytes: 8 * 1024 * 1024,
    });
  }
}

function toRun(run: z.infer<typeof runSchema>): CiRun {
  const isOver = run.status === 'completed';
  const word = (isOver ? run.conclusion : run.status) ?? 'unknown';
  let state: CiRun['state'] =
    run.status === 'in_progress' ? 'running' : 'waiting';
  if (isOver) {
    state = word === 'success' ? 'succeeded' : 'failed';
  }
  return { id: String(run.id), url: run.html_url, state, word };
}
