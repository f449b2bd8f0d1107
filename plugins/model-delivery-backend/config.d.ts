import { HumanDuration } from '@backstage/types';

export interface Config {
  /** Slipway model delivery. */
  modelDelivery?: {
    policies?: {
      /** Folder of policy files (`*.yaml`) that take the places of the built-in ones or build on them. Absolute, or relative to where the backend runs. */
      directory?: string;
      /** Instead of a folder: the address of one that Backstage's URL readers can read, such as https://github.com/acme/policies/tree/main/policies. */
      url?: string;
      /** How often the files are read again. Default 30 seconds. */
      reloadInterval?: HumanDuration | string;
    };
    /**
     * Who deploys where and who watches, for installations in which more than one deployer or metrics source could. The
     * first entry that fits a target and names one decides; without one it is the first installed that serves or
     * watches the target by its own configuration.
     */
    targets?: Array<{
      /** Name of the environment, such as `production`; any unless set. */
      environment?: string;
      /** Entity reference of the model, such as `model:default/churn`; any unless set. */
      model?: string;
      /** Id of the deployer, such as `local-serving` or `webhook:main`. It has to serve the target by its own configuration. */
      deployer?: string;
      /** Id of the metrics source, such as `prometheus:main`. It has to watch the target by its own configuration. */
      metricsSource?: string;
    }>;
    /**
     * Who commits and trains under names that the catalog does not know. A version by somebody unknown is not put before
     * people, since whoever made it may not be among those who approve.
     */
    people?: {
      /** Further addresses and account names of users. */
      aliases?: Array<{
        /** An e-mail address, or the name of an account, such as `dana@home.example`. */
        name: string;
        /** Entity reference of the user, such as `user:default/dana`. */
        user: string;
      }>;
      /**
       * Names and addresses of programs, such as `*[bot]@users.noreply.github.com`; `*` stands for any characters. Whoever
       * trained a version of which its registry says nobody is `service:registry`.
       */
      machines?: string[];
    };
    /** Changes that are made at targets and in registries without Slipway. */
    outsideChanges?: {
      /** How long a difference from the history has to last before it is raised. Default 30 seconds. */
      debounce?: HumanDuration | string;
      /**
       * Aliases of the model registry that are watched, by the name of the environment that each follows. Default
       * `production: champion`. An alias that nobody has set is not missed. Where `registries.writeAliases` says so,
       * Slipway sets them.
       */
      aliases?: { [environment: string]: string };
    };
    /**
     * Other tools that may ask by their own hooks whether a version may go on. What is not named here may not ask. See
     * docs/asking-for-a-verdict.md.
     */
    releaseHooks?: {
      /** Flagger's webhooks, by a name that is also the user of their Basic authentication. */
      flagger?: {
        [connection: string]: {
          /**
           * Password in the URL of the webhooks, 20 characters at least.
           * @visibility secret
           */
          password: string;
          /** Entity references of the models that it may ask about; any unless set. */
          models?: string[];
          /** Names of the environments that it may ask about; any unless set. */
          environments?: string[];
        };
      };
      /** GitHub Apps that deployment protection rules belong to. */
      github?: {
        [connection: string]: {
          /** Address of the API; `https://api.github.com` unless set, `https://HOST/api/v3` for GitHub Enterprise Server. */
          apiBaseUrl?: string;
          /**
           * Secret of the app's webhook, 20 characters at least.
           * @visibility secret
           */
          webhookSecret: string;
          /** Id of the app. */
          appId: string | number;
          /**
           * Private key of the app, PEM.
           * @visibility secret
           */
          privateKey: string;
          /** Which model each environment of a repository deploys. */
          deployments: Array<{
            /** Owner and name, such as `acme/churn`. */
            repository: string;
            /** The environment's name in GitHub. */
            githubEnvironment: string;
            /** Entity reference of the model, such as `model:default/churn`. */
            model: string;
            /** The environment's name in the policy, such as `production`. */
            environment: string;
          }>;
        };
      };
      /** GitLab's external status checks. */
      gitlab?: {
        [connection: string]: {
          /** Address of GitLab; `https://gitlab.com` unless set. */
          baseUrl?: string;
          /**
           * Shared secret of the status check, 20 characters at least.
           * @visibility secret
           */
          sharedSecret: string;
          /**
           * Token with the scope `api` of somebody who may approve merge requests there.
           * @visibility secret
           */
          token: string;
          /** Which model the merge requests of a project release. */
          checks: Array<{
            /** Path of the project, such as `acme/churn`. */
            project: string;
            /** Only merge requests into this branch; any unless set. */
            targetBranch?: string;
            /** Entity reference of the model, such as `model:default/churn`. */
            model: string;
            /** The environment's name in the policy, such as `staging`. */
            environment: string;
          }>;
        };
      };
      /** How often a question that waits is judged again. Default 10 seconds. */
      recheckInterval?: HumanDuration | string;
      /** After how long without a decision GitHub and GitLab are told no. Default 7 days. */
      patience?: HumanDuration | string;
      /** How long one request to GitHub or GitLab may take. Default 10 seconds. */
      timeout?: HumanDuration | string;
    };
    /** What serving sides push of how versions behave; rollouts are judged by it under the metrics source `pushed-samples`. */
    pushedSamples?: {
      /** How long samples are kept. Default 7 days. */
      retention?: HumanDuration | string;
      /** How long after the last samples a model counts as watched in an environment. Default 15 minutes. */
      silence?: HumanDuration | string;
    };
    workers?: {
      /** How often promotions are looked at that nothing has woken up. Default 1 second. */
      pollInterval?: HumanDuration | string;
      /** How long a replica may hold a promotion before another one takes it over. Default 20 seconds. */
      lease?: HumanDuration | string;
      /**
       * How long a deployer or a metrics source may take for one answer. Then it counts as technical trouble and is asked
       * again. Jobs that take longer answer that they are pending. Default 15 seconds.
       */
      answerLimit?: HumanDuration | string;
      /**
       * How many promotions one replica works on at a time. They share the connections of the database; most of the time
       * they wait for deployers and metrics sources. Default 64.
       */
      concurrency?: number;
    };
    registries?: {
      /** How often each model registry is read. Default 30 seconds. */
      pollInterval?: HumanDuration | string;
      /**
       * Connections, such as `mlflow://main`, in which the aliases of `outsideChanges.aliases` are set to the version that
       * serves, after each promotion and rollback. The others are only read. Default none.
       */
      writeAliases?: string[];
    };
    /** The teams' texts that complete model cards. */
    cards?: {
      /** Largest text that is read, in bytes; a larger one is refused, and the card says so. Default 1000000. */
      maxBytes?: number;
      /** How long a text counts as unchanged before its repository is asked again. Default 1 minute. */
      refreshInterval?: HumanDuration | string;
      /** How long the search may find a text as it was before its repository is asked again. Default 6 hours. */
      indexInterval?: HumanDuration | string;
    };
    catalog?: {
      /** How often the list of models is compared with the catalog. Default 1 minute. */
      pollInterval?: HumanDuration | string;
    };
  };
}
