import { existsSync, readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { freePort } from '../lib/programs.mjs';

const TYPES = { '.js': 'text/javascript', '.css': 'text/css' };
const CONFIGURATION = /<script type="backstage\.io\/config">[\s\S]*?<\/script>/;

/**
 * Serves a built frontend as the portal does, with the configuration that the portal gives it, and takes what it asks of the API
 * there.
 * @param {string} dist - folder of the built frontend
 * @param {string} portal - address of the portal
 */
export async function serveFrontend(dist, portal) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const given = await (await fetch(`${portal}/`)).text();
  const [configuration] = CONFIGURATION.exec(given);
  const page = readFileSync(join(dist, 'index.html'), 'utf8')
    .replace(CONFIGURATION, '')
    .replace('</head>', () => `${configuration}</head>`)
    .replaceAll(portal, url);
  const server = createServer((asked, answer) => {
    const { pathname } = new URL(asked.url, url);
    if (pathname.startsWith('/api/')) {
      forward(portal, asked, answer);
      return;
    }
    const file = join(dist, pathname);
    if (pathname.startsWith('/static/') && existsSync(file)) {
      answer.writeHead(200, {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        'cache-control': 'public, max-age=1209600',
      });
      answer.end(readFileSync(file));
      return;
    }
    answer.writeHead(200, {
      'content-type': 'text/html',
      'cache-control': 'no-store',
    });
    answer.end(page);
  });
  await new Promise(done => server.listen(port, '127.0.0.1', done));
  return {
    url,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function forward(portal, asked, answer) {
  const { host } = new URL(portal);
  const passed = request(
    new URL(asked.url, portal),
    {
      method: asked.method,
      headers: { ...asked.headers, host, origin: portal },
    },
    response => {
      answer.writeHead(response.statusCode, response.headers);
      response.pipe(answer);
    },
  );
  passed.on('error', () => answer.destroy());
  asked.pipe(passed);
}

/** What every page of a built frontend loads before anything else, gzipped, in kB of 1,000 bytes. */
export function eagerKilobytes(dist) {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const files = [...page.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)];
  return (
    files.reduce(
      (sum, [, file]) => sum + gzipSync(readFileSync(join(dist, file))).length,
      0,
    ) / 1_000
  );
}
