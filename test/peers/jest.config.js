// The tests against real peers (MLflow, Prometheus, Python, gitlab-ci-local). One after another: `npm test` runs the longest
// of them beside the others.
const swc = {
  sourceMaps: 'inline',
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs' },
};

module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/**/*.test.ts'],
  transformIgnorePatterns: [],
  testTimeout: 600_000,
  maxWorkers: 1,
  transform: {
    // Some of the scaffolder's dependencies are ES modules only; this leaves the others as they are
    '\\.(ts|js|mjs)$': [
      require.resolve('@backstage/cli/config/jestSwcTransform'),
      swc,
    ],
    '\\.ya?ml$': require.resolve('@backstage/cli/config/jestYamlTransform'),
  },
};
