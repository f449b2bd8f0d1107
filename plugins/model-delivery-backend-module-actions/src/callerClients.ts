import {
  AuthService,
  BackstageCredentials,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  createModelDeliveryClient,
  fetchWithToken,
  ModelDeliveryClient,
} from '@slipway/backstage-plugin-model-delivery-common';

/** Calls model delivery's API in the name of whoever an action is run for. */
export interface CallerClients {
  /** A client with the caller's own rights. */
  for(credentials: BackstageCredentials): ModelDeliveryClient;
  /**
   * The program that acts for a person, to be written down beside them.
   * @throws NotAllowedError when it acts for nobody
   */
  agentOf(credentials: BackstageCredentials): string;
}

/** How an agent is called that Backstage does not name. */
const UNNAMED = 'backstage-action';

/** Makes clients that call with a token on behalf of the caller: what they may not do is refused as in the portal. */
export function createCallerClients(options: {
  auth: AuthService;
  discovery: DiscoveryService;
}): CallerClients {
  const { auth, discovery } = options;
  return {
    for: credentials =>
      createModelDeliveryClient({
        baseUrl: () => discovery.getBaseUrl('model-delivery'),
        fetch: fetchWithToken(async () => {
          const { token } = await auth.getPluginRequestToken({
            onBehalfOf: credentials,
            targetPluginId: 'model-delivery',
          });
          return token;
        }),
      }),
    agentOf(credentials) {
      if (!auth.isPrincipal(credentials, 'user')) {
        throw new NotAllowedError(
          'An action that changes something is run for a person: call it with the credentials of a signed-in user',
        );
      }
      const { actor } = credentials.principal;
      const name = actor?.subject.replace(/^(plugin|external):/, '') ?? '';
      return name.replace(/[^A-Za-z0-9:._/-]/g, '-').slice(0, 100) || UNNAMED;
    },
  };
}

/**
 * Lets what the API refuses be heard in its own words, where the client only tells of a failed request.
 * @throws what the API said
 */
export async function inItsWords<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && error.cause instanceof Error) {
      throw error.cause;
    }
    throw error;
  }
}
