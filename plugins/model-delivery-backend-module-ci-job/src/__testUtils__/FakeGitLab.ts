import { FakeAnswer, FakeCi, FakeRequest, FakeRun } from './FakeCi';

const PROJECT = '/api/v4/projects/acme%2Fchurn';
const WORDS: Record<string, string> = {
  queued: 'pending',
  cancelled: 'canceled',
};

/** As much of GitLab's REST API for pipelines as a trigger needs, by its published description. */
export class FakeGitLab extends FakeCi {
  protected answer({ method, url, headers, form }: FakeRequest): FakeAnswer {
    if (method === 'POST' && url.pathname === `${PROJECT}/trigger/pipeline`) {
      if (headers['content-type'] !== 'application/x-www-form-urlencoded') {
        return [415, { error: 'The provided content-type is not supported.' }];
      }
      if (form.token !== 'glptt-token') {
        return [404, { message: '404 Not Found' }];
      }
      if (form.ref !== 'main') {
        return [400, { message: { base: ['Reference not found'] } }];
      }
      const inputs = Object.fromEntries(
        Object.entries(form).flatMap(([key, value]) => {
          const name = key.match(/^variables\[(\w+)\]$/)?.[1];
          return name ? [[name, value]] : [];
        }),
      );
      return [201, toJson(this.begin(inputs))];
    }
    if (headers['private-token'] !== 'glpat-token') {
      return [401, { message: '401 Unauthorized' }];
    }
    if (method === 'GET' && url.pathname === `${PROJECT}/pipelines`) {
      const { searchParams } = url;
      if (!(Number(searchParams.get('per_page')) <= 100)) {
        return [400, { error: 'per_page does not have a valid value' }];
      }
      const since = new Date(searchParams.get('updated_after')!);
      const found = this.runs
        .map(toJson)
        .filter(
          run =>
            run.name === searchParams.get('name') &&
            run.source === searchParams.get('source') &&
            new Date(run.updated_at) >= since,
        );
      return [200, found];
    }
    const [, id, action] =
      url.pathname.match(/\/pipelines\/(\d+)(\/cancel)?$/) ?? [];
    const run =
      method === 'POST' && action
        ? this.cancel(Number(id))
        : this.look(Number(id));
    return run ? [200, toJson(run)] : [404, { message: '404 Not Found' }];
  }
}

function toJson({ id, inputs, state, createdAt }: FakeRun) {
  return {
    id,
    iid: id - 999,
    project_id: 7,
    name: inputs.SLIPWAY_OPERATION,
    status: WORDS[state] ?? state,
    source: 'trigger',
    ref: 'main',
    created_at: createdAt.toISOString(),
    updated_at: createdAt.toISOString(),
    web_url: `https://gitlab.com/acme/churn/-/pipelines/${id}`,
  };
}
