import { callService } from '@slipway/backstage-plugin-model-delivery-node';
import { z } from 'zod';
import {
  assertStatus,
  CiInputs,
  CiPlatform,
  CiRun,
  withMargin,
} from './CiPlatform';

const pipelineSchema = z.object({
  id: z.number(),
  name: z.string().nullish(),
  status: z.string(),
  web_url: z.string().optional(),
});

const FAILED = ['failed', 'canceled', 'skipped'];
const RUNNING = ['running', 'canceling'];

/** Where a pipeline is. */
export interface GitLabSettings {
  baseUrl: string;
  project: string;
  ref: string;
  triggerToken: string;
  token: string;
  timeoutMs: number;
}

/**
 * Pipelines of GitLab CI. The answer to a trigger may get lost, so the pipeline is found by its name: `.gitlab-ci.yml`
 * has to say `workflow: name: '$SLIPWAY_OPERATION'`.
 */
export class GitLabPipelines implements CiPlatform {
  readonly name = 'GitLab';

  constructor(private readonly settings: GitLabSettings) {}

  async trigger(inputs: CiInputs): Promise<void> {
    const { ref, triggerToken } = this.settings;
    const form = new URLSearchParams({ token: triggerToken, ref });
    for (const [name, value] of Object.entries(inputs)) {
      form.set(`variables[${name}]`, value);
    }
    const answer = await this.#call('/trigger/pipeline', 'POST', form);
    assertStatus(this.name, `run a pipeline on ${ref}`, answer, [201]);
  }

  async find(mark: string, since: Date): Promise<CiRun | undefined> {
    const query = new URLSearchParams({
      source: 'trigger',
      name: mark,
      per_page: '100',
      updated_after: withMargin(since).toISOString(),
    });
    const answer = await this.#call(`/pipelines?${query}`);
    assertStatus(this.name, 'list its pipelines', answer, [200]);
    const found = z
      .array(pipelineSchema)
      .parse(answer.json)
      // An older GitLab may not know the filter, and list them all
      .find(({ name }) => name?.includes(mark));
    return found && toRun(found);
  }

  async look(id: string): Promise<CiRun | undefined> {
    const answer = await this.#call(`/pipelines/${Number(id)}`);
    if (answer.status === 404) {
      return undefined;
    }
    assertStatus(this.name, `show the pipeline ${id}`, answer, [200]);
    return toRun(pipelineSchema.parse(answer.json));
  }

  async cancel(id: string): Promise<void> {
    const answer = await this.#call(`/pipelines/${Number(id)}/cancel`, 'POST');
    assertStatus(this.name, `cancel the pipeline ${id}`, answer, [200]);
  }

  #call(path: string, method: 'GET' | 'POST' = 'GET', form?: URLSearchParams) {
    const { baseUrl, project, token, timeoutMs } = this.settings;
    return callService({
      service: this.name,
      url: `${baseUrl}/api/v4/projects/${encodeURIComponent(project)}${path}`,
      method,
      headers: form
        ? { 'content-type': 'application/x-www-form-urlencoded' }
        : { 'private-token': token },
      ...(form && { body: form.toString() }),
      timeoutMs,
    });
  }
}

function toRun({
  id,
  status,
  web_url: url,
}: z.infer<typeof pipelineSchema>): CiRun {
  let state: CiRun['state'] = RUNNING.includes(status) ? 'running' : 'waiting';
  if (status === 'success') {
    state = 'succeeded';
  } else if (FAILED.includes(status)) {
    state = 'failed';
  }
  return { id: String(id), url, state, word: status };
}
