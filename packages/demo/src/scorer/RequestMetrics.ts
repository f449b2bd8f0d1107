/** Upper bounds of the latency buckets in seconds; close together where the scorer's own lie. */
const BOUNDS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5,
  1, 2, 5,
];

/** Counts requests for predictions, and tells them as Prometheus reads them (text format 0.0.4). */
export class RequestMetrics {
  readonly #requests = new Map<number, number>();
  readonly #buckets = BOUNDS.map(() => 0);
  #count = 0;
  #sum = 0;

  /** @param seconds - from the whole request to the answer */
  answered(status: number, seconds: number): void {
    this.#requests.set(status, (this.#requests.get(status) ?? 0) + 1);
    BOUNDS.forEach((bound, i) => {
      this.#buckets[i] += seconds <= bound ? 1 : 0;
    });
    this.#count += 1;
    this.#sum += seconds;
  }

  get text(): string {
    const requests = [...this.#requests].map(
      ([status, count]) => `scorer_requests_total{status="${status}"} ${count}`,
    );
    const buckets = BOUNDS.map(
      (bound, i) =>
        `scorer_request_duration_seconds_bucket{le="${bound}"} ${
          this.#buckets[i]
        }`,
    );
    return `${[
      '# TYPE scorer_requests_total counter',
      ...requests,
      '# TYPE scorer_request_duration_seconds histogram',
      ...buckets,
      `scorer_request_duration_seconds_bucket{le="+Inf"} ${this.#count}`,
      `scorer_request_duration_seconds_sum ${this.#sum}`,
      `scorer_request_duration_seconds_count ${this.#count}`,
    ].join('\n')}\n`;
  }
}
