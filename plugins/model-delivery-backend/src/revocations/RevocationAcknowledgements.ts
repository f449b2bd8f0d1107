import {
  ConflictError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import {
  Deployment,
  evidenceRevokePermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Principal } from '../access/principal';
import { findBars } from '../approvals/bars';
import { noteRefusal } from '../audit/noteRefusal';
import { EngineContext } from '../context';
import { findDeployment } from '../deployments/deploymentStore';
import { DeploymentFact } from '../deployments/types';
import { toDeployment } from '../deployments/toDeployment';
import { ModelsService } from '../models/ModelsService';
import { requirePerson } from '../people/requireRole';
import { changeModel } from '../promotions/changeModel';
import { findPromotion } from '../promotions/promotionStore';
import { PromotionsService } from '../promotions/PromotionsService';
import { VersionsService } from '../versions/VersionsService';
import { findDeploymentRevocations } from './deploymentRevocations';
import { notifyAcknowledged } from './notifications';
import { selectRevocations } from './revocationStore';

/** Takes the word of people that a deployment serves on although evidence that it rests on was revoked. */
export class RevocationAcknowledgements {
  readonly #context: Pick<EngineContext, 'work' | 'directory'>;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  readonly #promotions: PromotionsService;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'directory'>;
    models: ModelsService;
    versions: VersionsService;
    promotions: PromotionsService;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#versions = options.versions;
    this.#promotions = options.promotions;
  }

  /**
   * Says that a deployment serves on although evidence that it rests on was revoked.
   * @returns the deployment, which is not marked by this revocation any more
   * @throws ConflictError when the deployment is over or does not rest on it, or somebody else has said so; NotAllowedError
   *   for who requested its promotion or made the version, with the reason; NotFoundError
   */
  async acknowledge(
    principal: Principal,
    modelRef: string,
    id: string,
    body: { deployment: string; reason: string },
  ): Promise<Deployment> {
    const { ref } = await this.#models.require(modelRef);
    return noteRefusal(
      this.#context.work,
      {
        actor: principal.ref,
        action: 'evidence.acknowledgement-refused',
        model: ref,
        subject: `deployment:${body.deployment}`,
        deed: 'Letting it serve on',
      },
      () => this.#acknowledge(principal, ref, id, body),
    );
  }

  async #acknowledge(
    principal: Principal,
    modelRef: string,
    id: string,
    body: { deployment: string; reason: string },
  ): Promise<Deployment> {
    const { work } = this.#context;
    const model = await this.#models.requireFor(
      principal,
      evidenceRevokePermission,
      modelRef,
    );
    requirePerson(principal, 'let a deployment serve on');
    const row = await selectRevocations(work.knex)
      .where({
        'revocations.id': Number(id),
        'revocations.model_ref': model.ref,
      })
      .first();
    if (!row) {
      throw new NotFoundError(`${model.ref} has no revocation ${id}`);
    }
    const deployment = await findDeployment(work.knex, body.deployment);
    if (deployment?.modelRef !== model.ref) {
      throw new NotFoundError(
        `request/body/deployment '${body.deployment}' is none of ${model.ref}`,
      );
    }
    const read = async (knex: Knex) =>
      (await findDeploymentRevocations(knex, [deployment])).get(deployment.id);
    const marked = await read(work.knex);
    if (!marked?.some(each => each.revocation.id === id)) {
      throw new ConflictError(
        `${deployment.version} in ${deployment.environment} does not rest on the evaluation ${row.evaluation}`,
      );
    }
    const because = await this.whyBarred(principal, deployment);
    if (because) {
      throw new NotAllowedError(
        `${because}, so you may not say that it serves on`,
      );
    }
    const reason = body.reason.trim();
    await changeModel({ work, models: this.#models }, model.ref, async tx => {
      const written = await tx
        .knex('revocation_acknowledgements')
        .insert({
          revocation_id: row.id,
          deployment_id: deployment.id,
          reason,
          acknowledged_by: principal.ref,
          acknowledged_at: tx.now,
        })
        .onConflict(['revocation_id', 'deployment_id'])
        .ignore()
        .returning('revocation_id');
      if (written.length === 0) {
        const first = (await read(tx.knex))?.find(
          each => each.revocation.id === id,
        )?.acknowledgement;
        if (first?.by !== principal.ref || first.reason !== reason) {
          throw new ConflictError(
            `${first?.by} has said already that it serves on: ${first?.reason}`,
          );
        }
        return;
      }
      tx.record({
        actor: principal.ref,
        action: 'evidence.revocation-acknowledged',
        model: model.ref,
        subject: `deployment:${deployment.id}`,
        summary: `${deployment.version} serves on in ${deployment.environment} although ${row.evaluation} was revoked: ${reason}`,
        details: {
          revocation: id,
          evaluation: row.evaluation,
          version: deployment.version,
          environment: deployment.environment,
        },
      });
      notifyAcknowledged(tx, {
        model,
        row,
        environment: deployment.environment,
        by: principal.ref,
        reason,
      });
      await this.#promotions.evidenceChanged(
        tx,
        deployment.versionId,
        'its deployment serves on by the word of a person',
      );
    });
    return toDeployment(deployment, await read(work.knex));
  }

  /**
   * Why the caller may not say that a deployment serves on: they were barred from letting it in. Undefined for anybody
   * else.
   */
  async whyBarred(
    principal: Principal,
    deployment: DeploymentFact,
  ): Promise<string | undefined> {
    const { work, directory } = this.#context;
    const promotion =
      deployment.evidencePromotionId === null
        ? undefined
        : await findPromotion(work.knex, deployment.evidencePromotionId);
    const bars = await findBars({
      requestedBy: promotion?.requestedBy,
      version: await this.#versions.byId(work.knex, deployment.versionId),
      since: await this.#versions.since(
        work.knex,
        promotion ? promotion.fromVersionId : deployment.versionId,
        deployment.versionId,
      ),
      resolve: given => directory.resolvePerson(given),
    });
    return bars.find(each => each.person === principal.ref)?.because;
  }
}
