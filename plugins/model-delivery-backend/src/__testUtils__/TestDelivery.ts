import {
  Promotion,
  PromotionState,
} from '@slipway/backstage-plugin-model-delivery-common';
import request from 'supertest';
import { people } from './people';
import { TestEngine } from './startTestEngine';

const sha = (character: string, length = 64) => character.repeat(length);

/** Expects a status, and shows the answer when it is another one. */
export function answers(status: number) {
  return (response: request.Response) => {
    if (response.status !== status) {
      throw new Error(
        `Expected ${status}, got ${response.status}: ${JSON.stringify(
          response.body,
        )}`,
      );
    }
  };
}

/** Metrics with which every gate of the high-risk policy passes, by fact. */
export const GOOD_FACTS: Record<string, Record<string, number>> = {
  tests: { failed: 0, coverage: 0.91 },
  data: {
    schema_violations: 0,
    null_share: 0.01,
    volume_change: 0.04,
    drift_psi: 0.05,
  },
  training: { accuracy: 0.9 },
  candidate: {
    accuracy: 0.9,
    f1: 0.846,
    fairness_gap: 0.02,
    robustness_drop: 0.01,
    regression_failures: 0,
  },
  card: { completeness: 1, age_days: 3 },
  scan: { critical_vulnerabilities: 0, forbidden_licences: 0 },
  serving: { latency_p95_ms: 40, contract_failures: 0 },
};

/** Good facts of a version that is better than those of lower numbers. */
export function goodFacts(
  number: number,
): Record<string, Record<string, number>> {
  return {
    ...GOOD_FACTS,
    candidate: { ...GOOD_FACTS.candidate, f1: 0.84 + number / 500 },
  };
}

/** What a test asks of an engine again and again, through HTTP. */
export class TestDelivery {
  readonly #engine: TestEngine;
  readonly model: string;

  constructor(engine: TestEngine, model = 'credit-default') {
    this.#engine = engine;
    this.model = model;
  }

  get path(): string {
    return `/models/default/${this.model}`;
  }

  /** How the traffic of production is divided where it is deployed to: `v2=25 v1=75`. */
  shares(): string {
    return this.#engine.deployer
      .sharesOf({
        model: `model:default/${this.model}`,
        environment: 'production',
      })
      .map(each => `${each.version}=${each.share}`)
      .join(' ');
  }

  /** Registers a version with good evidence; dana trained it and milo committed it unless told otherwise. */
  async register(
    version: string,
    options: {
      facts?: Record<string, Record<string, number>>;
      trainedBy?: string;
      configuration?: { name: string; digest: string }[];
      commits?: { sha: string; author: string; authoredAt: string }[];
    } = {},
  ): Promise<void> {
    const digit = version.replace(/\D/g, '').slice(-1) || '0';
    await this.#engine
      .as()
      .post(`${this.path}/versions`, {
        version,
        parts: {
          code: { commit: sha(digit, 40) },
          data: [{ name: 'loans', version: digit }],
          artifact: { digest: `sha256:${sha(digit)}` },
          configuration: options.configuration ?? [],
          parameters: {},
          trainedBy: options.trainedBy ?? people.dataScientist,
        },
        commits: options.commits ?? [
          {
            sha: `8f2c1e7${sha(digit, 33)}`,
            author: 'milo@example.com',
            authoredAt: '2026-11-20T08:00:00Z',
          },
        ],
      })
      .expect(answers(201));
    await this.report(version, options.facts ?? goodFacts(Number(digit)));
  }

  /** Reports measurements of a version. */
  async report(
    version: string,
    facts: Record<string, Record<string, number>>,
    id = 'first',
  ): Promise<void> {
    for (const [fact, metrics] of Object.entries(facts)) {
      await this.#engine
        .as()
        .post(`${this.path}/versions/${version}/evaluations`, {
          id: `${id}-${fact}`,
          fact,
          measuredAt: this.#engine.clock.now().toISOString(),
          metrics: Object.entries(metrics).map(([name, value]) => ({
            name,
            value,
          })),
        })
        .expect(answers(201));
    }
  }

  /** Asks for a promotion, as dana unless told otherwise. */
  request(
    version: string,
    environment: string,
    more: { by?: string; idempotencyKey?: string; reason?: string } = {},
  ): request.Test {
    const { by, ...body } = more;
    return this.#engine.as(by ?? people.dataScientist).post('/promotions', {
      model: `model:default/${this.model}`,
      version,
      environment,
      ...body,
    });
  }

  /** The promotion as somebody sees it. */
  async get(id: string, as: string = people.dataScientist): Promise<Promotion> {
    const { body } = await this.#engine
      .as(as)
      .get(`/promotions/${id}`)
      .expect(answers(200));
    return body;
  }

  /** Waits, in real time and without moving the clock, until a promotion fits. */
  async until(
    id: string,
    fits: PromotionState | ((promotion: Promotion) => boolean),
  ): Promise<Promotion> {
    const deadline = Date.now() + 20_000;
    let promotion: Promotion;
    do {
      promotion = await this.get(id);
      if (
        typeof fits === 'string' ? promotion.state === fits : fits(promotion)
      ) {
        return promotion;
      }
      await new Promise(resolve => setTimeout(resolve, 20));
    } while (Date.now() < deadline);
    throw new Error(
      `Promotion ${id} did not come to ${fits}; it is ${promotion.state}: ${promotion.statement}`,
    );
  }

  /** Decides as somebody on what the promotion is now. */
  async decide(
    id: string,
    by: string,
    role: string,
    more: {
      decision?: 'approve' | 'reject';
      reason?: string;
      revision?: number;
      subjectDigest?: string;
    } = {},
  ): Promise<request.Response> {
    const promotion = await this.get(id);
    return this.#engine.as(by).post(`/promotions/${id}/decisions`, {
      decision: 'approve',
      role,
      revision: promotion.revision,
      subjectDigest: promotion.approval.subject?.digest,
      reason: 'Checked',
      ...more,
    });
  }

  /** Approves as the two roles that high risk asks for. */
  async approve(id: string): Promise<void> {
    await this.until(id, 'awaiting-approval');
    const first = await this.decide(
      id,
      people.riskManager,
      'model-risk-manager',
    );
    const second = await this.decide(
      id,
      people.complianceOfficer,
      'compliance-officer',
    );
    [first, second].forEach(answers(201));
  }

  /** Lets something happen to a promotion. */
  async transition(
    id: string,
    event: string,
    by: string = people.mlEngineer,
  ): Promise<request.Response> {
    const { revision } = await this.get(id);
    return this.#engine
      .as(by)
      .post(`/promotions/${id}/transitions`, { event, revision });
  }

  /** Takes a version to staging, where it proves itself at once. */
  async stage(version: string): Promise<void> {
    const { body } = await this.request(version, 'staging').expect(
      answers(201),
    );
    await this.until(body.id, 'succeeded');
  }

  /** Takes a version through staging to production as the first one there. */
  async deployFirst(version: string): Promise<void> {
    await this.stage(version);
    const { body } = await this.request(version, 'production').expect(
      answers(201),
    );
    await this.approve(body.id);
    await this.until(body.id, 'succeeded');
    this.#engine.clock.advance({ minutes: 5 });
  }

  /** Asks for a version in production, and waits until people are asked to decide. */
  async askForApproval(version: string, by?: string): Promise<string> {
    const { body } = await this.request(version, 'production', { by }).expect(
      answers(201),
    );
    await this.until(body.id, 'awaiting-approval');
    return body.id;
  }

  /** Asks for a version in production, approved and on its way: the first step of its canary runs. */
  async startCanary(version: string): Promise<string> {
    await this.stage(version);
    return this.startStagedCanary(version);
  }

  /** As `startCanary`, of a version that is in staging. */
  async startStagedCanary(version: string): Promise<string> {
    const { body } = await this.request(version, 'production').expect(
      answers(201),
    );
    await this.approve(body.id);
    await this.untilStep(body.id, 0);
    return body.id;
  }

  /** Takes a version through its whole canary, whose windows last half an hour: it serves all traffic of production. */
  async completeCanary(version: string): Promise<string> {
    const id = await this.startCanary(version);
    for (const index of [0, 1, 2, 3]) {
      await this.untilStep(id, index);
      this.#engine.clock.advance({ minutes: 31 });
    }
    await this.until(id, 'succeeded');
    return id;
  }

  /** Waits until a step of the rollout runs. */
  untilStep(id: string, index: number): Promise<Promotion> {
    return this.until(
      id,
      promotion => promotion.rollout?.steps[index]?.state === 'running',
    );
  }
}
