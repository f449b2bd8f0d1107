import {
  createServer,
  IncomingHttpHeaders,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { AddressInfo } from 'node:net';

/**
 * A request to a fake service, read to its end.
 * @public
 */
export interface FakeRequest {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
}

/**
 * What a fake service answers with.
 * @public
 */
export interface FakeAnswer {
  /** 200 unless set. */
  status?: number;
  headers?: Record<string, string>;
  /** Text as it is, anything else as JSON. */
  body: unknown;
}

/**
 * Answers on this machine as some service does, and as that service in trouble. A fake says by `answer` what is usual.
 * @public
 */
export abstract class FakeService {
  /** Answers instead of the usual, once for each. */
  readonly failures: FakeAnswer[] = [];
  /** Values of the header `authorization` that came. */
  readonly authorizations = new Set<string | undefined>();
  /** How many requests came. */
  requestCount = 0;

  readonly #server: Server = createServer((req, res) =>
    this.#serve(req, res).catch(error => res.destroy(error)),
  );
  #trouble?: 'down' | FakeAnswer;

  /** Starts one on a free port. */
  static async start<T extends FakeService>(this: new () => T): Promise<T> {
    const fake = new this();
    const server: Server = fake.#server;
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  /** Has it break every connection, or answer everything with the same, until the returned function is called. */
  async be(trouble: 'down' | FakeAnswer): Promise<() => Promise<void>> {
    this.#trouble = trouble;
    return async () => {
      this.#trouble = undefined;
    };
  }

  /** Answers as the service does. */
  protected abstract answer(
    request: FakeRequest,
  ): FakeAnswer | Promise<FakeAnswer>;

  /** Notes a request, however it is answered. */
  protected received(_request: FakeRequest): void {}

  async #serve(req: IncomingMessage, res: ServerResponse) {
    this.requestCount += 1;
    this.authorizations.add(req.headers.authorization);
    if (this.#trouble === 'down') {
      req.socket.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of req) {
      chunks.push(chunk);
    }
    const request = {
      method: req.method!,
      url: new URL(req.url!, this.url),
      headers: req.headers,
      body: Buffer.concat(chunks).toString(),
    };
    this.received(request);
    const { status, headers, body } =
      this.failures.shift() ?? this.#trouble ?? (await this.answer(request));
    res.writeHead(status ?? 200, {
      'content-type': 'application/json',
      ...headers,
    });
    res.end(typeof body === 'string' ? body : JSON.stringify(body));
  }
}
