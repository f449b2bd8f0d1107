import { NotFoundError } from '@backstage/errors';
import {
  GateMatrix,
  GateVerdict,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { findControl, findServing } from '../deployments/deploymentStore';
import { ModelsService } from '../models/ModelsService';
import { productionOf } from '../policies/environments';
import { PoliciesService } from '../policies/PoliciesService';
import { requirePromotion } from '../promotions/promotionStore';
import { Evidence } from '../promotions/types';
import { markVerdicts } from '../revocations/markVerdicts';
import {
  findRevocationsOf,
  JoinedRevocationRow,
} from '../revocations/revocationStore';
import { GatesService } from './GatesService';

const MOST_VERSIONS = 8;

/** Shows verdicts: of one promotion, and of the newest versions side by side. */
export class GateMatrixService {
  readonly #context: Pick<EngineContext, 'work'>;
  readonly #models: ModelsService;
  readonly #policies: PoliciesService;
  readonly #gates: GatesService;

  constructor(options: {
    context: Pick<EngineContext, 'work'>;
    models: ModelsService;
    policies: PoliciesService;
    gates: GatesService;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#policies = options.policies;
    this.#gates = options.gates;
  }

  /** The latest verdict of each gate of a promotion. */
  async ofPromotion(principal: Principal, id: string): Promise<GateVerdict[]> {
    const { knex } = this.#context.work;
    const record = await requirePromotion(knex, id);
    await this.#models.requireReadable(principal, record.modelRef);
    const productionDigest = record.evidence?.production ?? null;
    return markVerdicts(
      await this.#gates.verdictsOf(
        knex,
        record.id,
        record.round,
        await this.#policies.byDigest(knex, record.policyDigest),
      ),
      { versionId: record.versionId, productionDigest },
      await findRevocations(
        knex,
        record.modelRef,
        [record.versionId],
        [productionDigest],
      ),
    );
  }

  /**
   * Verdicts of each gate for the newest versions: those that a promotion asked for, worked out now for the others.
   * @throws NotFoundError for an environment that the policy does not have
   */
  async ofModel(
    principal: Principal,
    modelRef: string,
    environmentName: string | undefined,
  ): Promise<GateMatrix> {
    const { work } = this.#context;
    const model = await this.#models.requireReadable(principal, modelRef);
    const policy = this.#policies.forModel(model);
    const production = productionOf(policy);
    const environment = policy.environments.find(
      each => each.name === (environmentName ?? production.name),
    );
    if (!environment) {
      throw new NotFoundError(
        `request/query/environment '${environmentName}' is not one of policy '${
          policy.name
        }'; it has ${policy.environments.map(each => each.name).join(', ')}`,
      );
    }
    const versions: { id: string; name: string; digest: string }[] = await work
      .knex('versions')
      .where({ model_ref: model.ref })
      .orderBy('position', 'desc')
      .limit(MOST_VERSIONS)
      .select('id', 'name', 'digest');
    const promotions: {
      id: number;
      round: number;
      version_id: string;
      policy_digest: string;
      evidence: string | null;
    }[] = await work
      .knex('promotions')
      .whereIn(
        'version_id',
        versions.map(version => version.id),
      )
      .where({ environment: environment.name, kind: 'promotion' })
      .where('round', '>', 0)
      .orderBy('id')
      .select('id', 'round', 'version_id', 'policy_digest', 'evidence');
    const productionOfPromotion = (each: { evidence: string | null }) =>
      (JSON.parse(each.evidence ?? 'null') as Evidence | null)?.production ??
      null;
    const revocations = await findRevocations(
      work.knex,
      model.ref,
      versions.map(each => each.id),
      promotions.map(productionOfPromotion),
    );
    const serving = await findServing(work.knex, model.ref);
    const control = await findControl(work.knex, model.ref, production.name);
    const columns: GateMatrix['versions'] = [];
    for (const version of versions) {
      const promotion = promotions
        .filter(each => each.version_id === version.id)
        .at(-1);
      columns.push({
        version: version.name,
        servingIn: serving
          .filter(each => each.versionId === version.id)
          .map(each => each.environment),
        promotionId: promotion ? String(promotion.id) : null,
        preview: !promotion,
        verdicts: promotion
          ? markVerdicts(
              await this.#gates.verdictsOf(
                work.knex,
                promotion.id,
                promotion.round,
                policy,
              ),
              {
                versionId: version.id,
                productionDigest: productionOfPromotion(promotion),
              },
              revocations,
            )
          : (
              await this.#gates.evaluate(work.knex, {
                policy,
                environment,
                versionId: version.id,
                versionDigest: version.digest,
                production: control,
                now: work.now(),
              })
            ).verdicts,
      });
    }
    return {
      environment: environment.name,
      environments: policy.environments.map(each => each.name),
      policy: { name: policy.name, digest: policy.digest },
      waivers: environment.waivers,
      gates: policy.gates
        .filter(gate => environment.gates.includes(gate.id))
        .map(({ tolerance: _, ...gate }) => gate),
      versions: columns,
    };
  }
}

/** Revocations of what verdicts were given on: of the judged versions, and of those that served in production then. */
async function findRevocations(
  knex: Knex,
  modelRef: string,
  versionIds: string[],
  digests: (string | null)[],
): Promise<JoinedRevocationRow[]> {
  const production: { id: string }[] = await knex('versions')
    .where({ model_ref: modelRef })
    .whereIn('digest', [...new Set(digests.flatMap(each => each ?? []))])
    .select('id');
  return findRevocationsOf(knex, [
    ...new Set([...versionIds, ...production.map(each => each.id)]),
  ]);
}
