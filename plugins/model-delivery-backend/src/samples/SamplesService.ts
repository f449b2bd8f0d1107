import { ConflictError, NotAllowedError } from '@backstage/errors';
import {
  samplesPushPermission,
  SampleBatch,
  SampleReceipt,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { isUniqueViolation } from '../database/values';
import { toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { requireEnvironment } from '../policies/environments';
import { digestOf } from '../policies/digest';
import { PoliciesService } from '../policies/PoliciesService';
import { VersionsService } from '../versions/VersionsService';
import { checkBatch } from './checkBatch';

/** Batches that one statement of the clean-up takes away. */
const CLEANED_AT_ONCE = 500;
/** Rows of one insert, below the limits of both databases. */
const INSERTED_AT_ONCE = 50;

/** Takes what serving sides push of how versions behave, and keeps it for a while. */
export class SamplesService {
  readonly #context: Pick<EngineContext, 'work' | 'config' | 'authorizer'>;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  readonly #policies: PoliciesService;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'config' | 'authorizer'>;
    models: ModelsService;
    versions: VersionsService;
    policies: PoliciesService;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#versions = options.versions;
    this.#policies = options.policies;
  }

  /**
   * Takes a batch once, however often it is pushed. It may come late and out of order.
   * @throws InputError, NotFoundError for an unknown version, ConflictError when its id was used for another content,
   *   NotAllowedError for persons and for whoever may not push samples there
   */
  async push(
    principal: Principal,
    modelRef: string,
    batch: SampleBatch,
  ): Promise<{ receipt: SampleReceipt; created: boolean }> {
    const { work, config, authorizer } = this.#context;
    const model = await this.#models.require(modelRef);
    await authorizer.requireOnModel(
      principal,
      samplesPushPermission,
      toModelResource(model, batch.environment),
    );
    if (principal.isUser) {
      throw new NotAllowedError(
        'Samples are pushed by what serves, with a service token',
      );
    }
    requireEnvironment(this.#policies.forModel(model), batch.environment);
    checkBatch(batch, { now: work.now(), ...config.samples });
    const names = new Set(batch.samples.map(each => each.version));
    for (const name of names) {
      await this.#versions.require(model.ref, name);
    }
    const key = {
      model_ref: model.ref,
      environment: batch.environment,
      batch_key: batch.id,
    };
    const digest = digestOf(batch);
    const receipt = { id: batch.id, samples: batch.samples.length };
    try {
      const created = await work.run(async tx => {
        const known = await findDigest(tx.knex, key);
        if (known) {
          assertSame(batch, known, digest);
          return false;
        }
        const isFirst = !(await tx
          .knex('sample_batches')
          .where({
            model_ref: key.model_ref,
            environment: key.environment,
            reported_by: principal.ref,
          })
          .first('id'));
        const [{ id }] = await tx
          .knex('sample_batches')
          .insert({
            ...key,
            digest,
            reported_by: principal.ref,
            received_at: tx.now,
          })
          .returning('id');
        const rows = batch.samples.map(sample => ({
          batch_id: id,
          model_ref: key.model_ref,
          environment: key.environment,
          version: sample.version,
          from_at: new Date(sample.from),
          to_at: new Date(sample.to),
          requests: sample.requests,
          errors: sample.errors,
          latency_count: sample.latencies.length,
          latencies: JSON.stringify(sample.latencies),
          ...scoresOf(sample),
        }));
        for (let i = 0; i < rows.length; i += INSERTED_AT_ONCE) {
          await tx
            .knex('pushed_samples')
            .insert(rows.slice(i, i + INSERTED_AT_ONCE));
        }
        if (isFirst) {
          // What follows is measurement; who measures is what an auditor asks
          tx.record({
            actor: principal.ref,
            action: 'samples.began',
            model: model.ref,
            subject: `environment:${batch.environment}`,
            summary: `Began to push samples of what serves in ${batch.environment}`,
            details: { batch: batch.id, versions: [...names] },
          });
        }
        return true;
      });
      return { receipt, created };
    } catch (error) {
      const known = isUniqueViolation(error)
        ? await findDigest(work.knex, key)
        : undefined;
      if (!known) {
        throw error;
      }
      // The same batch twice at the same moment
      assertSame(batch, known, digest);
      return { receipt, created: false };
    }
  }

  /** Takes away what is older than it is kept. */
  async clean(): Promise<void> {
    const { work, config } = this.#context;
    const before = new Date(work.now().getTime() - config.samples.retentionMs);
    let ids: number[];
    do {
      // A batch tells of the past, so what was received then holds nothing that is kept
      ids = await work
        .knex('sample_batches')
        .where('received_at', '<', before)
        .orderBy('received_at')
        .limit(CLEANED_AT_ONCE)
        .pluck('id');
      await work.knex('pushed_samples').whereIn('batch_id', ids).delete();
      await work.knex('sample_batches').whereIn('id', ids).delete();
    } while (ids.length === CLEANED_AT_ONCE);
  }
}

/** The columns of what was predicted; null without. */
function scoresOf({ scores, scored }: SampleBatch['samples'][number]) {
  return scores
    ? {
        scored: scored ?? scores.length,
        score_count: scores.length,
        scores: JSON.stringify(scores),
      }
    : { scored: null, score_count: null, scores: null };
}

async function findDigest(
  knex: Knex,
  key: { model_ref: string; environment: string; batch_key: string },
): Promise<string | undefined> {
  const row: { digest: string } | undefined = await knex('sample_batches')
    .where(key)
    .first('digest');
  return row?.digest;
}

function assertSame(batch: SampleBatch, known: string, digest: string): void {
  if (known !== digest) {
    throw new ConflictError(
      `The batch ${batch.id} of ${batch.environment} was pushed with another content; give each batch an id of its own`,
    );
  }
}
