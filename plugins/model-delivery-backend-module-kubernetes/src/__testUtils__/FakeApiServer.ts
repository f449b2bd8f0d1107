import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { AddressInfo } from 'node:net';
import { checkBySchema } from './schemas';

/** An object as the server keeps it. */
export interface Stored {
  metadata: {
    name: string;
    namespace: string;
    resourceVersion: string;
    generation: number;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec: any;
  status?: any;
}

/** What was asked of the server. */
export interface Asked {
  method: string;
  path: string;
  body: any;
  token?: string;
}

/** Does what a controller in the cluster would do about the objects, one step each time it is called. */
export type Controller = (server: FakeApiServer) => void;

const PATH =
  /^\/apis\/([^/]+)\/([^/]+)\/namespaces\/([^/]+)\/([^/]+)(?:\/([^/]+))?(\/status)?$/;

/**
 * An API server over HTTP: it checks what it is told by the published schemas, keeps status apart as a subresource,
 * counts generations, and refuses what is not based on the newest resourceVersion. The controller takes a step before each
 * answer to a GET of an object of its own, so that whoever polls sees the world go on.
 */
export class FakeApiServer {
  readonly objects = new Map<string, Stored>();
  readonly asked: Asked[] = [];
  /** Answers in place of the server when it returns true. */
  answerInstead?: (asked: Asked, response: ServerResponse) => boolean;
  /** Called before a change is looked at, as somebody who is quicker. */
  beforeChange?: (key: string) => void;
  url = '';
  #server?: Server;
  #version = 100;

  private constructor(
    private readonly token: string,
    private readonly controller: Controller,
  ) {}

  static async start(
    token: string,
    controller: Controller,
  ): Promise<FakeApiServer> {
    const fake = new FakeApiServer(token, controller);
    fake.#server = createServer((request, response) =>
      fake.#handle(request, response),
    );
    await new Promise<void>(resolve =>
      fake.#server!.listen(0, '127.0.0.1', resolve),
    );
    const { port } = fake.#server.address() as AddressInfo;
    fake.url = `http://127.0.0.1:${port}`;
    return fake;
  }

  stop() {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  /** An object by plural and name, as somebody in the cluster holds it. */
  get(plural: string, name: string): Stored | undefined {
    return this.objects.get(`${plural}/${name}`);
  }

  /** Puts an object there past the API. */
  put(plural: string, name: string, object: { spec: any; metadata?: object }) {
    this.objects.set(`${plural}/${name}`, {
      ...structuredClone(object),
      metadata: {
        ...object.metadata,
        name,
        namespace: 'models',
        resourceVersion: this.#next(),
        generation: 1,
      },
    });
  }

  /** Changes an object past the API, as a controller or another person does. */
  touch(plural: string, name: string, change: (object: Stored) => void) {
    const object = this.get(plural, name)!;
    const before = JSON.stringify(object);
    const spec = JSON.stringify(object.spec);
    change(object);
    if (JSON.stringify(object) !== before) {
      object.metadata.resourceVersion = this.#next();
      if (JSON.stringify(object.spec) !== spec) {
        object.metadata.generation += 1;
      }
    }
  }

  #next(): string {
    this.#version += 1;
    return String(this.#version);
  }

  async #handle(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString();
    const url = new URL(request.url!, this.url);
    const asked: Asked = {
      method: request.method!,
      path: url.pathname,
      body: text ? JSON.parse(text) : undefined,
      token: request.headers.authorization,
    };
    this.asked.push(asked);
    if (this.answerInstead?.(asked, response)) {
      return;
    }
    if (asked.token !== `Bearer ${this.token}`) {
      refuse(response, 401, 'Unauthorized');
      return;
    }
    const match = PATH.exec(url.pathname);
    if (!match || match[3] !== 'models') {
      refuse(response, 404, 'the server could not find the requested resource');
      return;
    }
    const [, group, version, , plural, name, status] = match;
    const key = `${plural}/${name ?? asked.body?.metadata?.name}`;
    if (asked.method === 'GET' && plural !== 'deployments') {
      this.controller(this);
    } else {
      this.beforeChange?.(key);
    }
    const object = this.objects.get(key);
    if (asked.method === 'POST') {
      if (object) {
        refuse(response, 409, `${key} already exists`);
        return;
      }
      const problem = checkBySchema(plural, asked.body);
      if (problem) {
        refuse(response, 422, problem);
        return;
      }
      this.put(plural, asked.body.metadata.name, asked.body);
      reply(response, 201, this.objects.get(key));
      return;
    }
    if (!object) {
      refuse(response, 404, `${plural}.${group} "${name}" not found`);
      return;
    }
    const apiVersion = `${group}/${version}`;
    if (asked.method === 'GET') {
      reply(response, 200, { apiVersion, ...object });
      return;
    }
    if (
      asked.method !== 'PATCH' ||
      request.headers['content-type'] !== 'application/merge-patch+json'
    ) {
      refuse(response, 415, 'the body of the request was in an unknown format');
      return;
    }
    const { resourceVersion } = asked.body.metadata ?? {};
    if (
      resourceVersion &&
      resourceVersion !== object.metadata.resourceVersion
    ) {
      refuse(
        response,
        409,
        `Operation cannot be fulfilled on ${key}: the object has been modified`,
      );
      return;
    }
    const { resourceVersion: _, ...metadata } = asked.body.metadata ?? {};
    const next = structuredClone(object);
    if (status) {
      next.status = merge(next.status ?? {}, asked.body.status ?? {});
    } else {
      next.spec = merge(next.spec, asked.body.spec ?? {});
      next.metadata = merge(next.metadata, metadata) as Stored['metadata'];
    }
    const problem = checkBySchema(plural, { apiVersion, ...next });
    if (problem && url.searchParams.get('fieldValidation') === 'Strict') {
      refuse(response, 422, problem);
      return;
    }
    this.touch(plural, name, each => Object.assign(each, next));
    reply(response, 200, { apiVersion, ...this.objects.get(key) });
  }
}

function reply(response: ServerResponse, status: number, body: unknown) {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify(body));
}

/** Answers with a refusal, as API servers write it. */
export function refuse(
  response: ServerResponse,
  code: number,
  message: string,
) {
  reply(response, code, {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    message,
    code,
  });
}

/** RFC 7396. */
function merge(target: any, patch: any): any {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
    return patch;
  }
  const result = { ...(typeof target === 'object' ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      delete result[key];
    } else {
      result[key] = merge(result[key], value);
    }
  }
  return result;
}
