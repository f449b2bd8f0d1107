import { ConflictError, InputError, NotAllowedError } from '@backstage/errors';
import {
  promotionDecidePermission,
  promotionRequestPermission,
  WaiverDecision,
  WaiverRequest,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { noteRefusal } from '../audit/noteRefusal';
import { EngineContext } from '../context';
import { isUniqueViolation, toDate } from '../database/values';
import { blocks } from '../gates/evaluateGate';
import { ModelRecord, toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { requirePerson, requireRole } from '../people/requireRole';
import { changeModel } from '../promotions/changeModel';
import { Promotions } from '../promotions/types';
import { VersionsService } from '../versions/VersionsService';
import { GateNow } from './GateNow';
import { notifyWaiverAsked, notifyWaiverDecided } from './notifications';
import {
  findRoles,
  requireWaiver,
  JoinedWaiverRow,
  WaiverRow,
} from './waiverStore';
import { isSame, requireNeed, requireTime, stale } from './waiverChecks';
import { WaiverUpkeep } from './WaiverUpkeep';
import { WaiverViews } from './WaiverViews';

/** Takes what people ask and decide about waivers: a gate is let through for a while, as somebody else grants it. */
export class WaiversService {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  readonly #promotions: Promotions;
  readonly #gateNow: GateNow;
  readonly #views: WaiverViews;
  readonly #upkeep: WaiverUpkeep;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>;
    models: ModelsService;
    versions: VersionsService;
    promotions: Promotions;
    gateNow: GateNow;
    views: WaiverViews;
    upkeep: WaiverUpkeep;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#versions = options.versions;
    this.#promotions = options.promotions;
    this.#gateNow = options.gateNow;
    this.#views = options.views;
    this.#upkeep = options.upkeep;
  }

  /**
   * Asks that a gate be waived for a version in an environment.
   * @returns the id of the waiver
   * @throws InputError for a gate that the environment does not have, or a time that is over or too far; ConflictError
   *   when the gate lets through, cannot be waived, is asked to be already, or was by a waiver that counts; NotFoundError, NotAllowedError
   */
  async ask(
    principal: Principal,
    modelRef: string,
    body: WaiverRequest,
  ): Promise<string> {
    const { work, authorizer } = this.#context;
    const model = await this.#models.require(modelRef);
    await authorizer.requireOnModel(
      principal,
      promotionRequestPermission,
      toModelResource(model, body.environment),
    );
    requirePerson(principal, 'ask for waivers');
    const version = await this.#versions.require(model.ref, body.version);
    const present = await this.#gateNow.judge(model, version, body);
    const { environment, gate, verdict } = present;
    const rule = environment.waivers;
    if (!rule) {
      throw new ConflictError(
        `The policy lets nobody waive a gate of ${environment.name}`,
      );
    }
    if (!blocks(verdict)) {
      throw new ConflictError(
        `The gate '${gate.title}' does not keep ${version.name} out of ${environment.name}: there is nothing to waive`,
      );
    }
    const expiresAt = requireTime(body.expiresAt, {
      now: work.now(),
      longestSeconds: rule.longestSeconds,
    });
    const makers = await this.#views.makersOf({
      model_ref: model.ref,
      version_id: version.id,
    });
    try {
      return await work.run(async tx => {
        const [row]: { id: number }[] = await tx
          .knex('waivers')
          .insert({
            model_ref: model.ref,
            version_id: version.id,
            environment: environment.name,
            gate: gate.id,
            state: 'asked',
            policy_digest: present.policy.digest,
            subject_digest: present.subject,
            verdict: JSON.stringify(verdict),
            reason: body.reason.trim(),
            asked_by: principal.ref,
            asked_at: tx.now,
            expires_at: expiresAt,
          })
          .returning('id');
        // Only now: whoever grants the one that was asked for before is waited for above
        await requireNeed(tx, principal, { present, model, version, makers });
        await tx.knex('waiver_roles').insert(
          rule.roles.map(({ role, title, group }) => ({
            waiver_id: row.id,
            role,
            title,
            group_ref: group,
          })),
        );
        const waiver = await requireWaiver(tx.knex, row.id);
        tx.record({
          actor: principal.ref,
          action: 'waiver.asked',
          model: model.ref,
          subject: `waiver:${row.id}`,
          summary: `Asked to waive '${gate.title}' for ${version.name} in ${
            environment.name
          }: ${body.reason.trim()}`,
          details: {
            gate: gate.id,
            verdict: verdict.verdict,
            subjectDigest: present.subject,
            expiresAt: expiresAt.toISOString(),
          },
        });
        notifyWaiverAsked(tx, waiver, rule.roles);
        tx.publish({ topic: 'signal.model', payload: { model: model.ref } });
        return String(row.id);
      });
    } catch (error) {
      throw isUniqueViolation(error)
        ? new ConflictError(
            `A waiver of '${gate.title}' for ${version.name} in ${environment.name} is asked for already`,
          )
        : error;
    }
  }

  /**
   * Grants or refuses a waiver. The same decision sent twice is one decision.
   * @throws NotAllowedError for who may not decide, with the reason; StaleStateError when it was decided on, ended or is
   *   not about the same any more; NotFoundError
   */
  async decide(
    principal: Principal,
    id: string,
    body: WaiverDecision,
  ): Promise<void> {
    const { knex } = this.#context.work;
    const row = await requireWaiver(knex, Number(id));
    const model = await this.#models.requireReadable(principal, row.model_ref);
    await this.#noteRefusal(principal, row, 'decision', () =>
      this.#decide(principal, { row, model }, body),
    );
  }

  #noteRefusal(
    principal: Principal,
    row: WaiverRow,
    deed: 'decision' | 'withdrawal',
    attempted: () => Promise<void>,
  ): Promise<void> {
    return noteRefusal(
      this.#context.work,
      {
        actor: principal.ref,
        action: `waiver.${deed}-refused`,
        model: row.model_ref,
        subject: `waiver:${row.id}`,
        deed: deed === 'decision' ? 'Decision' : 'Withdrawal',
      },
      attempted,
    );
  }

  async #decide(
    principal: Principal,
    { row, model }: { row: JoinedWaiverRow; model: ModelRecord },
    body: WaiverDecision,
  ): Promise<void> {
    const { work, authorizer } = this.#context;
    await authorizer.requireOnModel(
      principal,
      promotionDecidePermission,
      toModelResource(model, row.environment),
    );
    requirePerson(principal, 'decide on waivers');
    if (isSame(row, principal, body)) {
      return;
    }
    const roles = (await findRoles(work.knex, [row.id])).get(row.id)!;
    const role = roles.find(each => each.role === body.role);
    if (!role) {
      throw new InputError(
        `request/body/role '${
          body.role
        }' may not decide on this waiver; these may: ${roles
          .map(each => each.role)
          .join(', ')}`,
      );
    }
    await requireRole(this.#context.directory, principal.ref, role);
    const bar = await this.#views.barOf(principal, row);
    if (bar) {
      throw new NotAllowedError(`${bar.because}, so you may not decide on it`);
    }
    if (row.state !== 'asked') {
      throw stale(row, 'it does not wait for a decision');
    }
    if (row.subject_digest !== body.subjectDigest) {
      throw stale(row, 'you looked at another one; look at it again');
    }
    const outdated = await this.#upkeep.whyOutdated(row);
    if (outdated) {
      await this.#upkeep.end(row, outdated);
      throw stale({ ...row, state: outdated.state }, outdated.because);
    }
    const isGrant = body.decision === 'grant';
    const strangers = isGrant && (await this.#views.strangersOf(row));
    if (strangers) {
      throw new ConflictError(strangers);
    }
    await changeModel(
      { work, models: this.#models },
      row.model_ref,
      async tx => {
        const changed = await tx
          .knex('waivers')
          .where({ id: row.id, state: 'asked' })
          .update({
            state: isGrant ? 'granted' : 'refused',
            decision: body.decision,
            decided_role: role.role,
            decided_reason: body.reason.trim(),
            decided_by: principal.ref,
            decided_at: tx.now,
          });
        if (changed === 0) {
          throw stale(
            await requireWaiver(tx.knex, row.id),
            'somebody else decided on it first',
          );
        }
        tx.record({
          actor: principal.ref,
          action: isGrant ? 'waiver.granted' : 'waiver.refused',
          model: row.model_ref,
          subject: `waiver:${row.id}`,
          summary: `${isGrant ? 'Waived' : 'Refused to waive'} a gate for ${
            row.version
          } in ${row.environment} as ${role.title}: ${body.reason.trim()}`,
          details: {
            gate: row.gate,
            role: role.role,
            group: role.group,
            subjectDigest: row.subject_digest,
            expiresAt: toDate(row.expires_at).toISOString(),
          },
        });
        notifyWaiverDecided(tx, row, { role, body });
        if (isGrant) {
          await this.#promotions.evidenceChanged(
            tx,
            row.version_id,
            'a waiver was granted',
          );
        }
      },
    );
  }

  /**
   * Takes a waiver back that is asked for or granted.
   * @throws NotAllowedError unless one asked for it or may decide on it, StaleStateError when it is over, NotFoundError
   */
  async end(principal: Principal, id: string, reason: string): Promise<void> {
    const { work } = this.#context;
    const row = await requireWaiver(work.knex, Number(id));
    await this.#models.requireReadable(principal, row.model_ref);
    requirePerson(principal, 'take back waivers');
    const { mayEnd } = await this.#views.viewerOf(principal, row);
    if (row.state !== 'asked' && row.state !== 'granted') {
      throw stale(row, 'there is nothing to take back');
    }
    await this.#noteRefusal(principal, row, 'withdrawal', async () => {
      if (!mayEnd) {
        throw new NotAllowedError(
          'Only who asked for a waiver and who may grant it may take it back',
        );
      }
    });
    const isEnded = await this.#upkeep.end(row, {
      state: 'withdrawn',
      because: reason.trim(),
      by: principal.ref,
    });
    if (!isEnded) {
      throw stale(
        await requireWaiver(work.knex, row.id),
        'it was over before you took it back',
      );
    }
  }
}
