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
    workers?: {
      /** How often promotions are looked at that nothing has woken up. Default 1 second. */
      pollInterval?: HumanDuration | string;
      /** How long a replica may hold a promotion before another one takes it over. Default 20 seconds. */
      lease?: HumanDuration | string;
    };
    registries?: {
      /** How often each model registry is read. Default 30 seconds. */
      pollInterval?: HumanDuration | string;
    };
    catalog?: {
      /** How often the list of models is compared with the catalog. Default 1 minute. */
      pollInterval?: HumanDuration | string;
    };
  };
}
