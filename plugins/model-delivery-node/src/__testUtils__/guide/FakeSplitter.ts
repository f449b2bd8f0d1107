import { once } from 'node:events';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { TrafficShare } from '@slipway/backstage-plugin-model-delivery-node';

/** The load balancer of the guide, for one target. */
export class FakeSplitter {
  shares: TrafficShare[] = [];
  moves = 0;
  isLate = false;
  readonly servers = new Map<string, boolean>();
  readonly #server = createServer(async (request, response) => {
    const body = await text(request);
    const [, version] = request.url!.match(/\/servers\/(.+)$/) ?? [];
    const isAllowed = request.headers.authorization === 'Bearer secret';
    if (isAllowed && request.method === 'PUT' && version) {
      this.servers.set(version, this.servers.get(version) || !this.isLate);
    } else if (isAllowed && request.method === 'PUT') {
      this.moves += 1;
      this.shares = JSON.parse(body).shares;
    } else if (isAllowed && request.method === 'DELETE') {
      this.servers.delete(version);
    }
    response.writeHead(isAllowed ? 200 : 401).end(
      JSON.stringify({
        shares: this.shares.filter(({ share }) => share > 0),
        servers: [...this.servers].map(([each, ready]) => ({
          version: each,
          ready,
        })),
      }),
    );
  });

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
