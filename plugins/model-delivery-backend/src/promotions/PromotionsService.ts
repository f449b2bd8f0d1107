import { ConflictError } from '@backstage/errors';
import {
  PromotionRequest,
  promotionRequestPermission,
  Risk,
  TeamSize,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { reasonWithAgent } from '../access/agents';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { Transaction } from '../database/UnitOfWork';
import { findControl } from '../deployments/deploymentStore';
import { NO_GATES } from '../gates/GatesService';
import { ModelRecord, toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { requireEnvironment } from '../policies/environments';
import { PoliciesService } from '../policies/PoliciesService';
import { DIRECT_PLAN } from '../policies/toContent';
import { Targets } from '../rollouts/targets';
import { VersionsService } from '../versions/VersionsService';
import { changeModel } from './changeModel';
import { insertPromotion } from './insertPromotion';
import { askObstacle } from './askObstacle';
import { onceByKey } from './onceByKey';
import {
  findOpenPromotions,
  JoinedPromotionRow,
  toPromotionRecord,
} from './promotionStore';
import { judgeRolloutsAgain, reEvaluate, selectWaiting } from './reEvaluate';
import { toPromotionSummary } from './toPromotion';
import { Promotions, PromotionRecord, RELIES_ON_EVIDENCE } from './types';

/** Takes requests for promotions, and keeps them true to their evidence. */
export class PromotionsService implements Promotions {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  readonly #policies: PoliciesService;
  readonly #targets: Targets;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>;
    models: ModelsService;
    versions: VersionsService;
    policies: PoliciesService;
    targets: Targets;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#versions = options.versions;
    this.#policies = options.policies;
    this.#targets = options.targets;
  }

  /**
   * Asks for a version to be put into an environment.
   * @param alongWith - done in the transaction that makes the promotion
   * @returns the promotion, and whether it is new: the same idempotency key gives the same promotion
   * @throws NotFoundError for an unknown model or version, InputError for an unknown environment, ConflictError when the
   *   version cannot go there now, NotAllowedError
   */
  async request(
    principal: Principal,
    body: PromotionRequest,
    alongWith?: (tx: Transaction, record: PromotionRecord) => Promise<void>,
  ): Promise<{ record: PromotionRecord; isNew: boolean }> {
    const { work, authorizer } = this.#context;
    const model = await this.#models.require(body.model);
    await authorizer.requireOnModel(
      principal,
      promotionRequestPermission,
      toModelResource(model, body.environment),
    );
    const note = reasonWithAgent(
      principal,
      body,
      body.note,
      'request/body/note',
    );
    return onceByKey(work.knex, principal.ref, body, () =>
      this.#make(principal, model, { ...body, note }, alongWith),
    );
  }

  async #make(
    principal: Principal,
    model: ModelRecord,
    body: PromotionRequest,
    alongWith?: (tx: Transaction, record: PromotionRecord) => Promise<void>,
  ): Promise<PromotionRecord> {
    const { work } = this.#context;
    const policy = this.#policies.forModel(model);
    const environment = requireEnvironment(policy, body.environment);
    const version = await this.#versions.require(model.ref, body.version);
    const control = await findControl(work.knex, model.ref, environment.name);
    const obstacle = await askObstacle({
      knex: work.knex,
      targets: this.#targets,
      policy,
      environment,
      modelRef: model.ref,
      versions: this.#versions,
      directory: this.#context.directory,
      version,
      control,
      now: work.now(),
    });
    if (obstacle) {
      throw new ConflictError(obstacle);
    }
    return changeModel({ work, models: this.#models }, model.ref, async tx => {
      await refuseTwin(tx, model.ref, version.id, version.name, body);
      const record = await insertPromotion(tx, {
        kind: 'promotion',
        state: 'requested',
        modelRef: model.ref,
        versionId: version.id,
        versionName: version.name,
        environment,
        policyDigest: policy.digest,
        requestedBy: principal.ref,
        reason: body.reason ?? 'planned',
        note: body.note ?? null,
        idempotencyKey: body.idempotencyKey,
        control,
        plan: control ? environment.rollout : DIRECT_PLAN,
        gateCounts: NO_GATES,
      });
      await alongWith?.(tx, record);
      return record;
    });
  }

  /**
   * What waits goes back to its gates; what rolls out is looked at where it is.
   * @param why - what happened, as the audit log says it
   */
  async evidenceChanged(
    tx: Transaction,
    versionId: string,
    why = 'new evidence was reported',
  ): Promise<void> {
    const isJudgedBy = (either: Knex.QueryBuilder) =>
      either
        .where('promotions.version_id', versionId)
        .orWhere('promotions.from_version_id', versionId)
        // What serves in production is what every gate may compare with
        .orWhereIn(
          'promotions.model_ref',
          tx
            .knex('versions')
            .join('deployments', join =>
              join
                .on('deployments.model_ref', 'versions.model_ref')
                .on('deployments.version_id', 'versions.id'),
            )
            .where({
              'versions.id': versionId,
              'deployments.environment_tier': 'production',
            })
            .whereNull('deployments.ended_at')
            .select('versions.model_ref'),
        );
    const rows: JoinedPromotionRow[] = await selectWaiting(tx.knex).where(
      isJudgedBy,
    );
    for (const record of rows.map(toPromotionRecord)) {
      await reEvaluate(tx, record, why);
    }
    await judgeRolloutsAgain(tx, isJudgedBy);
    if (rows.length > 0) {
      await this.#models.refreshStatus(tx, rows[0].model_ref);
    }
  }

  /** Sends open promotions whose model is of another risk or team than their policy is for back to their gates. */
  async policiesChanged(): Promise<void> {
    const { work } = this.#context;
    const { knex } = work;
    const cells: { digest: string; risk: Risk; teamSize: TeamSize }[] =
      await knex('promotions')
        .join('models', 'models.ref', 'promotions.model_ref')
        .where('promotions.kind', 'promotion')
        .whereIn('promotions.state', [...RELIES_ON_EVIDENCE])
        .distinct({
          digest: 'promotions.policy_digest',
          risk: 'models.risk',
          teamSize: 'models.team_size',
        });
    for (const cell of cells) {
      const policy = await this.#policies.forPromotion(knex, cell.digest, cell);
      if (policy.digest === cell.digest) {
        continue;
      }
      const rows: JoinedPromotionRow[] = await selectWaiting(knex).where({
        'promotions.policy_digest': cell.digest,
        'models.risk': cell.risk,
        'models.team_size': cell.teamSize,
      });
      for (const record of rows.map(toPromotionRecord)) {
        await changeModel({ work, models: this.#models }, record.modelRef, tx =>
          reEvaluate(tx, record, 'the policy changed'),
        );
      }
    }
  }

  openOf(knex: Knex, modelRef: string): Promise<PromotionRecord[]> {
    return findOpenPromotions(knex, modelRef);
  }

  toPromotionSummary(record: PromotionRecord, now: Date) {
    return toPromotionSummary(record, now);
  }
}

async function refuseTwin(
  tx: Transaction,
  modelRef: string,
  versionId: string,
  versionName: string,
  body: PromotionRequest,
): Promise<void> {
  const open = await findOpenPromotions(tx.knex, modelRef, body.environment);
  const twin = open.find(
    each => each.versionId === versionId && each.kind === 'promotion',
  );
  if (twin) {
    throw new ConflictError(
      `Promotion ${twin.id} already takes ${versionName} to ${body.environment}; it is ${twin.state}`,
    );
  }
}
