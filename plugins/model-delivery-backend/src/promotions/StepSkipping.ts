import { ConflictError, InputError, NotAllowedError } from '@backstage/errors';
import {
  PolicyRole,
  promotionSkipPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { noteRefusal } from '../audit/noteRefusal';
import { EngineContext } from '../context';
import { toModelResource } from '../models/ModelRecord';
import { requirePerson } from '../people/requireRole';
import { Policies } from '../policies/types';
import { describeJudgement } from '../rollouts/judgeStep';
import { readStepSignals } from '../rollouts/readStepSignals';
import { targetOf } from '../rollouts/rolloutContext';
import { findSteps } from '../rollouts/stepStore';
import { Targets } from '../rollouts/targets';
import { watchStep } from '../rollouts/watchStep';
import { listing } from '../words';
import { allowedEvents } from './toPromotion';
import { PromotionRecord } from './types';

type Context = Pick<EngineContext, 'work' | 'authorizer' | 'directory'>;

/**
 * Knows who may have a rollout leave the rest of a step out, and when: a person in a role that the promotion's policy
 * names, while there is a signal and it does not say that the step fails. The last step can never be left out.
 */
export class StepSkipping {
  readonly #context: Context;
  readonly #policies: Policies;
  readonly #targets: Targets;

  constructor(options: {
    context: Context;
    policies: Policies;
    targets: Targets;
  }) {
    this.#context = options.context;
    this.#policies = options.policies;
    this.#targets = options.targets;
  }

  /** Whether the caller may skip the step that the rollout is at. */
  async maySkip(
    principal: Principal,
    record: PromotionRecord,
  ): Promise<boolean> {
    if (!principal.isUser || !allowedEvents(record).includes('skip')) {
      return false;
    }
    const roles = await this.#rolesOf(record);
    return (
      roles.length > 0 &&
      (await this.#context.authorizer.mayOnModel(
        principal,
        promotionSkipPermission,
        resourceOf(record),
      )) &&
      (await this.#holds(principal, roles))
    );
  }

  /** @throws NotAllowedError unless the caller is a person in a role that the policy names */
  async requireSkipper(
    principal: Principal,
    record: PromotionRecord,
  ): Promise<void> {
    await noteRefusal(
      this.#context.work,
      {
        actor: principal.ref,
        action: 'promotion.skip-refused',
        model: record.modelRef,
        subject: `promotion:${record.id}`,
        deed: 'Skipping a step',
      },
      () => this.#requireSkipper(principal, record),
    );
  }

  async #requireSkipper(
    principal: Principal,
    record: PromotionRecord,
  ): Promise<void> {
    await this.#context.authorizer.requireOnModel(
      principal,
      promotionSkipPermission,
      resourceOf(record),
    );
    requirePerson(principal, 'skip steps');
    const roles = await this.#rolesOf(record);
    if (roles.length === 0) {
      throw new NotAllowedError(
        `The policy lets nobody skip a step in ${record.environment}`,
      );
    }
    if (!(await this.#holds(principal, roles))) {
      throw new NotAllowedError(
        `You may not skip a step in ${
          record.environment
        }: the policy lets ${listing(
          roles.map(role => `${role.title} (${role.group})`),
        )} do it`,
      );
    }
  }

  /**
   * Makes sure that leaving the rest of the present step out hides nothing.
   * @returns how many requests the candidate answered in it
   * @throws InputError without a reason; ConflictError when there is no signal, or it says that the step fails
   */
  async requireHarmless(
    record: PromotionRecord,
    reason: string | undefined,
  ): Promise<number> {
    if (!reason) {
      throw new InputError('request/body/reason is compulsory to skip a step');
    }
    const target = targetOf(record);
    const steps = await findSteps(this.#context.work.knex, record.id);
    const signals = await this.#targets
      .requireSource(target)
      .then(source =>
        readStepSignals(source, {
          target,
          candidate: record.version,
          control: record.fromVersion ?? '',
          steps,
          index: record.stepIndex ?? 0,
          to: this.#context.work.now(),
        }),
      )
      .catch(error => {
        throw unseen(record, error instanceof Error ? error.message : error);
      });
    for (const [version, { requests }] of [
      [record.version, signals.candidate],
      [record.fromVersion, signals.control],
    ] as const) {
      if (requests === 0) {
        throw unseen(record, `${version} has answered nothing in it`);
      }
    }
    const failure = watchStep(record.plan, signals);
    if (failure) {
      throw new ConflictError(
        `The step can't be skipped, since it fails: ${describeJudgement(
          failure,
        )}`,
      );
    }
    return signals.candidate.requests;
  }

  async #rolesOf(record: PromotionRecord): Promise<PolicyRole[]> {
    const policy = await this.#policies.byDigest(
      this.#context.work.knex,
      record.policyDigest,
    );
    return (
      policy.environments.find(each => each.name === record.environment)
        ?.skipSteps?.roles ?? []
    );
  }

  async #holds(principal: Principal, roles: PolicyRole[]): Promise<boolean> {
    const groups = await this.#context.directory.groupsOf(principal.ref);
    return roles.some(role => groups.has(role.group));
  }
}

function unseen(record: PromotionRecord, why: unknown): ConflictError {
  return new ConflictError(
    `The step can't be skipped without a signal, since nobody knows how ${record.version} does: ${why}`,
  );
}

function resourceOf(record: PromotionRecord) {
  return toModelResource(
    { ref: record.modelRef, owner: record.owner, risk: record.risk },
    record.environment,
  );
}
