import { ConfigReader } from '@backstage/config';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { readHookConfig } from './hookConfig';
import { FLAGGER_HOOKS, readFlaggerQuestion } from './platforms/flagger';

const guide = readFileSync(
  resolve(__dirname, '../../../../docs/asking-for-a-verdict.md'),
  'utf8',
);
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

/** The YAML of the guide whose first line says this, with its secrets filled in. */
function example(title: string) {
  const [, text] = new RegExp(
    `\`\`\`yaml\\n# ${title.replace(/[./]/g, '\\$&')}\\n([^\`]+)\`\`\``,
  ).exec(guide)!;
  const filled = parse(
    text.replace(/\$\{(\w+)\}/g, (_, name) =>
      name.endsWith('KEY') ? JSON.stringify(privateKey) : 'x'.repeat(32),
    ),
  );
  return filled;
}

describe('the guide to asking for a verdict', () => {
  it.each(['flagger', 'github', 'gitlab'] as const)(
    'has a configuration of %s that is read',
    platform => {
      const config = readHookConfig(
        new ConfigReader(example(`app-config.yaml, ${platform}`)),
      );
      expect(config[platform]).toHaveLength(1);
    },
  );

  it('has a Canary whose webhooks ask what they should', () => {
    const {
      flagger: [connection],
    } = readHookConfig(new ConfigReader(example('app-config.yaml, flagger')));
    const { analysis } = example('Canary, flagger.app/v1beta1');
    expect(
      analysis.webhooks.map((each: { type: string }) => each.type),
    ).toEqual([...FLAGGER_HOOKS]);
    for (const webhook of analysis.webhooks) {
      const url = new URL(webhook.url);
      expect(url.pathname).toBe(
        `/api/model-delivery/release-hooks/flagger/${connection.name}/${webhook.type}`,
      );
      expect(url.username).toBe(connection.name);
      expect(
        readFlaggerQuestion(connection, webhook.type, {
          name: 'churn',
          namespace: 'ml',
          metadata: webhook.metadata,
        }),
      ).toMatchObject({
        model: 'model:default/churn',
        environment: 'production',
        named: { version: 'v3' },
      });
    }
  });

  const flagger = (main: object) => ({ flagger: { main } });
  it.each([
    [flagger({ password: 'short' }), 'main.password is shorter than 20'],
    [
      { flagger: { 'a b': { password: 'x'.repeat(32) } } },
      'a connection is named',
    ],
    [
      {
        gitlab: {
          main: {
            sharedSecret: 'x'.repeat(32),
            token: 't',
            baseUrl: 'https://a:b@gitlab.example.com',
            checks: [],
          },
        },
      },
      'main.baseUrl must have no credentials',
    ],
    [
      {
        github: {
          main: {
            webhookSecret: 'x'.repeat(32),
            appId: 1,
            privateKey: 'geheim',
            deployments: [],
          },
        },
      },
      'main.privateKey is no RSA private key',
    ],
  ])(
    'is right that a mistake is named, without its secret: %j',
    (hooks, message) => {
      const read = () =>
        readHookConfig(
          new ConfigReader({ modelDelivery: { releaseHooks: hooks } } as never),
        );
      expect(read).toThrow(message);
      expect(read).not.toThrow('geheim');
    },
  );
});
