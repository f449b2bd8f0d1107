import { once } from 'node:events';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { TrafficShare } from '@slipway/backstage-plugin-model-delivery-node';
import { isSigned } from '../signature';

export const SECRET = 'a secret of at least 32 characters';

/** One request to the service. */
export interface Delivery {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A service that deploys when it is told so, written as the README tells whoever writes one. */
export class DeployService {
  readonly deliveries: Delivery[] = [];
  readonly #done = new Set<string>();
  shares: TrafficShare[] = [];
  /** Configuration that was handed on with each version. */
  readonly released: Record<string, { name: string; digest: string }[]> = {};
  isLate = false;
  /** Answers in place of the service; false lets the service answer. */
  answerInstead: (delivery: Delivery, response: ServerResponse) => boolean =
    () => false;
  readonly #server = createServer(async (request, response) => {
    const delivery = {
      method: request.method!,
      url: request.url!,
      headers: request.headers,
      body: await text(request),
    };
    this.deliveries.push(delivery);
    if (!this.answerInstead(delivery, response)) {
      this.#answer(delivery, response);
    }
  });

  static async start(): Promise<DeployService> {
    const service = new DeployService();
    service.#server.listen(0, '127.0.0.1');
    await once(service.#server, 'listening');
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Divisions of traffic that were posted. */
  get trafficMoves(): number {
    return this.deliveries.filter(({ body }) => body.includes('"setTraffic"'))
      .length;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(delivery: Delivery, response: ServerResponse): void {
    const { headers, body, method } = delivery;
    if (!isSigned(SECRET, headers, body, new Date())) {
      response.writeHead(401).end('wrong signature');
      return;
    }
    const key = headers['idempotency-key'] as string;
    if (this.isLate) {
      response.writeHead(202).end();
      return;
    }
    if (method === 'POST' && !this.#done.has(key)) {
      this.#done.add(key);
      const { operation, shares, version } = JSON.parse(body);
      if (operation === 'prepare') {
        this.released[version.version] = version.configuration;
      }
      this.shares = operation === 'setTraffic' ? shares : this.shares;
    }
    response.end(JSON.stringify({ state: 'done' }));
  }
}
