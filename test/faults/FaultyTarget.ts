import { createServer, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { FakeDeployer } from '../../plugins/model-delivery-backend/src/__testUtils__/FakeDeployer';

/** What may become of a request besides its answer, each with its chance. */
const FAULTS: [string, number][] = [
  ['lost', 0.04],
  ['unanswered', 0.02],
  ['late', 0.04],
  ['twice', 0.08],
  ['refused', 0.04],
];

/**
 * A target of deployments that outlives the replicas, spoken to by HTTP. It does what it is asked for once for each
 * operation key, but requests may be lost before that or arrive twice, and answers come late or never.
 */
export class FaultyTarget {
  readonly deployer = new FakeDeployer();
  /** How often each fault happened. */
  readonly counts: Record<string, number> = {};
  /** Whether faults happen at all. */
  faulty = false;
  readonly #server: Server;
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
    this.#server = createServer((request, response) => {
      let text = '';
      request.on('data', chunk => {
        text += chunk;
      });
      request.on('end', () => {
        this.#take(request.url!.slice(1), text, response).catch(error => {
          response.statusCode = 500;
          response.end(String(error));
        });
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>(resolve =>
      this.#server.listen(0, '127.0.0.1', () => resolve()),
    );
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #take(operation: string, text: string, response: ServerResponse) {
    const fault = this.faulty ? this.#fault() : undefined;
    if (fault) {
      this.counts[fault] = (this.counts[fault] ?? 0) + 1;
    }
    if (fault === 'refused') {
      response.statusCode = 503;
      response.end('Not now');
      return;
    }
    if (fault === 'lost') {
      response.destroy();
      return;
    }
    const answer = await this.#do(operation, text);
    if (fault === 'twice') {
      await this.#do(operation, text);
    }
    if (fault === 'unanswered') {
      return;
    }
    if (fault === 'late') {
      // Sometimes within what the engine waits for, sometimes not
      await new Promise(resolve => setTimeout(resolve, this.#random() * 6_000));
    }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  }

  #do(operation: string, text: string): Promise<unknown> {
    const act = Reflect.get(this.deployer, operation);
    return act.call(this.deployer, JSON.parse(text));
  }

  #fault(): string | undefined {
    let left = this.#random();
    for (const [fault, chance] of FAULTS) {
      left -= chance;
      if (left < 0) {
        return fault;
      }
    }
    return undefined;
  }
}
