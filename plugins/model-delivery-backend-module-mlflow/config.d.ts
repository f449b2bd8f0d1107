import { HumanDuration } from '@backstage/types';

export interface Config {
  modelDelivery?: {
    /** MLflow servers whose model registries are read, by the name of the connection, such as `main` in `mlflow://main/credit-default`. */
    mlflow?: {
      [connection: string]: {
        /** Address of the tracking server, with the path that it is served under, such as `https://mlflow.example.com`. */
        baseUrl: string;
        /** Address that people open in a browser, when it is another one. */
        publicUrl?: string;
        /** Name for basic authentication; `password` belongs to it. */
        username?: string;
        /**
         * Password for basic authentication.
         * @visibility secret
         */
        password?: string;
        /**
         * Bearer token, instead of a user name and a password.
         * @visibility secret
         */
        token?: string;
        /**
         * With which the server signs its webhooks, at least 20 characters; none are taken without.
         * @visibility secret
         */
        webhookSecret?: string;
        /**
         * Whether what was measured of logged models is read, and counts at gates as evaluations. Whoever can write to this
         * server can measure then. Default false.
         */
        evaluations?: boolean;
        /** How long one request may take. Default 15 seconds. */
        timeout?: HumanDuration | string;
        /**
         * How often the aliases of all models are compared with those last seen: MLflow does not count a moved alias as
         * a change of the version. Default 5 minutes.
         */
        aliasInterval?: HumanDuration | string;
        /**
         * How often everything is read again, for changes that MLflow keeps no time of: tags, and what is added to a
         * run after its version was registered. Default 6 hours.
         */
        fullReadInterval?: HumanDuration | string;
      };
    };
  };
}
