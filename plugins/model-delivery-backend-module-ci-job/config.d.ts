import { HumanDuration } from '@backstage/types';

export interface Config {
  modelDelivery?: {
    /**
     * Jobs of a CI platform that deploy, by the name of the connection; the deployer is called `ci-job:NAME`. Each has
     * exactly one of `github`, `gitlab` and `jenkins`.
     */
    ciJob?: {
      [connection: string]: {
        /** A workflow of GitHub Actions with the trigger `workflow_dispatch`. */
        github?: {
          /** Address of the API; `https://api.github.com` unless set. */
          apiBaseUrl?: string;
          /** Owner and name, such as `acme/churn`. */
          repository: string;
          /** File name of the workflow, such as `deploy.yml`. */
          workflow: string;
          /** Branch or tag whose workflow runs. */
          ref: string;
          /**
           * Token that may read and write actions of the repository.
           * @visibility secret
           */
          token: string;
        };
        /** A pipeline of GitLab CI. */
        gitlab?: {
          /** Address of GitLab; `https://gitlab.com` unless set. */
          baseUrl?: string;
          /** Number or path of the project, such as `acme/churn`. */
          project: string;
          /** Branch or tag whose pipeline runs. */
          ref: string;
          /**
           * Pipeline trigger token.
           * @visibility secret
           */
          triggerToken: string;
          /**
           * Project access token with the scope `api`, to look at pipelines and to cancel them.
           * @visibility secret
           */
          token: string;
        };
        /** A parameterized job of Jenkins. */
        jenkins?: {
          /** Address of Jenkins, with its path. */
          baseUrl: string;
          /** Path of the job by names, such as `models/churn/deploy`. */
          job: string;
          /** User that may build, read and cancel the job. */
          username: string;
          /**
           * API token of the user.
           * @visibility secret
           */
          token: string;
        };
        /** Names of the environments that it deploys to; all unless set. */
        environments?: string[];
        /** Entity references of the models that it deploys, such as `model:default/churn`; all unless set. */
        models?: string[];
        /** For which operations the job runs; the others are done at once. All unless set. */
        operations?: Array<'prepare' | 'setTraffic' | 'release'>;
        /** Whether the job can divide traffic between versions; true unless set. */
        dividesTraffic?: boolean;
        /** How often a job is looked at. Default 15 seconds. */
        pollInterval?: HumanDuration | string;
        /** How long a job may take. Default 6 hours. */
        operationLimit?: HumanDuration | string;
        /** How long one request may take. Default 15 seconds. */
        timeout?: HumanDuration | string;
        /** How long after it was triggered a job may stay out of sight. Default 2 minutes. */
        appearWithin?: HumanDuration | string;
        /** How long the platform may be out of reach before a person has to look. Default 15 minutes. */
        outageLimit?: HumanDuration | string;
      };
    };
  };
}
