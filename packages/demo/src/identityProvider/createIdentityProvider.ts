import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { join } from 'node:path';
import { Provider } from 'oidc-provider';
import { FileSessionStore } from './FileSessionStore';
import { Person } from './people';
import { loadKeys } from './secrets';
import { problemPage, signInPage } from './signInPage';

const HOUR = 3600;
const DAY = 24 * HOUR;
const SCOPES = 'openid email profile';
const MAX_FORM_BYTES = 4096;

const EXPIRED = {
  title: 'This sign-in has expired',
  text: 'It was started too long ago, in another window, or has been finished already. Start again from the portal.',
};

/** What the demo's identity provider is made from. */
export interface IdentityProviderOptions {
  /** Where it can be reached, such as `http://127.0.0.1:7008`. */
  issuer: string;
  /** Folder for its keys and sessions. */
  stateFolder: string;
  people: Person[];
  client: {
    id: string;
    secret: string;
    /** Where the portal's backend takes the answer. */
    redirectUri: string;
  };
  /** Where one goes back to when signing in makes no sense any more. */
  portalUrl: string;
}

/**
 * An OpenID provider whose accounts are the people of the sample company. It believes whoever says who they are, so it
 * must listen on the loopback and nowhere else. The server is returned before it listens.
 */
export function createIdentityProvider(
  options: IdentityProviderOptions,
): Server {
  const provider = createProvider(options);
  const oidc = provider.callback();
  return createServer((request, response) => {
    if (!request.url?.startsWith('/interaction/')) {
      oidc(request, response);
      return;
    }
    interact(provider, options, request, response).catch(() => {
      if (!response.headersSent) {
        send(
          response,
          400,
          problemPage({ ...EXPIRED, portalUrl: options.portalUrl }),
          options,
        );
      }
    });
  });
}

function createProvider(options: IdentityProviderOptions): Provider {
  const { jwks, cookieKeys } = loadKeys(options.stateFolder);
  const sessions = new FileSessionStore(
    join(options.stateFolder, 'sessions.json'),
  );
  const people = new Map(options.people.map(person => [person.id, person]));
  return new Provider(options.issuer, {
    adapter: model => sessions.adapter(model),
    clients: [
      {
        client_id: options.client.id,
        client_secret: options.client.secret,
        redirect_uris: [options.client.redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    jwks,
    cookies: { keys: cookieKeys },
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name'],
    },
    features: {
      devInteractions: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_, client, token) => token.clientId === client.clientId,
      },
    },
    pkce: { required: () => false },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    // The portal keeps its session by the refresh token; two tabs that refresh at once must not end it
    issueRefreshToken: async () => true,
    rotateRefreshToken: false,
    ttl: {
      AccessToken: HOUR,
      AuthorizationCode: 60,
      Grant: 14 * DAY,
      IdToken: HOUR,
      Interaction: HOUR,
      RefreshToken: 14 * DAY,
      Session: 14 * DAY,
    },
    // There is nobody to ask for consent: the portal is the only client, and its operator's own
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client!.clientId,
        accountId: oidc.session!.accountId,
      });
      grant.addOIDCScope(SCOPES);
      await grant.save();
      return grant;
    },
    findAccount(_, id) {
      const person = people.get(id);
      return (
        person && {
          accountId: id,
          claims: async () => ({
            sub: id,
            name: person.displayName,
            email: person.email,
            email_verified: true,
          }),
        }
      );
    },
    renderError(context, { error, error_description: description }) {
      context.type = 'html';
      context.body = problemPage({
        title: 'Signing in did not work',
        text: `${description ?? error}. Start again from the portal.`,
        portalUrl: options.portalUrl,
      });
    },
  });
}

/** Shows the page to pick a person on, and takes the choice. */
async function interact(
  provider: Provider,
  options: IdentityProviderOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const interaction = await provider.interactionDetails(request, response);
  const path = `/interaction/${interaction.uid}`;
  const finish = (result: Parameters<Provider['interactionFinished']>[2]) =>
    provider.interactionFinished(request, response, result, {
      mergeWithLastSubmission: false,
    });

  if (request.method === 'POST' && request.url === path) {
    const chosen = new URLSearchParams(await readForm(request)).get('person');
    const person = options.people.find(({ id }) => id === chosen);
    if (person) {
      await endSessionOfAnother(provider, interaction, person);
      await finish({ login: { accountId: person.id } });
      return;
    }
  } else if (request.method === 'GET' && request.url === `${path}/cancel`) {
    await finish({
      error: 'access_denied',
      error_description: 'Signing in was cancelled',
    });
    return;
  } else if (request.method !== 'GET' || request.url !== path) {
    throw new Error(`There is nothing at ${request.url}`);
  }
  const body = signInPage({
    people: options.people,
    action: path,
    cancel: `${path}/cancel`,
  });
  send(response, 200, body, options);
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** Whoever was signed in before in this browser is not any more; the provider would ask about that with a script. */
async function endSessionOfAnother(
  provider: Provider,
  interaction: Interaction,
  person: Person,
): Promise<void> {
  if (!interaction.session || interaction.session.accountId === person.id) {
    return;
  }
  const session = await provider.Session.findByUid(interaction.session.uid);
  await session?.destroy();
  delete interaction.session;
  await interaction.save(interaction.exp - Math.floor(Date.now() / 1000));
}

async function readForm(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MAX_FORM_BYTES) {
      throw new Error(`A form is at most ${MAX_FORM_BYTES} bytes long`);
    }
  }
  return text;
}

function send(
  response: ServerResponse,
  status: number,
  html: string,
  { portalUrl, client }: IdentityProviderOptions,
): void {
  // The answer to the form leads to the backend, and from there to the portal; browsers hold both to this rule
  const targets = [client.redirectUri, portalUrl].map(
    url => new URL(url).origin,
  );
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': [
      "default-src 'none'",
      "style-src 'unsafe-inline'",
      `form-action 'self' ${targets.join(' ')}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(html);
}
