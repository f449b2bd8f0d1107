import {
  FakeAnswer,
  FakeRequest,
  FakeService,
} from '@slipway/backstage-plugin-model-delivery-node/testUtils';
import Ajv from 'ajv';
import { PUBLISHED } from './publishedSchemas';

const PARENT = '/v1/projects/acme-ml/locations/europe-west4/models';
const ALIAS = /^[a-z][a-zA-Z0-9-]{0,126}[a-z0-9]$/;

interface StoredVersion {
  versionId: string;
  versionAliases: string[];
  versionCreateTime: string;
  versionUpdateTime: string;
  [field: string]: unknown;
}

const ajv = new Ajv({
  formats: { 'google-datetime': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/ },
});
const validators = new Map(
  Object.entries(PUBLISHED).map(([method, schema]) => [
    method,
    ajv.compile(schema),
  ]),
);

/** Answers as Vertex AI does, as far as a registry is read; each answer is checked with the published schema. */
export class FakeVertex extends FakeService {
  readonly models = new Map<string, StoredVersion[]>();
  now = Date.parse('2026-11-01T00:00:00Z');

  /** The next version of a model; gives its id. */
  add(model: string, more: Record<string, unknown> = {}): string {
    const versions = this.models.get(model) ?? [];
    const time = this.#tick();
    const versionId = String(versions.length + 1);
    versions.push({
      versionId,
      versionAliases: versionId === '1' ? ['default'] : [],
      versionCreateTime: time,
      versionUpdateTime: time,
      displayName: `Model ${model}`,
      ...more,
    });
    this.models.set(model, versions);
    return versionId;
  }

  /** Has an alias name a version; `undefined` when there is no such version. */
  moveAlias(model: string, alias: string, version: string) {
    const versions = this.models.get(model) ?? [];
    const found = versions.find(({ versionId }) => versionId === version);
    if (found) {
      const time = this.#tick();
      for (const each of versions) {
        if (each === found || each.versionAliases.includes(alias)) {
          each.versionUpdateTime = time;
        }
        each.versionAliases = each.versionAliases.filter(one => one !== alias);
      }
      found.versionAliases.push(alias);
    }
    return found;
  }

  #tick(): string {
    this.now += 1_000;
    return new Date(this.now).toISOString().replace('Z', '123Z');
  }

  protected answer({ url, method, body }: FakeRequest): FakeAnswer {
    const [path, verb] = decodeURIComponent(
      url.pathname.slice(PARENT.length),
    ).split(':');
    if (!url.pathname.startsWith(PARENT)) {
      return refusal(404, 'Not found');
    }
    const [id, version] = path.slice(1).split('@');
    if (method === 'GET' && path === '' && !verb) {
      return this.#list('models.list', this.#defaults(url), url);
    }
    if (method === 'GET' && verb === 'listVersions' && this.models.has(id)) {
      const versions = this.models.get(id)!.map(each => this.#tell(id, each));
      return this.#list('models.listVersions', versions, url);
    }
    if (method === 'POST' && verb === 'mergeVersionAliases') {
      const { versionAliases } = JSON.parse(body);
      const isFine = versionAliases.every((each: string) => ALIAS.test(each));
      const found = isFine && this.moveAlias(id, versionAliases[0], version);
      return found
        ? published('models.mergeVersionAliases', this.#tell(id, found))
        : refusal(isFine ? 404 : 400, 'There is no such version, or alias');
    }
    return refusal(404, 'Not found');
  }

  /** The models, each as its default version. */
  #defaults(url: URL) {
    const told = [...this.models].map(([id, versions]) =>
      this.#tell(
        id,
        versions.find(each => each.versionAliases.includes('default')) ??
          versions[0],
      ),
    );
    return url.searchParams.get('orderBy') === 'update_time desc'
      ? told.sort((a, b) => b.updateTime.localeCompare(a.updateTime))
      : told;
  }

  #tell(id: string, version: StoredVersion) {
    const all = this.models.get(id)!;
    return {
      name: `${PARENT.slice('/v1/'.length)}/${id}`,
      createTime: all[0].versionCreateTime,
      updateTime: all
        .map(each => each.versionUpdateTime)
        .sort()
        .at(-1)!,
      ...version,
    };
  }

  #list(method: keyof typeof PUBLISHED, items: object[], url: URL) {
    const from = Number(url.searchParams.get('pageToken') ?? 0);
    const end = from + Number(url.searchParams.get('pageSize'));
    return published(method, {
      models: items.slice(from, end),
      ...(end < items.length && { nextPageToken: String(end) }),
    });
  }
}

function published(method: keyof typeof PUBLISHED, body: object) {
  const validate = validators.get(method)!;
  if (!validate(body)) {
    throw new Error(`${method}: ${ajv.errorsText(validate.errors)}`);
  }
  return { status: 200, body };
}

function refusal(status: number, message: string) {
  return { status, body: { error: { code: status, message } } };
}
