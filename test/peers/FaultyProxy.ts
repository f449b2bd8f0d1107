import {
  createServer,
  IncomingMessage,
  request,
  Server,
  ServerResponse,
} from 'node:http';
import { AddressInfo } from 'node:net';

/** Stands before a server, counts its requests, and breaks them when told to. */
export class FaultyProxy {
  requests = 0;
  trouble?: 'down' | 'nonsense';
  readonly #server: Server;

  private constructor(private readonly target: string) {
    this.#server = createServer((req, res) => this.#answer(req, res));
  }

  static async start(target: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target);
    await new Promise<void>(resolve =>
      proxy.#server.listen(0, '127.0.0.1', resolve),
    );
    return proxy;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  #answer(req: IncomingMessage, res: ServerResponse) {
    this.requests += 1;
    if (this.trouble === 'down') {
      req.socket.destroy();
      return;
    }
    if (this.trouble === 'nonsense') {
      res.setHeader('content-type', 'text/html');
      res.end('<html>Please sign in</html>');
      return;
    }
    const { method, headers } = req;
    const passed = request(
      `${this.target}${req.url}`,
      { method, headers },
      answer => {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(res);
      },
    );
    passed.on('error', () => res.destroy());
    req.pipe(passed);
  }
}
