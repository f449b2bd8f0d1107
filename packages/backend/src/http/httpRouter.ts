import { rootHttpRouterServiceFactory } from '@backstage/backend-defaults/rootHttpRouter';
import { redirectToBaseUrl } from './redirectToBaseUrl';

/** How long requests may go on once the backend is told to end, in milliseconds. */
const LAST_REQUESTS_MS = 3000;

/**
 * Backstage's router, behind the redirect to the portal's own address. When the backend ends, what is still open is cut
 * off after a moment: signals wait for events in requests that last a minute, and would hold up the end as long.
 */
export const httpRouter = rootHttpRouterServiceFactory({
  configure({ app, config, server, lifecycle, applyDefaults }) {
    app.use(redirectToBaseUrl(config.getString('app.baseUrl')));
    applyDefaults();
    lifecycle.addShutdownHook(() => {
      setTimeout(() => server.closeAllConnections(), LAST_REQUESTS_MS).unref();
    });
  },
});
