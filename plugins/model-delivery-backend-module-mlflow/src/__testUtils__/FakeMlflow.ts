import { http, HttpResponse, HttpHandler } from 'msw';

interface StoredVersion {
  name: string;
  version: string;
  creation_timestamp: number;
  last_updated_timestamp: number;
  run_id?: string;
  source?: string;
  tags?: { key: string; value: string }[];
}

/** What an MLflow 3 server answers, as far as a registry is read; pages by offset as it does. */
export class FakeMlflow {
  readonly baseUrl = 'http://mlflow.test/base';
  readonly versions: StoredVersion[] = [];
  readonly aliases = new Map<string, Record<string, string>>();
  readonly runs = new Map<string, object>();
  /** Values of metrics, by `RUN METRIC`. */
  readonly histories = new Map<string, number[]>();
  /** Runs that ended, by when they did; the details are among `runs`. */
  readonly ended = new Map<string, number>();
  /** Logged models by id; one that is a function answers so instead. */
  readonly loggedModels = new Map<string, object | (() => Response)>();
  /** Traces by logged model; left out by a server that cannot count them. */
  traces?: Record<string, number>;
  /** Paths that were asked for, without the common part. */
  requests: string[] = [];
  authorizations = new Set<string | null>();
  /** Answers instead of the usual, as long as it is there. */
  trouble?: () => Response;
  /** Answers of single paths instead of the usual. */
  readonly refused = new Map<string, () => Response>();
  /** Answers instead of the usual, once for each. */
  readonly failures: (() => Response)[] = [];

  add(
    name: string,
    version: string,
    at: number,
    more: Partial<StoredVersion> = {},
  ) {
    this.versions.push({
      name,
      version,
      creation_timestamp: at,
      last_updated_timestamp: at,
      ...more,
    });
  }

  /** Changes a version at a time. */
  touch(name: string, version: string, at: number) {
    this.versions
      .filter(item => item.name === name && item.version === version)
      .forEach(item => {
        item.last_updated_timestamp = at;
      });
  }

  /** Deletes a version. */
  remove(name: string, version: string) {
    const at = this.versions.findIndex(
      each => each.name === name && each.version === version,
    );
    this.versions.splice(at, 1);
  }

  /** Moves an alias, unless there is no such version. */
  moveAlias(model: string, alias: string, version: string): boolean {
    const isThere = this.versions.some(
      each => each.name === model && each.version === version,
    );
    if (isThere) {
      this.aliases.set(model, { ...this.aliases.get(model), [alias]: version });
    }
    return isThere;
  }

  get handlers(): HttpHandler[] {
    return [
      http.get(`${this.baseUrl}/api/2.0/mlflow/:kind/:verb`, ({ request }) => {
        const url = new URL(request.url);
        const path = url.pathname.split('/mlflow/')[1];
        this.requests.push(path);
        this.authorizations.add(request.headers.get('authorization'));
        const failure = this.trouble ?? this.failures.shift();
        return failure ? failure() : this.#answer(path, url.searchParams);
      }),
      http.post(
        `${this.baseUrl}/api/:version/mlflow/:kind/:verb`,
        async ({ request }) => {
          const path = new URL(request.url).pathname.split('/mlflow/')[1];
          this.requests.push(path);
          const failure =
            this.trouble ?? this.refused.get(path) ?? this.failures.shift();
          return failure
            ? failure()
            : this.#answerPost(path, (await request.json()) as never);
        },
      ),
    ];
  }

  #answer(path: string, query: URLSearchParams): Response {
    switch (path) {
      case 'model-versions/search':
        return this.#page('model_versions', this.#ordered(query), query);
      case 'registered-models/search':
        return this.#page(
          'registered_models',
          [...new Set(this.versions.map(({ name }) => name))]
            .sort()
            .map(name => this.#model(name)),
          query,
        );
      case 'registered-models/get':
        return this.versions.some(({ name }) => name === query.get('name'))
          ? HttpResponse.json({
              registered_model: this.#model(query.get('name')!),
            })
          : absent();
      case 'model-versions/get': {
        const found = this.versions.find(
          ({ name, version }) =>
            name === query.get('name') && version === query.get('version'),
        );
        return found ? HttpResponse.json({ model_version: found }) : absent();
      }
      case 'runs/get': {
        const run = this.runs.get(query.get('run_id')!);
        return run ? HttpResponse.json({ run }) : absent();
      }
      case 'metrics/get-history':
        return HttpResponse.json({
          metrics: (
            this.histories.get(
              `${query.get('run_id')} ${query.get('metric_key')}`,
            ) ?? []
          ).map((value, step) => ({ value, step, timestamp: step })),
        });
      case 'experiments/search':
        return HttpResponse.json({
          experiments: [{ experiment_id: '1' }, { experiment_id: '2' }],
        });
      default:
        return path.startsWith('logged-models/')
          ? this.#loggedModel(path.slice('logged-models/'.length))
          : new HttpResponse('Not Found', { status: 404 });
    }
  }

  #answerPost(
    path: string,
    body: {
      name: string;
      alias: string;
      version: string;
      filter: string;
      experiment_ids: string[];
      filters: string[];
      order_by: string[];
    },
  ): Response {
    switch (path) {
      case 'registered-models/alias':
        return this.moveAlias(body.name, body.alias, body.version)
          ? HttpResponse.json({})
          : absent();
      case 'runs/search':
        return HttpResponse.json({
          runs: body.filter.startsWith('attributes.run_id IN')
            ? this.#runsIn(body.experiment_ids, body.filter)
            : [...this.ended]
                .filter(([, end]) => end > Number(body.filter.split('> ')[1]))
                .sort(([, a], [, b]) =>
                  body.order_by[0].endsWith('DESC') ? b - a : a - b,
                )
                .map(([run_id, end_time]) => ({ info: { run_id, end_time } })),
        });
      case 'logged-models/search': {
        const found = body.filter
          .match(/m-\w+/g)!
          .flatMap(id => this.loggedModels.get(id) ?? []);
        const broken = found.find(each => typeof each === 'function');
        return broken
          ? (broken as () => Response)()
          : HttpResponse.json({ models: found });
      }
      case 'traces/metrics': {
        const [, id] = /= '(.*)'/.exec(body.filters[0])!;
        return this.traces
          ? HttpResponse.json({
              data_points: [{ values: { COUNT: this.traces[id] ?? 0 } }],
            })
          : new HttpResponse('Not Found', { status: 404 });
      }
      default:
        return new HttpResponse('Not Found', { status: 404 });
    }
  }

  #runsIn(experiments: string[], filter: string): object[] {
    const wanted = [...filter.matchAll(/'(.*?)'/g)].map(([, id]) => id);
    return wanted.flatMap(id => {
      const run = this.runs.get(id) as
        | { info: { experiment_id?: string } }
        | undefined;
      return run && experiments.includes(run.info.experiment_id ?? '')
        ? [run]
        : [];
    });
  }

  #loggedModel(id: string): Response {
    const model = this.loggedModels.get(id);
    if (typeof model === 'function') {
      return (model as () => Response)();
    }
    return model ? HttpResponse.json({ model }) : absent();
  }

  #model(name: string) {
    return {
      name,
      aliases: Object.entries(this.aliases.get(name) ?? {}).map(
        ([alias, version]) => ({ alias, version }),
      ),
    };
  }

  #ordered(query: URLSearchParams): StoredVersion[] {
    const [first] = query.getAll('order_by');
    const [key, direction] = first.split(' ') as [
      'creation_timestamp' | 'last_updated_timestamp',
      string,
    ];
    const sign = direction === 'DESC' ? -1 : 1;
    return [...this.versions].sort(
      (a, b) =>
        sign * (a[key] - b[key]) ||
        a.name.localeCompare(b.name) ||
        Number(a.version) - Number(b.version),
    );
  }

  #page(field: string, items: object[], query: URLSearchParams) {
    const offset = Number(query.get('page_token') ?? 0);
    const end = offset + Number(query.get('max_results'));
    return HttpResponse.json({
      [field]: items.slice(offset, end),
      ...(end < items.length && { next_page_token: String(end) }),
    });
  }
}

function absent(): Response {
  return HttpResponse.json(
    { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'not found' },
    { status: 404 },
  );
}
