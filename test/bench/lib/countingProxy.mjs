import { createServer, request } from 'node:http';
import { freePort } from './programs.mjs';

/**
 * Passes requests on to a server of the loopback, and counts them by the first parts of their paths.
 * @returns {Promise<{ url: string, take: () => Map<string, number>, stop: () => void }>} `take` begins anew
 */
export async function startCountingProxy(target) {
  const { hostname, port: targetPort } = new URL(target);
  let counts = new Map();
  const server = createServer((incoming, answer) => {
    const what = incoming.url
      .replace(/\?.*$/s, '')
      .replace(/^\/api\/2\.0\/mlflow\//, '')
      .replace(/\/m-[^/]*$/, '/…');
    counts.set(what, (counts.get(what) ?? 0) + 1);
    const outgoing = request(
      {
        hostname,
        port: targetPort,
        path: incoming.url,
        method: incoming.method,
        headers: incoming.headers,
      },
      response => {
        answer.writeHead(response.statusCode, response.headers);
        response.pipe(answer);
      },
    );
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  const port = await freePort();
  await new Promise(done => server.listen(port, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${port}`,
    take() {
      const taken = counts;
      counts = new Map();
      return taken;
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
