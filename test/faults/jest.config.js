// Tests that kill real processes. They run one after another, so that what they measure is not their own doing.
const swc = {
  sourceMaps: 'inline',
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs' },
};

module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/**/*.test.ts'],
  testTimeout: 300_000,
  maxWorkers: 1,
  transform: { '\\.ts$': [require.resolve('@swc/jest'), swc] },
};
