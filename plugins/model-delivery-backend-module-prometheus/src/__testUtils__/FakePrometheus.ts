import { once } from 'node:events';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What the module sent. */
export interface Asked {
  path: string;
  headers: IncomingMessage['headers'];
  form: Record<string, string>;
}

/** An HTTP server that answers as a test says, and keeps what it was asked. */
export class FakePrometheus {
  readonly asked: Asked[] = [];
  /** Answers a query; by default with no series. */
  answer: (asked: Asked, response: ServerResponse) => void = (_, response) =>
    sendSeries(response, []);

  readonly #server = createServer(async (request, response) => {
    const asked: Asked = {
      path: request.url!,
      headers: request.headers,
      form: Object.fromEntries(new URLSearchParams(await text(request))),
    };
    this.asked.push(asked);
    this.answer(asked, response);
  });

  static async start(): Promise<FakePrometheus> {
    const fake = new FakePrometheus();
    fake.#server.listen(0, '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Answers with the series of the query that holds a text, and nothing to others. */
  answerWith(series: Record<string, object[]>, resultType = 'matrix'): void {
    this.answer = ({ form }, response) => {
      const part = Object.keys(series).find(each => form.query.includes(each));
      sendSeries(response, part ? series[part] : [], resultType);
    };
  }

  /** The query that holds a text: queries are sent at once, and arrive in any order. */
  queryWith(part: string): Asked {
    const found = this.asked.find(({ form }) => form.query.includes(part));
    if (!found) throw new Error(`No query with ${part}`);
    return found;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function sendSeries(
  response: ServerResponse,
  result: object[],
  resultType = 'matrix',
): void {
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({ status: 'success', data: { resultType, result } }),
  );
}
