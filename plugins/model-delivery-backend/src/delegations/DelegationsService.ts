import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import {
  Delegation,
  DelegationPage,
  DelegationRequest,
  roleDelegatePermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { randomUUID } from 'node:crypto';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { PageRequest } from '../database/paging';
import { isUniqueViolation } from '../database/values';
import { requirePerson } from '../people/requireRole';
import { PoliciesService } from '../policies/PoliciesService';
import { duration } from '../words';
import {
  DelegationRow,
  findDelegation,
  findDelegationByKey,
  listDelegations,
  toDelegation,
} from './delegationStore';

/** A role that may be handed on, and for how long at most. */
type HandableRole = DelegationPage['roles'][number];

/** Lets people hand on a role of approvers that they hold, until a moment, to somebody who stands in for them. */
export class DelegationsService {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>;
  readonly #policies: PoliciesService;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>;
    policies: PoliciesService;
  }) {
    this.#context = options.context;
    this.#policies = options.policies;
  }

  /** What the caller handed on or was handed on, and what they may hand on. */
  async list(principal: Principal, page: PageRequest): Promise<DelegationPage> {
    const { work, authorizer } = this.#context;
    await authorizer.require(principal, roleDelegatePermission);
    return {
      ...(await listDelegations(work.knex, principal.ref, page, work.now())),
      roles: principal.isUser ? await this.#rolesOf(principal.ref) : [],
    };
  }

  /**
   * Hands a role on. The same request sent twice is one delegation.
   * @throws NotAllowedError for a role that one does not hold oneself, InputError for a person or time that cannot be
   */
  async handOn(
    principal: Principal,
    asked: DelegationRequest,
  ): Promise<Delegation> {
    const { work, authorizer } = this.#context;
    await authorizer.require(principal, roleDelegatePermission);
    requirePerson(principal, 'hand on a role');
    // Refs are compared as the catalog writes them
    const body = {
      ...asked,
      group: asked.group.toLocaleLowerCase('en-US'),
      to: asked.to.toLocaleLowerCase('en-US'),
    };
    const until = new Date(body.until);
    const earlier = await this.#earlier(principal, body);
    if (earlier) {
      return toDelegation(earlier, work.now());
    }
    await this.#check(principal, { ...body, until });
    const id = randomUUID();
    try {
      return await work.run(async tx => {
        await tx.knex('delegations').insert({
          id,
          group_ref: body.group,
          from_person: principal.ref,
          to_person: body.to,
          reason: body.reason.trim(),
          since: tx.now,
          until,
          idempotency_key: body.idempotencyKey ?? null,
        });
        tx.record({
          actor: principal.ref,
          action: 'role.handed-on',
          model: null,
          subject: `delegation:${id}`,
          summary: `Handed on ${body.group} to ${
            body.to
          } until ${until.toISOString()}: ${body.reason.trim()}`,
          details: { group: body.group, to: body.to },
        });
        tx.publish({
          topic: 'notification',
          payload: {
            recipients: [body.to],
            title: 'You stand in for somebody who decides on promotions',
            description: `${principal.ref} handed on ${
              body.group
            } to you until ${until
              .toISOString()
              .slice(0, 16)
              .replace('T', ' ')} UTC: ${body.reason.trim()}`,
            link: '/model-delivery/approvals',
            severity: 'normal',
            scope: `delegation:${id}`,
          },
        });
        return toDelegation((await findDelegation(tx.knex, id))!, tx.now);
      });
    } catch (error) {
      const twin = isUniqueViolation(error)
        ? await this.#earlier(principal, body)
        : undefined;
      if (!twin) {
        throw error;
      }
      return toDelegation(twin, work.now());
    }
  }

  /**
   * Takes a role back, or gives it back. Ending what is over changes nothing.
   * @throws NotFoundError for what is not one's own
   */
  async end(principal: Principal, id: string): Promise<Delegation> {
    const { work, authorizer } = this.#context;
    await authorizer.require(principal, roleDelegatePermission);
    return work.run(async tx => {
      const row = await findDelegation(tx.knex, id);
      const isOwn =
        row && [row.from_person, row.to_person].includes(principal.ref);
      if (!row || !isOwn) {
        throw new NotFoundError(`You have no delegation ${id}`);
      }
      const ended = await tx
        .knex('delegations')
        .where({ id })
        .whereNull('ended_at')
        .where('until', '>', tx.now)
        .update({ ended_at: tx.now, ended_by: principal.ref });
      if (ended === 1) {
        tx.record({
          actor: principal.ref,
          action: 'role.taken-back',
          model: null,
          subject: `delegation:${id}`,
          summary: `${row.to_person} does not stand in for ${row.from_person} in ${row.group_ref} any more`,
          details: { group: row.group_ref, to: row.to_person },
        });
      }
      return toDelegation((await findDelegation(tx.knex, id))!, tx.now);
    });
  }

  async #check(
    principal: Principal,
    body: { group: string; to: string; until: Date; reason: string },
  ): Promise<void> {
    const { work, directory } = this.#context;
    const role = this.#handable().get(body.group);
    if (!role) {
      throw new InputError(
        `request/body/group '${body.group}' decides in no policy that lets a role be handed on`,
      );
    }
    if (!(await directory.groupsOf(principal.ref)).has(body.group)) {
      throw new NotAllowedError(
        `You are in no group within ${body.group}; what was handed on to you stays with you`,
      );
    }
    if (body.to === principal.ref) {
      throw new InputError('request/body/to is you; name somebody else');
    }
    if (!(await directory.isKnown(body.to))) {
      throw new InputError(`request/body/to: the catalog has no ${body.to}`);
    }
    if (!body.reason.trim()) {
      throw new InputError('request/body/reason is compulsory');
    }
    const seconds = (body.until.getTime() - work.now().getTime()) / 1000;
    if (!(seconds > 0) || seconds > role.longestSeconds) {
      throw new InputError(
        `request/body/until has to lie within the next ${duration(
          role.longestSeconds,
        )}, which is what the policies allow for ${role.title}`,
      );
    }
  }

  async #earlier(
    principal: Principal,
    body: DelegationRequest,
  ): Promise<DelegationRow | undefined> {
    const found =
      body.idempotencyKey &&
      (await findDelegationByKey(
        this.#context.work.knex,
        principal.ref,
        body.idempotencyKey,
      ));
    if (!found) {
      return undefined;
    }
    if (found.group_ref !== body.group || found.to_person !== body.to) {
      throw new ConflictError(
        'request/body/idempotencyKey was used for another delegation',
      );
    }
    return found;
  }

  async #rolesOf(person: string): Promise<HandableRole[]> {
    const groups = await this.#context.directory.groupsOf(person);
    return [...this.#handable().values()].filter(role =>
      groups.has(role.group),
    );
  }

  /** Groups that decide where a policy in force lets roles be handed on, with the longest time that any allows. */
  #handable(): Map<string, HandableRole> {
    const roles = new Map<string, HandableRole>();
    for (const policy of this.#policies.inForce()) {
      for (const {
        delegation,
        slots,
        firstDeploymentSlots,
      } of policy.environments) {
        for (const { group, title } of delegation
          ? [...slots, ...firstDeploymentSlots]
          : []) {
          const longestSeconds = Math.max(
            delegation!.longestSeconds,
            roles.get(group)?.longestSeconds ?? 0,
          );
          roles.set(group, { group, title, longestSeconds });
        }
      }
    }
    return roles;
  }
}
