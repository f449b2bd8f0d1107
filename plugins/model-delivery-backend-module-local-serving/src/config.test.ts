import { ConfigReader } from '@backstage/config';
import { JsonObject } from '@backstage/types';
import { readLocalServingConfig } from './config';

const minimal = {
  enabled: true,
  directory: '/tmp/serving',
  launchers: [
    { scheme: 'models', command: ['serve', '${artifactUri}', '${port}'] },
  ],
};

const read = (localServing: JsonObject) =>
  readLocalServingConfig(new ConfigReader({ modelDelivery: { localServing } }));

it('is off unless it is enabled', () => {
  expect(readLocalServingConfig(new ConfigReader({}))).toBeUndefined();
  expect(read({ ...minimal, enabled: false })).toBeUndefined();
});

it('fills in what is not set', () => {
  expect(read(minimal)).toEqual({
    directory: '/tmp/serving',
    host: '127.0.0.1',
    launchers: [
      {
        scheme: 'models',
        command: ['serve', '${artifactUri}', '${port}'],
        env: {},
        workingDirectory: process.cwd(),
        healthPath: '/ping',
        predictPath: '/invocations',
        failureStatus: 500,
        scores: { predictions: '/predictions', score: '' },
        startTimeoutMilliseconds: 60_000,
      },
    ],
    stopOnShutdown: false,
    limits: {
      maxBodyBytes: 5 * 1024 * 1024,
      answerTimeoutMilliseconds: 30_000,
      maxConnections: 256,
      maxMirrored: 16,
      maxMirroredBytes: 256 * 1024,
      maxScoredBytes: 64 * 1024,
    },
    retentionMilliseconds: 72 * 3_600_000,
  });
});

const launcher = (more: JsonObject) => ({
  ...minimal,
  launchers: [{ ...minimal.launchers[0], ...more }],
});

it.each<[JsonObject, string]>([
  [
    { ...minimal, host: '0.0.0.0' },
    'modelDelivery.localServing.host is 0.0.0.0, which others can reach',
  ],
  [
    { ...minimal, launchers: [...minimal.launchers, ...minimal.launchers] },
    'modelDelivery.localServing.launchers has two launchers for the scheme models',
  ],
  [
    launcher({ command: ['serve', '${artifact}'] }),
    'launchers[0].command[1] has the unknown placeholder ${artifact}; known are artifactUri,',
  ],
  [
    launcher({ env: { URI: '${uri}' } }),
    'launchers[0].env.URI has the unknown placeholder ${uri}',
  ],
  [launcher({ command: [] }), 'launchers[0].command is empty'],
  [
    launcher({ command: ['serve', '${artifactUri}'] }),
    'launchers[0] tells the server its port neither in command nor in env; use the placeholder of the port, in YAML with a doubled dollar sign: $${port}',
  ],
  [launcher({ scheme: 'models:' }), 'a scheme such as "models" is expected'],
  [
    launcher({ healthPath: 'http://x' }),
    'launchers[0].healthPath is "http://x"; a path such as "/ping" is expected',
  ],
  [launcher({ failureStatus: 200 }), 'a status from 400 to 599 is expected'],
  [{ ...minimal, port: 99999 }, 'a port from 1 to 65535 is expected'],
  [
    { ...minimal, portRange: { from: 2000, to: 1000 } },
    'must have a "from" and a "to" that is not below it; it has 2000 and 1000',
  ],
  [
    { ...minimal, control: { token: 'short' } },
    'modelDelivery.localServing.control.token is too short to be secret',
  ],
  [
    { ...minimal, limits: { maxBodyBytes: 0 } },
    'modelDelivery.localServing.limits.maxBodyBytes is 0; it must be above 0',
  ],
])('refuses a wrong setting, naming it (%#)', (settings, message) => {
  expect(() => read(settings)).toThrow(message);
});
