import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Scorer } from './model.ts';
import { RequestMetrics } from './RequestMetrics.ts';
import { readRows } from './rows.ts';

const LARGEST_BODY = 1024 * 1024;

/**
 * A model server with MLflow's paths: `POST /invocations` predicts, `GET /ping` and `GET /health` answer once it can,
 * `GET /version` says what serves, `GET /metrics` how many were answered and how fast, as Prometheus reads it. Bad requests get 400, a model that fails gets 500.
 */
export function createScorerServer(scorer: Scorer): Server {
  const metrics = new RequestMetrics();
  return createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0];
    if (request.method === 'GET' && (path === '/ping' || path === '/health')) {
      send(response, 200, {});
      return;
    }
    if (request.method === 'GET' && path === '/version') {
      const { model, version, description } = scorer.artifact;
      send(response, 200, { model, version, description });
      return;
    }
    if (request.method === 'GET' && path === '/metrics') {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(metrics.text);
      return;
    }
    if (request.method !== 'POST' || path !== '/invocations') {
      send(response, 404, { error: 'Predictions are at POST /invocations' });
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LARGEST_BODY) chunks.push(chunk);
    });
    request.once('end', () => {
      const start = performance.now();
      response.once('finish', () =>
        metrics.answered(
          response.statusCode,
          (performance.now() - start) / 1000,
        ),
      );
      if (size > LARGEST_BODY) {
        send(response, 413, {
          error: `The body is larger than ${LARGEST_BODY} bytes`,
        });
        return;
      }
      invoke(scorer, Buffer.concat(chunks).toString('utf8'), response);
    });
  });
}

async function invoke(scorer: Scorer, body: string, response: ServerResponse) {
  let rows;
  try {
    rows = readRows(body);
  } catch (error) {
    send(response, 400, { error: (error as Error).message });
    return;
  }
  try {
    send(response, 200, { predictions: await scorer.predict(rows) });
  } catch (error) {
    const { model, version } = scorer.artifact;
    const { message } = error as Error;
    process.stderr.write(`${model} ${version} failed: ${message}\n`);
    send(response, 500, { error: message });
  }
}

function send(response: ServerResponse, status: number, body: object) {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}
