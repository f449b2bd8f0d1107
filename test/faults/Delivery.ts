import { FakeDeployer } from '../../plugins/model-delivery-backend/src/__testUtils__/FakeDeployer';
import { isRefusal, Replicas } from './Replicas';

/** Who may approve; two of the three have to. */
const APPROVERS = ['rita', 'ravi', 'olga'].map(name => `user:default/${name}`);
const ROLE = 'model-risk-manager';
const OVER = [
  'succeeded',
  'rolled-back',
  'failed',
  'cancelled',
  'expired',
  'rejected',
];

interface Promotion {
  id: string;
  state: string;
  revision: number;
  approval: { subject: { digest: string } | null };
}

/** What somebody was told by an answer of the API, and that has to be so for ever. */
export interface Promised {
  /** Ids of promotions by the key under which they were asked for. */
  promotions: Map<string, string>;
  /** Ids of promotions and who approved them. */
  approvals: { id: string; by: string }[];
}

/**
 * People who release version after version of a model, or of several models that go together, by the API: they ask again
 * when nobody answers, approve from several tabs at once, stop rollouts, and let what is held go on.
 */
export class Delivery {
  #number = 0;

  constructor(
    private readonly replicas: Replicas,
    private readonly target: FakeDeployer,
    private readonly promised: Promised,
    private readonly random: () => number,
    private readonly models: string[],
  ) {}

  /** Releases one version of each of the models into staging and into production, whatever becomes of it there. */
  async release(): Promise<void> {
    this.#number++;
    const bad = this.#number > 1 && this.random() < 0.25;
    const versions = this.models.map(model => `${model}-${this.#number}`);
    for (const [i, model] of this.models.entries()) {
      this.target.behave(versions[i], {
        requests: 600,
        errorRate: bad && i === 0 ? 0.3 : 0,
      });
      await this.#register(model, versions[i]);
      const id = await this.#ask(model, versions[i], 'staging');
      // Stopped there it could not go on to production
      await this.#accompany(id, { mayStop: false });
    }
    if (this.models.length > 1 && this.#number > 1) {
      await this.#releaseBundle(versions);
      return;
    }
    for (const [i, model] of this.models.entries()) {
      await this.#accompany(await this.#ask(model, versions[i], 'production'));
    }
  }

  async #releaseBundle(versions: string[]): Promise<void> {
    const { id: bundle } = await this.replicas.call<{ id: string }>(
      'POST',
      '/bundles',
      {
        name: `Release ${this.#number}`,
        members: this.models.map((model, i) => ({
          model: `model:default/${model}`,
          version: versions[i],
        })),
      },
    );
    const key = `bundle-${this.#number}`;
    const { members } = await this.replicas.call<{
      members: { promotion: { id: string } | null }[];
    }>('POST', '/bundle-promotions', {
      bundle,
      environment: 'production',
      idempotencyKey: key,
    });
    const ids = members.flatMap(each => each.promotion?.id ?? []);
    ids.forEach((id, i) => this.promised.promotions.set(`${key} ${i}`, id));
    await Promise.all(ids.map(id => this.#accompany(id)));
  }

  async #register(model: string, version: string): Promise<void> {
    const path = `/models/default/${model}`;
    const digit = String(this.#number % 10);
    await this.replicas.call('POST', `${path}/versions`, {
      version,
      parts: {
        code: { commit: digit.repeat(40) },
        data: [{ name: 'rows', version }],
        artifact: { digest: `sha256:${digit.repeat(64)}` },
        configuration: [],
        parameters: { number: String(this.#number) },
        trainedBy: 'user:default/dana',
      },
    });
    await this.replicas.call(
      'POST',
      `${path}/versions/${version}/evaluations`,
      {
        id: `tests-${version}`,
        fact: 'tests',
        measuredAt: new Date(Date.now() - 60_000).toISOString(),
        metrics: [{ name: 'failed', value: 0 }],
      },
    );
  }

  async #ask(model: string, version: string, environment: string) {
    const key = `${version}-${environment}`;
    const { id } = await this.replicas.call<Promotion>('POST', '/promotions', {
      model: `model:default/${model}`,
      version,
      environment,
      idempotencyKey: key,
    });
    this.promised.promotions.set(key, id);
    return id;
  }

  /** Does what people do with a promotion until it is over. */
  async #accompany(id: string, { mayStop = true } = {}): Promise<void> {
    const isToBeStopped = this.random() < 0.1 && mayStop;
    const deadline = Date.now() + 150_000;
    let promotion: Promotion;
    for (;;) {
      promotion = await this.replicas.call('GET', `/promotions/${id}`);
      if (OVER.includes(promotion.state)) {
        return;
      }
      if (Date.now() > deadline) {
        throw new Error(
          `Promotion ${id} is ${promotion.state} after 150 s: ${JSON.stringify(
            promotion,
          )}`,
        );
      }
      await this.#act(promotion, isToBeStopped).catch(error => {
        // It changed meanwhile, or was done already by an answer that got lost
        if (!isRefusal(error)) {
          throw error;
        }
      });
      await new Promise(resolve => setTimeout(resolve, 300));
    }
  }

  async #act(promotion: Promotion, isToBeStopped: boolean): Promise<void> {
    const { id, state, revision } = promotion;
    if (state === 'awaiting-approval') {
      // Each in two tabs
      await Promise.allSettled(
        [...APPROVERS, ...APPROVERS].map(by => this.#approve(promotion, by)),
      );
    } else if (['paused', 'errored', 'blocked'].includes(state)) {
      const event = { paused: 'resume', errored: 'retry' }[state];
      await this.#transition(id, event ?? 're-evaluate', revision);
    } else if (
      state === 'rolling-out' &&
      isToBeStopped &&
      this.random() < 0.2
    ) {
      await this.#transition(id, 'abort', revision);
    }
  }

  async #transition(id: string, event: string, revision: number) {
    await this.replicas.call('POST', `/promotions/${id}/transitions`, {
      event,
      revision,
    });
  }

  async #approve({ id, revision, approval }: Promotion, by: string) {
    await this.replicas.call(
      'POST',
      `/promotions/${id}/decisions`,
      {
        decision: 'approve',
        role: ROLE,
        subjectDigest: approval.subject?.digest,
        revision,
      },
      by,
    );
    this.promised.approvals.push({ id, by });
  }
}
