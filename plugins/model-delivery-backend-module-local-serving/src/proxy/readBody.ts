import { IncomingMessage } from 'node:http';

/**
 * Reads a request's body, so that a slow sender is not measured as a slow server and a request can be given to another
 * server when the first refuses the connection.
 * @returns `too-large` beyond the limit, `aborted` when the sender went away.
 */
export function readBody(
  request: IncomingMessage,
  largest: number,
): Promise<Buffer | 'too-large' | 'aborted'> {
  if (Number(request.headers['content-length'] ?? 0) > largest) {
    return Promise.resolve('too-large');
  }
  return new Promise(resolve => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > largest) {
        request.pause();
        resolve('too-large');
      } else {
        chunks.push(chunk);
      }
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', () => resolve('aborted'));
    request.once('close', () => resolve('aborted'));
  });
}
