import { get } from 'node:http';

/** Whether a server answers 2xx on its health path in time. Any trouble is a no. */
export function answersHealthCheck(
  at: { host: string; port: number; path: string },
  timeout: number,
): Promise<boolean> {
  return new Promise(resolve => {
    const request = get(
      {
        host: at.host,
        port: at.port,
        path: at.path,
        // A pooled connection could belong to a process that is gone
        agent: false,
        signal: AbortSignal.timeout(timeout),
      },
      response => {
        response.resume();
        response.once('error', () => resolve(false));
        const status = response.statusCode ?? 0;
        response.once('end', () => resolve(status >= 200 && status < 300));
        response.once('close', () => resolve(false));
      },
    );
    request.once('error', () => resolve(false));
  });
}
