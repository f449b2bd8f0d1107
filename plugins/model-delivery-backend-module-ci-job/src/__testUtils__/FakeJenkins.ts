import { FakeAnswer, FakeCi, FakeRequest, FakeRun } from './FakeCi';

const JOB = '/ci/job/models/job/deploy%20churn';
const LOGIN = `Basic ${Buffer.from('slipway:jenkins-token').toString(
  'base64',
)}`;

/** Items of the queue and builds are numbered apart. */
const FIRST_ITEM = 900;

/** As much of Jenkins's remote access API as a parameterized build needs, by its documentation. */
export class FakeJenkins extends FakeCi {
  protected answer({ method, url, headers, form }: FakeRequest): FakeAnswer {
    if (headers.authorization !== LOGIN) {
      return [401];
    }
    const queued = this.runs.filter(({ state }) => state === 'queued');
    const built = this.runs.filter(
      // What is cancelled in the queue never becomes a build
      ({ state, id }) => state !== 'queued' && !this.#removed.has(id),
    );
    if (method === 'POST' && url.pathname === `${JOB}/buildWithParameters`) {
      if (headers['content-type'] !== 'application/x-www-form-urlencoded') {
        return [400];
      }
      this.begin(form);
      return [201];
    }
    const [, path] = url.pathname.match(/^(.*)\/api\/json$/) ?? [];
    if (path !== undefined && !isTree(url.searchParams.get('tree') ?? '')) {
      return [400];
    }
    if (path === '/ci/queue') {
      return [
        200,
        {
          _class: 'hudson.model.Queue',
          items: queued.map(run => ({
            _class: 'hudson.model.Queue$BuildableItem',
            id: run.id,
            why: 'Waiting for next available executor',
            actions: actionsOf(run),
          })),
        },
      ];
    }
    const [, item] = path?.match(/^\/ci\/queue\/item\/(\d+)$/) ?? [];
    if (item) {
      const run = this.forgetsItems ? undefined : this.look(Number(item));
      return run ? [200, this.#toItem(run)] : [404];
    }
    if (path === JOB) {
      return [200, { builds: built.map(toJson) }];
    }
    if (method === 'POST' && url.pathname === '/ci/queue/cancelItem') {
      return this.takeOut(Number(url.searchParams.get('id'))) ? [204] : [404];
    }
    const [, number, action] =
      url.pathname.slice(JOB.length).match(/^\/(\d+)\/(stop|api\/json)$/) ?? [];
    const id = Number(number) + FIRST_ITEM;
    const run =
      action === 'stop' && method === 'POST' ? this.cancel(id) : this.look(id);
    return run ? [200, toJson(run)] : [404];
  }

  /** Five minutes have passed since an item left the queue. */
  forgetsItems = false;

  /** Somebody takes a build out of the queue. */
  takeOut(id: number): boolean {
    this.#removed.add(id);
    return this.cancel(id) !== undefined;
  }

  #toItem(run: FakeRun) {
    const isQueued = run.state === 'queued';
    const cancelled = this.#removed.has(run.id);
    return {
      _class: isQueued
        ? 'hudson.model.Queue$BuildableItem'
        : 'hudson.model.Queue$LeftItem',
      id: run.id,
      why: isQueued ? 'Waiting for next available executor' : null,
      ...(!isQueued && {
        cancelled,
        executable: cancelled ? null : { number: run.id - FIRST_ITEM },
      }),
    };
  }

  readonly #removed = new Set<number>();
}

/** Whether a text can be the parameter `tree`: names with their own in brackets, ranges after lists. */
function isTree(text: string): boolean {
  const count = (bracket: string) => text.split(bracket).length;
  return /^\w[\w,[\]{}]*$/.test(text) && count('[') === count(']');
}

function actionsOf({ inputs }: FakeRun) {
  const parameters = Object.entries(inputs).map(([name, value]) => ({
    _class: 'hudson.model.StringParameterValue',
    name,
    value,
  }));
  return [{ _class: 'hudson.model.ParametersAction', parameters }, {}, null];
}

function toJson(run: FakeRun) {
  const isOver = ['success', 'failed', 'cancelled'].includes(run.state);
  const results: Record<string, string> = {
    success: 'SUCCESS',
    failed: 'FAILURE',
    cancelled: 'ABORTED',
  };
  return {
    _class: 'org.jenkinsci.plugins.workflow.job.WorkflowRun',
    number: run.id - FIRST_ITEM,
    url: `https://jenkins.example.com/job/deploy/${run.id - FIRST_ITEM}/`,
    building: !isOver,
    result: isOver ? results[run.state] : null,
    actions: actionsOf(run),
  };
}
