import { FakeCi } from './FakeCi';
import { FakeGitHub } from './FakeGitHub';
import { FakeGitLab } from './FakeGitLab';
import { FakeJenkins } from './FakeJenkins';

/** A platform with how it is configured. */
export interface TestPlatform {
  name: string;
  start(): Promise<FakeCi>;
  settings(ci: FakeCi): object;
}

export const platforms: TestPlatform[] = [
  {
    name: 'GitHub',
    start: () => new FakeGitHub().start(),
    settings: ({ url }) => ({
      github: {
        apiBaseUrl: url,
        repository: 'acme/churn',
        workflow: 'deploy.yml',
        ref: 'main',
        token: 'gh-token',
      },
    }),
  },
  {
    name: 'GitLab',
    start: () => new FakeGitLab().start(),
    settings: ({ url }) => ({
      gitlab: {
        baseUrl: url,
        project: 'acme/churn',
        ref: 'main',
        triggerToken: 'glptt-token',
        token: 'glpat-token',
      },
    }),
  },
  {
    name: 'Jenkins',
    start: () => new FakeJenkins().start(),
    settings: ({ url }) => ({
      jenkins: {
        baseUrl: `${url}/ci`,
        job: 'models/deploy churn',
        username: 'slipway',
        token: 'jenkins-token',
      },
    }),
  },
];
