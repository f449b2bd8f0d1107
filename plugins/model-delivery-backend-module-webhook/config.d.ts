import { HumanDuration } from '@backstage/types';

export interface Config {
  modelDelivery?: {
    /** Services that deploy when a signed request tells them to, by the name of the connection; the deployer is called `webhook:NAME`. */
    webhook?: {
      [connection: string]: {
        /** Where operations are posted to. */
        url: string;
        /**
         * Secret of at least 32 characters, by which requests and results are signed.
         * @visibility secret
         */
        secret: string;
        /**
         * Where an accepted operation is asked about with GET, with the placeholder operationKey; double the dollar sign, as in
         * `https://deploy.example.com/operations/$${operationKey}`. Unless set, the operation is posted again.
         */
        statusUrl?: string;
        /** Names of the environments that it deploys to; all unless set. */
        environments?: string[];
        /** Entity references of the models that it deploys, such as `model:default/churn`; all unless set. */
        models?: string[];
        /** Whether it can divide traffic between versions; true unless set. */
        dividesTraffic?: boolean;
        /**
         * Whether it keeps two versions ready whatever their shares, moves all traffic between them at once, and keeps the
         * one that it left ready until it is told to release it; false unless set, and then blue-green is refused.
         */
        blueGreen?: boolean;
        /** How long one request may take. Default 10 seconds. */
        timeout?: HumanDuration | string;
        /** How often an accepted operation is asked about. Default 5 seconds. */
        pollInterval?: HumanDuration | string;
        /** How long an operation may take in all. Default 1 hour. */
        operationLimit?: HumanDuration | string;
        /** First pause after trouble; it doubles each time, to 5 minutes at most. Default 2 seconds. */
        backOff?: HumanDuration | string;
        /** How often in a row a request may meet trouble before a person has to look. Default 8. */
        attempts?: number;
      };
    };
  };
}
