import type { RequestHandler } from 'express';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Sends whoever opens the portal by another name of the loopback (`localhost` for `127.0.0.1`) to the address that it is
 * configured with: to a browser they are two sites, and signing in works on one of them.
 */
export function redirectToBaseUrl(baseUrl: string): RequestHandler {
  const base = new URL(baseUrl);
  return (request, response, next) => {
    const isOtherName =
      LOOPBACK_NAMES.includes(base.hostname) &&
      LOOPBACK_NAMES.includes(request.hostname) &&
      request.hostname !== base.hostname;
    const isPage =
      request.method === 'GET' &&
      !request.path.startsWith('/api/') &&
      request.accepts(['json', 'html']) === 'html';
    if (isOtherName && isPage) {
      response.redirect(`${base.origin}${request.originalUrl}`);
      return;
    }
    next();
  };
}
