import { AuthenticationError } from '@backstage/errors';
import {
  ModelRegistry,
  RegistryChanges,
  RegistryDelivery,
  RegistryMetricHistory,
  RegistryNotice,
  RegistryVersion,
} from '@slipway/backstage-plugin-model-delivery-node';

/** A version of `Credit Default` as MLflow would tell it. */
export function registryVersion(
  name: string,
  changes: Partial<RegistryVersion> = {},
): RegistryVersion {
  return {
    model: 'Credit Default',
    version: name,
    uri: `models:/Credit Default/${name}`,
    url: `http://mlflow.example.com/${name}`,
    runId: `run-${name}`,
    aliases: ['champion'],
    tags: {},
    parameters: { depth: '4' },
    metrics: { f1: 0.8, loss: NaN },
    datasets: [{ name: 'loans', digest: 'd1' }],
    user: 'dana@example.com',
    createdAt: new Date('2026-11-20T10:00:00Z'),
    updatedAt: new Date('2026-11-20T10:00:00Z'),
    ...changes,
  };
}

/** Tells its pages from the cursor on, and fails as told. */
export class FakeRegistry implements ModelRegistry {
  readonly id = 'main';
  readonly type = 'mlflow';
  readonly url = 'http://mlflow.example.com';
  readonly pages: RegistryVersion[][] = [];
  readonly cursors: (string | undefined)[] = [];
  failure: string | undefined;
  /** Tells pages but the last as part of reading everything, up to this moment. */
  importedUntil?: Date;
  failAfterPages = 0;
  /** Tells the last page as one that completes a reading of everything. */
  completes = false;

  async *readChanges(options: {
    cursor?: string;
  }): AsyncIterable<RegistryChanges> {
    this.cursors.push(options.cursor);
    const from = Number(options.cursor ?? 0);
    for (let i = from; i < this.pages.length; i++) {
      if (this.failure && i - from >= this.failAfterPages) {
        throw new Error(this.failure);
      }
      yield {
        versions: this.pages[i],
        cursor: String(i + 1),
        ...(this.importedUntil &&
          i < this.pages.length - 1 && {
            importing: { reached: this.importedUntil },
          }),
        ...(this.completes &&
          i === this.pages.length - 1 && { complete: true }),
      };
    }
    if (this.failure) {
      throw new Error(this.failure);
    }
  }

  /** What `readModel` was asked for. */
  readonly asked: { model: string; versions: string[] }[] = [];
  /** What it answers, by model; fails as often as told before. */
  readonly models = new Map<string, RegistryVersion[]>();
  modelFailures = 0;
  /** Called while a model is read. */
  whileReading?: () => Promise<void>;

  /** Believes deliveries whose header `x-signature` is `good`; the body is the notice. */
  readDelivery(delivery: RegistryDelivery): RegistryNotice {
    if (delivery.header('X-Signature') !== 'good') {
      throw new AuthenticationError('The signature is wrong');
    }
    return JSON.parse(delivery.body.toString('utf8'));
  }

  readModel? = async (options: { model: string; versions: string[] }) => {
    this.asked.push({ model: options.model, versions: options.versions });
    await this.whileReading?.();
    if (this.modelFailures > 0) {
      this.modelFailures--;
      throw new Error('reset');
    }
    return this.models.get(options.model) ?? [];
  };

  /** What `readMetricHistory` was asked for. */
  readonly historiesAsked: object[] = [];

  readMetricHistory? = async (options: {
    model: string;
    version: string;
    runId?: string;
    metrics: string[];
  }): Promise<RegistryMetricHistory[]> => {
    const { model, version, runId, metrics } = options;
    this.historiesAsked.push({ model, version, runId, metrics });
    if (this.failure) {
      throw new Error(this.failure);
    }
    return metrics.map(metric => ({
      metric,
      sampled: false,
      points: [NaN, 0.5, 0.25].map((value, step) => ({
        step,
        at: new Date(Date.UTC(2026, 10, 20, 10, step)),
        value,
      })),
    }));
  };

  /** What `readTraces` answers, by logged model; nothing when it cannot count. */
  traces?: Record<string, number>;

  readTraces? = async ({ loggedModel }: { loggedModel?: string }) => {
    if (this.failure) {
      throw new Error(this.failure);
    }
    return (
      this.traces && {
        count: this.traces[loggedModel ?? ''] ?? 0,
        url: 'http://mlflow.example.com/traces',
      }
    );
  };
}
