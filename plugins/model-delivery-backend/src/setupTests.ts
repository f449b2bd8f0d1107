/**
 * Clients of clouds and caches that Backstage's test utilities load and no test here uses. Loading them takes more than
 * half of the time that a file needs before its first test.
 */
const UNUSED_CLIENTS = [
  '@aws-sdk/client-codecommit',
  '@aws-sdk/client-s3',
  '@aws-sdk/client-sts',
  '@aws-sdk/credential-providers',
  '@azure/identity',
  '@azure/storage-blob',
  '@google-cloud/storage',
  '@keyv/redis',
  '@keyv/valkey',
];

/** Some are made with a backend, and never called. */
const anything = new Proxy({}, { get: () => function Unused() {} });

UNUSED_CLIENTS.forEach(name => jest.mock(name, () => anything));

/** See EnvironmentWithChecks. */
jest.mock('express-openapi-validator', () => ({
  middleware: (globalThis as { openApiValidator?: unknown }).openApiValidator,
}));
