import { HumanDuration } from '@backstage/types';

export interface Config {
  modelDelivery?: {
    /** Prometheus servers that say how versions behave, by the name of the connection; the metrics source is called `prometheus:NAME`. */
    prometheus?: {
      [connection: string]: {
        /** Address of the HTTP API, with the path that it is served under, such as `https://prometheus.example.com`. */
        baseUrl: string;
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
         * Further headers of each request, such as `X-Scope-OrgID` for Mimir.
         * @visibility secret
         */
        headers?: { [name: string]: string };
        /** How long one request may take. Default 15 seconds. */
        timeout?: HumanDuration | string;
        /** Names of the environments that are watched; all unless set. */
        environments?: string[];
        /** Entity references of the models that are watched, such as `model:default/churn`; all unless set. */
        models?: string[];
        /**
         * Which labels tell the series of one version, with their values. Placeholders in a value: name, namespace and
         * ref of the model, environment, version. Backstage's configuration has a meaning of its own for a dollar sign
         * before a brace: double the dollar sign, as in `$${version}`. Default: model is the name, environment and
         * version are those.
         */
        labels?: { [label: string]: string };
        /**
         * What is asked. Placeholders: matchers (all of `labels`, as matchers), those of `labels`, and range.
         *
         * A text without range is a selector of counters: their raw samples are read, and counted without extrapolation.
         * One with range is any PromQL; its value is taken as the count in the interval.
         */
        queries: {
          /** Requests, such as `http_requests_total{$${matchers}}`. */
          requests: string;
          /**
           * Failed requests. Unless set, those of `requests` whose `errorLabel` fits `errorPattern`. When it answers
           * nothing while there are requests, nothing is known: let it answer 0 by `or vector(0)`.
           */
          errors?: string;
          /** Buckets of a classic histogram, such as `http_request_duration_seconds_bucket{$${matchers}}`. Latencies are not known unless set. */
          latencies?: string;
          /**
           * What was predicted, one score an answer, by a histogram: the buckets of a classic one, such as
           * `prediction_score_bucket{$${matchers}}`, or a native one, such as `prediction_score{$${matchers}}`. Give it
           * bounds around all scores (0 and 1 for probabilities) and so close that no bucket holds a larger share of
           * them than the margin. Scores are not known unless set.
           */
          scores?: string;
        };
        /** Label of the requests that tells how each ended; `status` unless set. */
        errorLabel?: string;
        /** Regular expression for the whole value of `errorLabel` of a failed request; `5..` unless set. */
        errorPattern?: string;
        /** Unit of the bounds of the latency buckets; seconds unless set. */
        latencyUnit?: 'seconds' | 'milliseconds';
        /**
         * Whether to believe that latencies lie evenly within their bucket, as `histogram_quantile` does. Unless set, a
         * canary whose difference could hide within the buckets is neither passed nor failed.
         */
        trustInterpolation?: boolean;
        /** How often Prometheus reads the model servers. Default 15 seconds. */
        scrapeInterval?: HumanDuration | string;
      };
    };
  };
}
