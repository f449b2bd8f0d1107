/** What kind of trouble there was with a Prometheus server. */
export type PrometheusTrouble =
  | 'unreachable'
  | 'refused'
  | 'rejected'
  | 'nonsense';

/** Trouble with a Prometheus server, named. It never holds credentials. */
export class PrometheusError extends Error {
  readonly name = 'PrometheusError';

  constructor(readonly trouble: PrometheusTrouble, message: string) {
    super(message);
  }
}
