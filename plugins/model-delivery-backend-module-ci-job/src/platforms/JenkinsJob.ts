import { callService } from '@slipway/backstage-plugin-model-delivery-node';
import { z } from 'zod';
import { assertStatus, CiInputs, CiPlatform, CiRun } from './CiPlatform';

const actionsSchema = z.array(
  z
    .object({
      parameters: z
        .array(z.object({ name: z.string(), value: z.unknown() }))
        .optional(),
    })
    .nullable(),
);
const buildSchema = z.object({
  number: z.number(),
  url: z.string().optional(),
  building: z.boolean().nullish(),
  result: z.string().nullish(),
  actions: actionsSchema.optional(),
});
const buildsSchema = z.object({ builds: z.array(buildSchema) });
const queueSchema = z.object({
  items: z.array(
    z.object({
      id: z.number(),
      why: z.string().nullish(),
      actions: actionsSchema.optional(),
    }),
  ),
});

const queueItemSchema = z.object({
  why: z.string().nullish(),
  cancelled: z.boolean().nullish(),
  executable: z.object({ number: z.number() }).nullish(),
});

const BUILD_FIELDS =
  'number,url,building,result,actions[parameters[name,value]]';
const MOST_BUILDS = 100;

/** Where a job is. */
export interface JenkinsSettings {
  baseUrl: string;
  /** Names from the outermost folder to the job. */
  job: string[];
  username: string;
  token: string;
  timeoutMs: number;
}

/**
 * Parameterized jobs of Jenkins. A build first waits in the queue under another number, so it is found by the value of
 * its parameter `SLIPWAY_OPERATION`, in the queue and among the last hundred builds.
 */
export class JenkinsJob implements CiPlatform {
  readonly name = 'Jenkins';

  constructor(private readonly settings: JenkinsSettings) {}

  async trigger(inputs: CiInputs): Promise<void> {
    const answer = await this.#call(
      `${this.#job}/buildWithParameters`,
      new URLSearchParams({ ...inputs }),
    );
    assertStatus(this.name, 'build the job', answer, [201]);
  }

  async find(mark: string): Promise<CiRun | undefined> {
    // The queue first: a build that leaves it meanwhile is then among the builds
    const queue = await this.#read(
      '/queue',
      'items[id,why,actions[parameters[name,value]]]',
    );
    assertStatus(this.name, 'show its queue', queue, [200]);
    const builds = await this.#read(
      this.#job,
      `builds[${BUILD_FIELDS}]{0,${MOST_BUILDS}}`,
    );
    assertStatus(this.name, 'list its builds', builds, [200]);
    const build = buildsSchema
      .parse(builds.json)
      .builds.find(({ actions }) => isMarked(actions, mark));
    if (build) {
      return toRun(build);
    }
    const item = queueSchema
      .parse(queue.json)
      .items.find(({ actions }) => isMarked(actions, mark));
    return (
      item && {
        id: `queue:${item.id}`,
        state: 'waiting',
        word: 'queued',
      }
    );
  }

  async look(id: string): Promise<CiRun | undefined> {
    const [kind, item] = id.split(':');
    if (kind === 'queue') {
      return this.#lookInQueue(id, Number(item));
    }
    const answer = await this.#read(`${this.#job}/${Number(id)}`, BUILD_FIELDS);
    if (answer.status === 404) {
      return undefined;
    }
    assertStatus(this.name, `show the build ${id}`, answer, [200]);
    return toRun(buildSchema.parse(answer.json));
  }

  /** Jenkins remembers for five minutes what became of an item that left the queue. */
  async #lookInQueue(id: string, item: number): Promise<CiRun | undefined> {
    const answer = await this.#read(
      `/queue/item/${item}`,
      'why,cancelled,executable[number]',
    );
    if (answer.status === 404) {
      return undefined;
    }
    assertStatus(this.name, `show the queued build ${item}`, answer, [200]);
    const { cancelled, executable } = queueItemSchema.parse(answer.json);
    if (cancelled) {
      return { id, state: 'failed', word: 'cancelled in the queue' };
    }
    return executable
      ? this.look(String(executable.number))
      : { id, state: 'waiting', word: 'queued' };
  }

  async cancel(id: string): Promise<void> {
    const [kind, item] = id.split(':');
    const answer = await this.#call(
      kind === 'queue'
        ? `/queue/cancelItem?id=${Number(item)}`
        : `${this.#job}/${Number(id)}/stop`,
      new URLSearchParams(),
    );
    // Jenkins sends the browser back to a page; 404: it left the queue meanwhile
    assertStatus(this.name, `stop ${id}`, answer, [200, 204, 302, 404]);
  }

  get #job(): string {
    return this.settings.job
      .map(name => `/job/${encodeURIComponent(name)}`)
      .join('');
  }

  #read(path: string, tree: string) {
    return this.#call(`${path}/api/json?tree=${encodeURIComponent(tree)}`);
  }

  #call(path: string, form?: URLSearchParams) {
    const { baseUrl, username, token, timeoutMs } = this.settings;
    const pair = Buffer.from(`${username}:${token}`).toString('base64');
    return callService({
      service: this.name,
      url: `${baseUrl}${path}`,
      method: form ? 'POST' : 'GET',
      headers: {
        authorization: `Basic ${pair}`,
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form && { body: form.toString() }),
      timeoutMs,
      maxAnswerBytes: 8 * 1024 * 1024,
    });
  }
}

function isMarked(
  actions: z.infer<typeof actionsSchema> | undefined,
  mark: string,
): boolean {
  return (actions ?? []).some(action =>
    action?.parameters?.some(
      ({ name, value }) => name === 'SLIPWAY_OPERATION' && value === mark,
    ),
  );
}

function toRun({
  number,
  url,
  building,
  result,
}: z.infer<typeof buildSchema>): CiRun {
  const isOver = !building && typeof result === 'string';
  let state: CiRun['state'] = 'running';
  if (isOver) {
    state = result === 'SUCCESS' ? 'succeeded' : 'failed';
  }
  return {
    id: String(number),
    url,
    state,
    word: isOver ? result : 'building',
  };
}
