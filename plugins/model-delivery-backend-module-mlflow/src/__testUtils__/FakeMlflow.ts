import { http, HttpResponse, HttpHandler } from 'msw';

interface StoredVersion {
  name: string;
  version: string;
  creation_timestamp: number;
  last_updated_timestamp: number;
  run_id?: string;
  tags?: { key: string; value: string }[];
}

/** What an MLflow 3 server answers, as far as a registry is read; pages by offset as it does. */
export class FakeMlflow {
  readonly baseUrl = 'http://mlflow.test/base';
  readonly versions: StoredVersion[] = [];
  readonly aliases = new Map<string, Record<string, string>>();
  readonly runs = new Map<string, object>();
  /** Paths that were asked for, without the common part. */
  requests: string[] = [];
  authorizations = new Set<string | null>();
  /** Answers instead of the usual, as long as it is there. */
  trouble?: () => Response;
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
        `${this.baseUrl}/api/2.0/mlflow/registered-models/alias`,
        async ({ request }) => {
          const { name, alias, version } = (await request.json()) as Record<
            string,
            string
          >;
          return this.moveAlias(name, alias, version)
            ? HttpResponse.json({})
            : absent();
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
      default:
        return new HttpResponse('Not Found', { status: 404 });
    }
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
