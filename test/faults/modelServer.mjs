/**
 * A model server that answers after a few milliseconds: `node modelServer.mjs <artifactUri> --port N`.
 */
import { createServer } from 'node:http';

const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
createServer((req, res) => {
  if (req.url === '/ping') {
    res.end('ok');
    return;
  }
  req.resume();
  setTimeout(() => {
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify({ predictions: [0.5] }));
  }, 2 + Math.random() * 4);
}).listen(port, '127.0.0.1');
