export interface Config {
  modelDelivery?: {
    /**
     * Serves model versions as processes on this machine, behind a proxy that divides their traffic.
     */
    localServing?: {
      /** Whether to serve here at all; false unless set, because it runs the commands below. */
      enabled?: boolean;

      /**
       * Folder for the state, the logs and the measurements, relative to the working directory of the backend. One
       * backend at a time can use it.
       */
      directory: string;

      /** Loopback address of the proxy and the servers; 127.0.0.1 unless set. The proxy asks for no credentials, so no other is accepted. */
      host?: string;

      /** Port of the proxy. Unless set, a free one is chosen once and kept. */
      port?: number;

      /** Ports that the servers may take, both ends included. Unless set, any free one. */
      portRange?: { from: number; to: number };

      /** Names of the environments that are served here; all unless set. */
      environments?: string[];

      /** Entity references of the models that are served here, such as `model:default/churn`; all unless set. */
      models?: string[];

      /** How a server is started, by the scheme of the version's artifact URI. */
      launchers: Array<{
        /** Scheme of the artifact URI, such as `models` for `models:/churn/2`. */
        scheme: string;

        /**
         * Program and arguments; no shell sees them. These placeholders are replaced: artifactUri, artifactPath (without
         * scheme and leading slashes), artifactDigest, version, host, port, and node, the program that runs the
         * backend. Backstage's configuration has a meaning of its own for a dollar sign before a brace: double the
         * dollar sign, as in `$${port}`.
         */
        command: string[];

        /**
         * Environment variables of the server, with the same placeholders. Of the backend's own it gets only PATH, HOME,
         * LANG, LC_ALL, TZ and TMPDIR.
         */
        env?: { [name: string]: string };

        /** Working directory of the server; that of the backend unless set. */
        workingDirectory?: string;

        /** Path that answers 2xx once the server can predict; `/ping` unless set. */
        healthPath?: string;

        /** Path of predictions; `/invocations` unless set. */
        predictPath?: string;

        /**
         * Lowest status of an answer that counts as an error of the server; 500 unless set. MLflow's server answers 400 when
         * a model raises an exception, so use 400 for it.
         */
        failureStatus?: number;

        /**
         * Where the answers have the number that a rollout compares when its policy judges scores. Unless set, as MLflow's server
         * answers: a list of numbers in `predictions`.
         */
        scores?: {
          /** Whether to read it at all; true unless set. */
          enabled?: boolean;
          /** JSON pointer of the list of predictions in an answer, or of the only one; `/predictions` unless set. */
          predictions?: string;
          /** JSON pointer of the number in each prediction, such as `/1` for the second column; the prediction itself unless set. */
          score?: string;
        };

        /** How long a server may take until it answers its health check; 60 unless set. */
        startTimeoutSeconds?: number;
      }>;

      /** Whether to end the servers when the backend shuts down. Unless set they go on, and are found again after a restart. */
      stopOnShutdown?: boolean;

      /** Lets operators of this target divide its traffic themselves, as those of any other target can; off unless set. */
      control?: {
        /**
         * Bearer token of `GET` and `PUT /-/traffic/<namespace>/<model>/<environment>` of the proxy, 20 characters at least.
         * @visibility secret
         */
        token: string;
      };

      /** Bounds of one request to the proxy. */
      limits?: {
        /** Largest body of a request; 5 MiB unless set. */
        maxBodyBytes?: number;
        /** How long a server may take to answer; 30 unless set. */
        answerTimeoutSeconds?: number;
        /** Connections at a time; 256 unless set. */
        maxConnections?: number;
        /** Copies of requests that are on their way to shadowed versions at a time; 16 unless set. What there is no room for is not sent. */
        maxMirrored?: number;
        /** Largest body of a request that is copied to a shadowed version, and of an answer that is compared; 256 KiB unless set. */
        maxMirroredBytes?: number;
        /** Largest body of an answer whose score is read; 64 KiB unless set. Larger ones have none. */
        maxScoredBytes?: number;
      };

      /** How long measurements are kept; 72 unless set. */
      retentionHours?: number;
    };
  };
}
