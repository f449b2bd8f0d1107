import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { APIRequestContext, expect } from '@playwright/test';

const ARTIFACTS = resolve(__dirname, '../../../examples/artifacts');
/** State of the portal. */
export const STATE =
  process.env.SLIPWAY_E2E_STATE ??
  join(process.env.SLIPWAY_E2E_SCRATCH!, 'state');
const HOUR = 3_600_000;

/** The token in test/e2e/portal/app-config.yaml. */
const OPERATORS = 'those-who-operate-the-target';

/** Requests that every version of the artifacts answers. */
export const REQUESTS: unknown[] = [
  { days_since_last_visit: 40, visits_90d: 2, basket_value_mean: 31 },
  { days_since_last_visit: 3, visits_90d: 11, basket_value_mean: 52 },
].map(row => ({ dataframe_records: [{ ...row, visits_change_yoy: -0.1 }] }));

/** Good enough for every gate; the F1 of each version is given. */
const FACTS = (f1: number) => ({
  tests: { failed: 0, coverage: 0.91, static_findings: 0 },
  data: {
    schema_violations: 0,
    null_share: 0.01,
    volume_change: 0.02,
    drift_psi: 0.04,
  },
  training: { accuracy: 0.905 },
  candidate: {
    accuracy: 0.9,
    f1,
    fairness_gap: 0.02,
    robustness_drop: 0.01,
    regression_failures: 0,
  },
  serving: { latency_p95_ms: 20, contract_failures: 0 },
  card: { completeness: 1, age_days: 12 },
});

const HIGHER = ['coverage', 'accuracy', 'f1', 'completeness'];

/** One of the models of test/e2e/portal/models.yaml, as its pipeline and those who operate its target have it. */
export class ServedModel {
  readonly #request: APIRequestContext;
  readonly #trainedBy: string;
  readonly name: string;

  /** @param trainedBy - who trained each of its versions */
  constructor(
    request: APIRequestContext,
    name: string,
    trainedBy = 'user:default/l.weber',
  ) {
    this.#request = request;
    this.#trainedBy = trainedBy;
    this.name = name;
  }

  /** Its page in the catalog. */
  get page(): string {
    return `/catalog/default/model/${this.name}`;
  }

  /**
   * Registers versions, each with good evidence and having served in staging; the first one serves in production.
   * @param versions - by name, from v1 on: v2 is served from the second artifact
   */
  async arrange(versions: readonly string[]): Promise<void> {
    const known = await this.#get(`/versions/${versions[0]}`);
    if (known.ok()) {
      // By an earlier run on a portal that was running already
      return;
    }
    const now = Date.now();
    for (const [i, version] of versions.entries()) {
      await this.#register(version, 0.8 + i / 500);
      await this.#record(version, 'staging', now - (20 - i) * HOUR);
    }
    await this.#record(versions[0], 'production', now - 19 * HOUR);
  }

  /** Where predictions are asked for, in production unless told, once a server is up. */
  async endpoint(environment = 'production'): Promise<string> {
    let endpoint: string | null = null;
    await expect
      .poll(async () => {
        const { environments } = await (await this.#get('')).json();
        endpoint = environments.find(
          (each: { name: string }) => each.name === environment,
        ).endpoint;
        return endpoint;
      })
      .not.toBeNull();
    return endpoint!;
  }

  /** The version that serves in an environment by the history. */
  async serving(environment: string): Promise<string | undefined> {
    const { environments } = await (await this.#get('')).json();
    return environments.find(
      (each: { name: string }) => each.name === environment,
    ).serving[0]?.version;
  }

  /** Which version answers now. */
  async answering(): Promise<string | undefined> {
    const response = await this.#request.post(await this.endpoint(), {
      data: REQUESTS[0],
    });
    return response.headers()['x-slipway-version'];
  }

  /** Gives a version all traffic at the target itself, past Slipway. */
  async moveOutside(version: string): Promise<void> {
    const endpoint = new URL(await this.endpoint());
    const response = await this.#request.put(
      `${endpoint.origin}/-/traffic${endpoint.pathname}`,
      {
        headers: { authorization: `Bearer ${OPERATORS}` },
        data: { shares: [{ version, share: 100 }] },
      },
    );
    expect(response.status(), await response.text()).toBe(200);
  }

  /** Reports that the unit tests of a version covered another share of its code. */
  async reportCoverage(version: string, coverage: number): Promise<void> {
    await this.#report(version, 'tests', `coverage-${coverage}`, {
      ...FACTS(0).tests,
      coverage,
    });
  }

  async #register(version: string, f1: number): Promise<void> {
    const path = `churn-retail/${version}`;
    const content = readFileSync(join(ARTIFACTS, `${path}.json`));
    const digest = createHash('sha256').update(content).digest('hex');
    const commit = createHash('sha1')
      .update(`${this.name}/${version}`)
      .digest('hex');
    await this.#post('/versions', {
      version,
      parts: {
        code: { commit },
        data: [{ name: 'loyalty-activity', version: '2026-11' }],
        artifact: { digest: `sha256:${digest}`, uri: `scorer:${path}` },
        configuration: [],
        parameters: {},
        trainedBy: this.#trainedBy,
      },
      commits: [
        {
          sha: commit,
          author: 'user:default/l.weber',
          authoredAt: new Date(Date.now() - 30 * HOUR).toISOString(),
        },
      ],
    });
    for (const [fact, metrics] of Object.entries(FACTS(f1))) {
      await this.#report(version, fact, fact, metrics);
    }
  }

  async #report(
    version: string,
    fact: string,
    id: string,
    metrics: Record<string, number>,
  ): Promise<void> {
    await this.#post(`/versions/${version}/evaluations`, {
      id: `${version}-${id}`,
      fact,
      measuredAt: new Date().toISOString(),
      metrics: Object.entries(metrics).map(([name, value]) => ({
        name,
        value,
        higherIsBetter: HIGHER.includes(name),
        // Apart by less than what chance does: a version that is a little worse is let through with a warning
        ...(name === 'f1' && {
          interval: { low: value - 0.02, high: value + 0.02, level: 0.95 },
        }),
      })),
    });
  }

  #record(version: string, environment: string, at: number): Promise<void> {
    return this.#post('/deployments', {
      id: `${version}-${environment}`,
      version,
      environment,
      startedAt: new Date(at).toISOString(),
    });
  }

  #get(path: string) {
    return this.#request.get(this.#url(path), { headers: pipeline() });
  }

  async #post(path: string, data: object): Promise<void> {
    const response = await this.#request.post(this.#url(path), {
      headers: pipeline(),
      data,
    });
    expect([200, 201], await response.text()).toContain(response.status());
  }

  #url(path: string): string {
    return `/api/model-delivery/models/default/${this.name}${path}`;
  }
}

/** What a pipeline reports with. */
function pipeline() {
  const token = readFileSync(join(STATE, 'pipeline-token'), 'utf8').trim();
  return { authorization: `Bearer ${token}` };
}
