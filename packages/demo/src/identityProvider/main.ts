import { createIdentityProvider } from './createIdentityProvider';
import { readPeople } from './people';

const HOST = '127.0.0.1';

function setting(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(
      `The demo's identity provider needs the environment variable ${name}; scripts/start.mjs and scripts/dev.mjs set it`,
    );
  }
  return value;
}

const port = Number(setting('SLIPWAY_IDENTITY_PORT'));
const server = createIdentityProvider({
  issuer: `http://${HOST}:${port}`,
  stateFolder: setting('SLIPWAY_IDENTITY_STATE_DIR'),
  people: readPeople(setting('SLIPWAY_ORG_FILE')),
  client: {
    id: setting('SLIPWAY_OIDC_CLIENT_ID'),
    secret: setting('SLIPWAY_OIDC_CLIENT_SECRET'),
    redirectUri: `${setting(
      'SLIPWAY_BACKEND_URL',
    )}/api/auth/oidc/handler/frame`,
  },
  portalUrl: setting('SLIPWAY_APP_URL'),
});

server.on('error', error => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
server.listen(port, HOST, () => {
  process.stdout.write(`Identity provider ready at http://${HOST}:${port}\n`);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
