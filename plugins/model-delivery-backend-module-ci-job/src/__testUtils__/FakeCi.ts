import { once } from 'node:events';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { TrafficShare } from '@slipway/backstage-plugin-model-delivery-node';

export type RunState =
  | 'queued'
  | 'running'
  | 'success'
  | 'failed'
  | 'cancelled';

/** A job on a fake platform. */
export interface FakeRun {
  id: number;
  inputs: Record<string, string>;
  state: RunState;
  createdAt: Date;
}

/** What arrives at a fake platform. */
export interface FakeRequest {
  method: string;
  url: URL;
  headers: IncomingMessage['headers'];
  form: Record<string, string>;
  json: any;
}

/** How a fake platform answers. */
export type FakeAnswer = [status: number, json?: unknown];

/** What is alike in all platforms: jobs that are started, looked at and cancelled, and that deploy when they succeed. */
export abstract class FakeCi {
  readonly runs: FakeRun[] = [];
  readonly requests: FakeRequest[] = [];
  shares: TrafficShare[] = [];
  /** Jobs stay as they are. */
  isLate = false;
  /** What becomes of the answer to the next start: lost before, or after, the job was started. */
  loseStart?: 'before' | 'after';
  /** The platform is out of order. */
  isDown = false;
  /** How jobs end. */
  outcome: RunState = 'success';
  readonly #server = createServer(async (request, response) => {
    const body = await text(request);
    const asked: FakeRequest = {
      method: request.method!,
      url: new URL(request.url!, 'http://ci'),
      headers: request.headers,
      form: Object.fromEntries(new URLSearchParams(body)),
      json: body.startsWith('{') ? JSON.parse(body) : undefined,
    };
    this.requests.push(asked);
    this.#send(response, asked);
  });

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Somebody deletes a job. */
  forget(id: number): void {
    this.runs.splice(
      this.runs.findIndex(each => each.id === id),
      1,
    );
  }

  get trafficMoves(): number {
    return this.runs.filter(({ inputs }) =>
      inputs.SLIPWAY_REQUEST.includes('"setTraffic"'),
    ).length;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Answers as the platform's published API does. */
  protected abstract answer(asked: FakeRequest): FakeAnswer;

  protected begin(inputs: Record<string, string>): FakeRun {
    if (this.loseStart === 'before') {
      throw new Error('lost');
    }
    const id = 1000 + this.runs.length;
    const run: FakeRun = { id, inputs, state: 'queued', createdAt: new Date() };
    this.runs.unshift(run);
    if (this.loseStart === 'after') {
      throw new Error('lost');
    }
    return run;
  }

  /** A job gets on a little whenever somebody looks at it. */
  protected look(id: number): FakeRun | undefined {
    const run = this.runs.find(each => each.id === id);
    if (run && !this.isLate) {
      if (run.state === 'queued') {
        run.state = 'running';
      } else if (run.state === 'running') {
        run.state = this.outcome;
        const { operation, shares } = JSON.parse(run.inputs.SLIPWAY_REQUEST);
        this.shares =
          operation === 'setTraffic' && run.state === 'success'
            ? shares
            : this.shares;
      }
    }
    return run;
  }

  protected cancel(id: number): FakeRun | undefined {
    const run = this.runs.find(each => each.id === id);
    if (run && ['queued', 'running'].includes(run.state)) {
      run.state = 'cancelled';
    }
    return run;
  }

  #send(response: ServerResponse, asked: FakeRequest): void {
    try {
      const [status, json] = this.isDown ? [503] : this.answer(asked);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(json === undefined ? '' : JSON.stringify(json));
    } catch {
      response.destroy();
    }
  }
}
