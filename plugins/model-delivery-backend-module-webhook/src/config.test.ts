import { ConfigReader } from '@backstage/config';
import { SECRET } from './__testUtils__/DeployService';
import { readWebhookConnections } from './config';

const url = 'https://deploy.example.com/';
const read = (main: object) =>
  readWebhookConnections(
    new ConfigReader({ modelDelivery: { webhook: { main } } }),
  );

it.each([
  [{ url: 'ftp://example.com', secret: SECRET }, 'main.url is'],
  [{ url: 'https://a:b@example.com', secret: SECRET }, 'contain credentials'],
  [{ url, secret: 'short' }, 'main.secret is shorter than 32 characters'],
  [
    { url, secret: SECRET, statusUrl: url },
    'main.statusUrl has no placeholder',
  ],
  [{ url, secret: SECRET, attempts: 0 }, 'main.attempts is 0'],
])('refuses a mistake by its key: %j', (connection, message) => {
  expect(() => read(connection)).toThrow(message);
});

it('says nothing of a secret that is wrong', () => {
  expect(() => read({ url, secret: 'geheim' })).not.toThrow('geheim');
});
