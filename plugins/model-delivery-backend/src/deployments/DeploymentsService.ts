import { InputError } from '@backstage/errors';
import {
  Deployment,
  DeploymentRecord,
  deploymentRecordPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { decodeCursor, Page, PageRequest, toPage } from '../database/paging';
import { MetricsRecorder } from '../metrics/MetricsRecorder';
import { toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { productionOf, requireEnvironment } from '../policies/environments';
import { PoliciesService } from '../policies/PoliciesService';
import { changeModel } from '../promotions/changeModel';
import { reEvaluateComparedWith } from '../promotions/reEvaluate';
import { findDeploymentRevocations } from '../revocations/deploymentRevocations';
import { VersionsService } from '../versions/VersionsService';
import {
  findServing,
  findServingAt,
  selectDeployments,
  toDeploymentFact,
} from './deploymentStore';
import { findRollbackTargets } from './verifiedStore';
import { recordOutsideDeployment } from './recordOutsideDeployment';
import { toDeployment } from './toDeployment';
import { DeploymentFact, Deployments } from './types';

/** How many versions to return to are offered; the API takes any that is verified. */
const TARGETS_SHOWN = 10;

/** Tells which version served where and when, and takes in the history of deployments that were made elsewhere. */
export class DeploymentsService implements Deployments {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer'>;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  readonly #policies: PoliciesService;
  readonly #metrics: MetricsRecorder;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'authorizer'>;
    models: ModelsService;
    versions: VersionsService;
    policies: PoliciesService;
    metrics: MetricsRecorder;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#versions = options.versions;
    this.#policies = options.policies;
    this.#metrics = options.metrics;
  }

  serving(knex: Knex, modelRef: string): Promise<DeploymentFact[]> {
    return findServing(knex, modelRef);
  }

  async toDeployments(
    knex: Knex,
    records: DeploymentFact[],
  ): Promise<Map<string, Deployment>> {
    const revoked = await findDeploymentRevocations(knex, records);
    return new Map(
      records.map(each => [each.id, toDeployment(each, revoked.get(each.id))]),
    );
  }

  rollbackTargets(
    knex: Knex,
    modelRef: string,
    environment: string,
  ): Promise<DeploymentFact[]> {
    return findRollbackTargets(knex, modelRef, environment, TARGETS_SHOWN);
  }

  /** One page of a model's deployments, newest first: of one environment, and of those that served since a moment, if told. */
  async list(
    principal: Principal,
    modelRef: string,
    { environment, since }: { environment?: string; since?: string },
    page: PageRequest,
  ): Promise<Page<Deployment>> {
    const model = await this.#models.requireReadable(principal, modelRef);
    const rows = await selectDeployments(this.#context.work.knex)
      .where('deployments.model_ref', model.ref)
      .modify(query => {
        if (environment) {
          query.where('deployments.environment', environment);
        }
        if (since) {
          query.where(open =>
            open
              .whereNull('deployments.ended_at')
              .orWhere('deployments.ended_at', '>', new Date(since)),
          );
        }
        if (page.cursor) {
          const [at, id] = decodeCursor(page.cursor, 'time', 'text');
          query.whereRaw('(deployments.started_at, deployments.id) < (?, ?)', [
            at,
            id,
          ]);
        }
      })
      .orderBy([
        { column: 'deployments.started_at', order: 'desc' },
        { column: 'deployments.id', order: 'desc' },
      ])
      .limit(page.limit + 1);
    const facts: DeploymentFact[] = rows.map(toDeploymentFact);
    const views = await this.toDeployments(this.#context.work.knex, facts);
    return toPage(
      facts,
      page.limit,
      each => [each.startedAt.getTime(), each.id],
      each => views.get(each.id)!,
    );
  }

  /** What served at a moment: in production and now unless told. */
  async servingAt(
    principal: Principal,
    modelRef: string,
    query: { at?: string; environment?: string },
  ): Promise<{ at: string; environment: string; items: Deployment[] }> {
    const { work } = this.#context;
    const at = query.at ? new Date(query.at) : work.now();
    const find = (ref: string, environment: string) =>
      findServingAt(work.knex, ref, environment, at);
    // Both are asked for at once; who may not see the model gets neither
    const [model, found] = await Promise.all([
      this.#models.requireReadable(principal, modelRef),
      query.environment ? find(modelRef, query.environment) : undefined,
    ]);
    const environment =
      query.environment ?? productionOf(this.#policies.forModel(model)).name;
    const facts = found ?? (await find(model.ref, environment));
    return {
      at: at.toISOString(),
      environment,
      items: [...(await this.toDeployments(work.knex, facts)).values()],
    };
  }

  /**
   * Records a deployment that was made outside Slipway.
   * @returns it, and whether it is new: the same id gives the same deployment
   * @throws ConflictError when it overlaps what is known, InputError, NotFoundError, NotAllowedError
   */
  async record(
    principal: Principal,
    modelRef: string,
    body: DeploymentRecord,
  ): Promise<{ deployment: Deployment; isNew: boolean }> {
    const { work, authorizer } = this.#context;
    const model = await this.#models.require(modelRef);
    await authorizer.requireOnModel(
      principal,
      deploymentRecordPermission,
      toModelResource(model, body.environment),
    );
    const environment = requireEnvironment(
      this.#policies.forModel(model),
      body.environment,
    );
    checkTimes(body, work.now());
    const version = await this.#versions.require(model.ref, body.version);
    const { fact, isNew } = await changeModel(
      { work, models: this.#models },
      model.ref,
      async tx => {
        const recorded = await recordOutsideDeployment(tx, this.#metrics, {
          actor: principal.ref,
          modelRef: model.ref,
          versionId: version.id,
          environment,
          body,
        });
        if (recorded.isNew && recorded.fact.endedAt === null) {
          await reEvaluateComparedWith(
            tx,
            {
              modelRef: model.ref,
              environment: environment.name,
              tier: environment.tier,
            },
            { why: `${version.name} serves in ${environment.name} now` },
          );
        }
        return recorded;
      },
    );
    return { deployment: toDeployment(fact), isNew };
  }
}

function checkTimes(body: DeploymentRecord, now: Date): void {
  const startedAt = new Date(body.startedAt);
  if (startedAt > now) {
    throw new InputError(
      `request/body/startedAt ${body.startedAt} lies in the future`,
    );
  }
  const endedAt = body.endedAt ? new Date(body.endedAt) : undefined;
  if (endedAt && endedAt <= startedAt) {
    throw new InputError(
      'request/body/endedAt must be later than request/body/startedAt',
    );
  }
  if (endedAt && endedAt > now) {
    throw new InputError(
      `request/body/endedAt ${body.endedAt} lies in the future; leave it out while it serves`,
    );
  }
  if (body.outcome === 'rolled-back' && !endedAt) {
    throw new InputError(
      'request/body/endedAt is needed for a deployment that was rolled back',
    );
  }
  const detectedAt = body.failureDetectedAt
    ? new Date(body.failureDetectedAt)
    : undefined;
  if (detectedAt && (detectedAt < startedAt || detectedAt > (endedAt ?? now))) {
    throw new InputError(
      'request/body/failureDetectedAt must lie between startedAt and endedAt',
    );
  }
}
