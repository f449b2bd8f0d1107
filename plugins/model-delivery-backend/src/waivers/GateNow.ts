import { InputError } from '@backstage/errors';
import { GateVerdict } from '@slipway/backstage-plugin-model-delivery-common';
import { UnitOfWork } from '../database/UnitOfWork';
import { findControl } from '../deployments/deploymentStore';
import { GatesService } from '../gates/GatesService';
import { ModelRecord } from '../models/ModelRecord';
import { productionOf, requireEnvironment } from '../policies/environments';
import { PoliciesService } from '../policies/PoliciesService';
import { Gate, Policy, PolicyEnvironment } from '../policies/types';
import { Promotions } from '../promotions/types';
import { VersionRecord } from '../versions/VersionRecord';
import { waiverSubject } from './waiverSubject';

/** A gate as it judges a version now, without regard to waivers. */
export interface JudgedGate {
  policy: Policy;
  environment: PolicyEnvironment;
  gate: Gate;
  verdict: GateVerdict;
  /** Digest of what a waiver of it would be about. */
  subject: string;
}

/** Judges single gates as everything stands now. */
export class GateNow {
  readonly #work: UnitOfWork;
  readonly #policies: PoliciesService;
  readonly #gates: GatesService;
  readonly #promotions: Promotions;

  constructor(options: {
    work: UnitOfWork;
    policies: PoliciesService;
    gates: GatesService;
    promotions: Promotions;
  }) {
    this.#work = options.work;
    this.#policies = options.policies;
    this.#gates = options.gates;
    this.#promotions = options.promotions;
  }

  /**
   * Judges the gate by the policy that the version's open promotion goes by, or else by the one in force.
   * @throws InputError for an environment or gate that the policy does not have
   */
  async judge(
    model: ModelRecord,
    version: VersionRecord,
    asked: { environment: string; gate: string },
  ): Promise<JudgedGate> {
    const { knex } = this.#work;
    const open = (await this.#promotions.openOf(knex, model.ref)).find(
      each =>
        each.versionId === version.id && each.environment === asked.environment,
    );
    const policy = open
      ? await this.#policies.forPromotion(knex, open.policyDigest, model)
      : this.#policies.forModel(model);
    const environment = requireEnvironment(policy, asked.environment);
    const production = productionOf(policy);
    const outcomes = await this.#gates.judge(knex, {
      policy,
      environment,
      versionId: version.id,
      versionDigest: version.digest,
      production: await findControl(knex, model.ref, production.name),
      now: this.#work.now(),
    });
    const found = outcomes.find(({ verdict }) => verdict.gate === asked.gate);
    const gate = policy.gates.find(each => each.id === asked.gate);
    if (!found || !gate) {
      throw new InputError(
        `request/body/gate '${asked.gate}' is no gate of ${
          environment.name
        }; it has ${environment.gates.join(', ')}`,
      );
    }
    const subject = waiverSubject({
      versionDigest: version.digest,
      environment: environment.name,
      gate,
      verdict: found.verdict,
    });
    return {
      policy,
      environment,
      gate,
      subject,
      verdict: {
        ...found.verdict,
        policy: { name: policy.name, digest: policy.digest },
        evidenceDigest: subject,
      },
    };
  }
}
