import { Launcher } from '../config';
import { planLaunch } from './launchPlan';

const launcher: Launcher = {
  scheme: 'models',
  command: ['serve', '${artifactUri}'],
  env: { PORT: '${port}' },
  startTimeoutMilliseconds: 1_000,
  workingDirectory: '.',
  healthPath: '/health',
  predictPath: '/predict',
  failureStatus: 400,
};
const version = {
  version: '7',
  digest: 'sha256:7',
  artifactUri: 'models:/helper/7',
  artifactDigest: 'sha256:a',
};

it('tells the server which prompts and settings belong to its version', () => {
  const plan = planLaunch(
    launcher,
    {
      ...version,
      configuration: [
        { name: 'prompts/answer', digest: 'sha256:b' },
        { name: 'tools', digest: 'v3' },
      ],
    },
    '127.0.0.1',
    4000,
  );
  expect(JSON.parse(plan.env.SLIPWAY_CONFIGURATION)).toEqual({
    'prompts/answer': 'sha256:b',
    tools: 'v3',
  });
  expect(plan.env.PORT).toBe('4000');
  expect(
    planLaunch(launcher, version, '127.0.0.1', 4000).env,
  ).not.toHaveProperty('SLIPWAY_CONFIGURATION');
});
