import { createServer, IncomingHttpHeaders, Server } from 'node:http';
import { AddressInfo } from 'node:net';

/** A request that a platform got. */
export interface PlatformRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/** The REST APIs of a GitHub and a GitLab as far as answers to release questions use them, remembering all requests. */
export class FakePlatforms {
  readonly requests: PlatformRequest[] = [];
  /** Answers with this instead, as long as it is set. */
  failWith: number | undefined;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<FakePlatforms> {
    const server = createServer();
    const platforms = new FakePlatforms(server);
    server.on('request', async (request, response) => {
      let text = '';
      for await (const chunk of request) {
        text += chunk;
      }
      const path = request.url ?? '';
      platforms.requests.push({
        method: request.method ?? '',
        path,
        headers: request.headers,
        body: text ? JSON.parse(text) : {},
      });
      const isToken = path.endsWith('/access_tokens');
      const status = isToken
        ? 201
        : platforms.failWith ?? (path.includes('/api/v4/') ? 201 : 204);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(
        isToken ? JSON.stringify({ token: 'ghs_installation' }) : undefined,
      );
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    return platforms;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What was answered to questions, oldest first. */
  get answers(): PlatformRequest[] {
    return this.requests.filter(each => !each.path.endsWith('/access_tokens'));
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
