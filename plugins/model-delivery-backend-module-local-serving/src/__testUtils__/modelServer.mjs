/**
 * A model server for tests. What it does follows from the artifact's name:
 * good, punctual (not healthy while the file LATE_FILE is there), failing (500 on predictions), slow (60 ms), crashing (exits at once), odd (predicts 1 more), near (predicts 0.001 more), scorer (predicts a probability that follows from the body), shifted (0.3 more than that), labels (predicts text), mute (never healthy), hanging (never answers predictions).
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';

const [, , host, port, artifact, version] = process.argv;
const MORE = { odd: 1, near: 0.001 };
const kind = artifact.split('/')[0];

if (kind === 'crashing') {
  console.error(`cannot load ${artifact}: feature_names is missing`);
  process.exit(1);
}

const predict = body => {
  switch (kind) {
    case 'scorer':
    case 'shifted':
      return (
        createHash('sha256').update(body).digest().readUInt32BE() / 2 ** 32 +
        (kind === 'shifted' ? 0.3 : 0)
      );
    case 'labels':
      return 'good';
    default:
      return body.length + (MORE[kind] ?? 0);
  }
};

createServer((request, response) => {
  const body = [];
  request.on('data', chunk => body.push(chunk));
  request.on('end', () => {
    const path = request.url.split('?')[0];
    if (path === '/ping') {
      const isLate = kind === 'punctual' && existsSync(process.env.LATE_FILE);
      response.statusCode = kind === 'mute' || isLate ? 503 : 200;
      response.end('pong');
      return;
    }
    if (path === '/crash') {
      process.exit(3);
    }
    if (path === '/half') {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setTimeout(() => response.destroy(), 20);
      return;
    }
    if (kind === 'hanging') {
      return;
    }
    const answer = () => {
      response.statusCode = kind === 'failing' ? 500 : 200;
      response.setHeader('content-type', 'application/json');
      response.setHeader('x-slipway-version', 'forged');
      response.end(
        JSON.stringify({
          predictions: [predict(Buffer.concat(body))],
          version,
          pid: process.pid,
          url: request.url,
          method: request.method,
          headers: request.headers,
          body: Buffer.concat(body).toString(),
          env: process.env,
        }),
      );
    };
    setTimeout(answer, kind === 'slow' ? 60 : 0);
  });
}).listen(Number(port), host, () => console.log(`${artifact} listens`));
