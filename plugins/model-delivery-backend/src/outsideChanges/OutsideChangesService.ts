import { ConflictError, NotFoundError } from '@backstage/errors';
import {
  OutsideChange,
  promotionRequestPermission,
  rollbackPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { decodeCursor, Page, PageRequest, toPage } from '../database/paging';
import { Transaction } from '../database/UnitOfWork';
import { ModelRecord, toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { requirePerson } from '../people/requireRole';
import { changeModel } from '../promotions/changeModel';
import { PromotionsService } from '../promotions/PromotionsService';
import { findPromotion } from '../promotions/promotionStore';
import { PromotionRecord, TERMINAL_STATES } from '../promotions/types';
import { Targets } from '../rollouts/targets';
import { Lookout } from './Lookout';
import {
  OutsideChangeRow,
  selectChanges,
  ShownChangeRow,
  toOutsideChange,
} from './outsideChangeStore';
import { findSettledTarget } from './places';
import { setBack } from './setBack';
import { Share, sharesText, strangerOf } from './shares';

/** Lets people see what was changed without Slipway, set it back or adopt it. */
export class OutsideChangesService {
  readonly #context: EngineContext;
  readonly #models: ModelsService;
  readonly #promotions: PromotionsService;
  readonly #targets: Targets;
  readonly #lookout: Lookout;

  constructor(
    context: EngineContext,
    services: {
      models: ModelsService;
      promotions: PromotionsService;
      targets: Targets;
      lookout: Lookout;
    },
  ) {
    this.#context = context;
    this.#models = services.models;
    this.#promotions = services.promotions;
    this.#targets = services.targets;
    this.#lookout = services.lookout;
  }

  /** One page of what was raised of a model, newest first. */
  async list(
    principal: Principal,
    modelRef: string,
    page: PageRequest,
  ): Promise<Page<OutsideChange>> {
    const model = await this.#models.requireReadable(principal, modelRef);
    const rows: ShownChangeRow[] = await selectChanges(this.#context.work.knex)
      .where({ 'outside_changes.model_ref': model.ref })
      .whereNot({ 'outside_changes.state': 'suspected' })
      .modify(query => {
        if (page.cursor) {
          query.where(
            'outside_changes.id',
            '<',
            decodeCursor(page.cursor, 'number')[0],
          );
        }
      })
      .orderBy('outside_changes.id', 'desc')
      .limit(page.limit + 1);
    return toPage(rows, page.limit, row => [row.id], toOutsideChange);
  }

  /**
   * Sets the target's traffic, or the alias, back to what the history says.
   * @throws ConflictError when it is closed, traffic is on the move there, or the target refuses; NotFoundError,
   *   NotAllowedError
   */
  async revert(
    principal: Principal,
    modelRef: string,
    id: string,
    reason: string,
  ): Promise<OutsideChange> {
    const { work } = this.#context;
    const model = await this.#models.require(modelRef);
    const row = await this.#authorized(
      principal,
      rollbackPermission,
      model,
      id,
    );
    requirePerson(principal, 'set back what was changed');
    const place = { modelRef: model.ref, environment: row.environment };
    const attempt = row.revert_attempt + 1;
    const target = await changeModel(
      { work, models: this.#models },
      model.ref,
      async tx => {
        const settled = await findSettledTarget(tx.knex, place);
        const isMine = await tx
          .knex('outside_changes')
          .where({
            id: row.id,
            state: 'open',
            revert_attempt: row.revert_attempt,
          })
          .update({
            revert_by: principal.ref,
            revert_reason: reason.trim(),
            revert_attempt: attempt,
            revert_error: null,
          });
        if (isMine === 0) {
          throw new ConflictError(
            `The change ${id} is closed, or somebody else sets it back at this moment`,
          );
        }
        if (!settled) {
          throw new ConflictError(
            `A rollout moves traffic of ${row.environment} now; look again when it is over`,
          );
        }
        tx.record({
          actor: principal.ref,
          action: 'outside-change.revert-requested',
          model: model.ref,
          subject: `outside-change:${row.id}`,
          summary: `Asked to set ${
            row.kind === 'alias' ? `the alias ${row.alias}` : row.environment
          } back: ${reason.trim()}`,
          details: { expected: settled.expected, attempt },
        });
        return settled;
      },
    );
    try {
      await setBack(this.#context, this.#targets, {
        model,
        change: row,
        expected: target.expected,
        attempt,
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      await work
        .knex('outside_changes')
        .where({ id: row.id, revert_attempt: attempt })
        .update({ revert_error: message.slice(0, 1_000) });
      throw new ConflictError(`It could not be set back: ${message}`);
    }
    await this.#lookout.lookAt(place);
    return toOutsideChange((await this.#find(model, id))!);
  }

  /**
   * Asks for a promotion of the version that was found, with the gates and approvals of any other; traffic that it has
   * stays with it. Refused by whoever may approve, what was changed is set back.
   * @throws ConflictError when it is closed or on its way already, or the version cannot be promoted; InputError,
   *   NotFoundError, NotAllowedError
   */
  async adopt(
    principal: Principal,
    modelRef: string,
    id: string,
  ): Promise<OutsideChange> {
    const { work } = this.#context;
    const model = await this.#models.require(modelRef);
    const row = await this.#authorized(
      principal,
      promotionRequestPermission,
      model,
      id,
    );
    const before =
      row.promotion_id === null
        ? undefined
        : await findPromotion(work.knex, row.promotion_id);
    if (before && !TERMINAL_STATES.includes(before.state)) {
      throw new ConflictError(
        `Promotion ${before.id} is to adopt it already; it is ${before.state}`,
      );
    }
    const found: Share[] = JSON.parse(row.found);
    const version = strangerOf(JSON.parse(row.expected), found);
    const expected: Share[] = JSON.parse(row.expected);
    await this.#promotions.request(
      principal,
      {
        model: model.ref,
        version,
        environment: row.environment,
        reason: 'planned',
        note: `Adopts what was found: ${
          row.kind === 'alias'
            ? `the alias ${row.alias} names ${sharesText(found)}`
            : `${sharesText(found)} served already`
        }. Rejecting it sets ${
          row.kind === 'alias' ? 'the alias' : row.environment
        } back to ${sharesText(expected)}`,
        idempotencyKey: `outside-change:${row.id}:${row.promotion_id ?? 0}`,
      },
      // In the promotion's own transaction: how its traffic moves depends on it
      (tx, record) => linkAdoption(tx, principal, row, record),
    );
    return toOutsideChange((await this.#find(model, id))!);
  }

  /** The open change, if the caller may do this in its environment; who may not does not learn whether there is one. */
  async #authorized(
    principal: Principal,
    permission: typeof rollbackPermission,
    model: ModelRecord,
    id: string,
  ): Promise<OutsideChangeRow> {
    const row = await this.#find(model, id);
    await this.#context.authorizer.requireOnModel(
      principal,
      permission,
      toModelResource(model, row?.environment),
    );
    if (!row) {
      throw new NotFoundError(`${model.ref} has no outside change ${id}`);
    }
    if (row.state !== 'open') {
      throw new ConflictError(
        `The change ${id} is closed: ${row.closed_because}`,
      );
    }
    return row;
  }

  async #find(
    model: ModelRecord,
    id: string,
  ): Promise<ShownChangeRow | undefined> {
    return selectChanges(this.#context.work.knex)
      .where({
        'outside_changes.id': Number(id),
        'outside_changes.model_ref': model.ref,
      })
      .whereNot({ 'outside_changes.state': 'suspected' })
      .first();
  }
}

/** Has a promotion adopt a change. */
async function linkAdoption(
  tx: Transaction,
  principal: Principal,
  row: OutsideChangeRow,
  { id, version, environment, modelRef }: PromotionRecord,
): Promise<void> {
  const linked = await tx
    .knex('outside_changes')
    .where({ id: row.id, state: 'open', promotion_id: row.promotion_id })
    .update({ promotion_id: id });
  if (linked === 0) {
    throw new ConflictError(
      `The change ${row.id} is closed, or somebody else adopts it at this moment`,
    );
  }
  tx.record({
    actor: principal.ref,
    action: 'outside-change.adoption-requested',
    model: modelRef,
    subject: `outside-change:${row.id}`,
    summary: `Asked by promotion ${id} to adopt ${version} in ${environment}`,
    details: { promotion: id, version },
  });
  tx.publish({ topic: 'signal.model', payload: { model: modelRef } });
}
