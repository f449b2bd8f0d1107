import { HumanDuration } from '@backstage/types';

export interface Config {
  /** Slipway model delivery. */
  modelDelivery?: {
    policies?: {
      /** Folder of policy files (`*.yaml`), one per risk level, that replace the built-in ones. Absolute, or relative to where the backend runs. */
      directory?: string;
    };
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
