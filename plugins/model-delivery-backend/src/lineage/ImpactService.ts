import { ConflictError, NotFoundError } from '@backstage/errors';
import {
  DataFault,
  DataFaultRequest,
  lineageRaisePermission,
  LineageImpact,
} from '@slipway/backstage-plugin-model-delivery-common';
import { enginePrincipal } from '../access/enginePrincipal';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { requirePerson } from '../people/requireRole';
import { RevocationsService } from '../revocations/RevocationsService';
import { findConsequences } from './consequences';
import {
  countRevoked,
  dataOf,
  FaultRow,
  findFaults,
  findSameFault,
  insertFault,
  toFault,
} from './faultStore';
import { Impact } from './findImpact';
import { findFollowed, followPolicies } from './followPolicies';
import { ImpactFinder } from './ImpactFinder';
import { tellFault, tellWithdrawn } from './tellFault';
import { findPeople, tellRevoked } from './tellRevoked';

/** Evaluations that are revoked while the person waits. */
const REVOKED_AT_ONCE = 200;
/** How long a worker leaves a fault to the request that brought it, in milliseconds. */
const LEFT_ALONE_MS = 60_000;

/** How often a worker looks what a fault affects that stands, in milliseconds. */
const LOOKED_EVERY_MS = 600_000;

/** What is affected, as far as policies are followed. */
type Followed = Pick<Impact, 'versions' | 'goesBy'>;

/** Says what a faulty data set affects, tells those who answer for it, and does what the policies of the models say. */
export class ImpactService {
  readonly #context: EngineContext;
  readonly #revocations: RevocationsService;
  readonly #finder: ImpactFinder;

  constructor(options: {
    context: EngineContext;
    revocations: RevocationsService;
    finder: ImpactFinder;
  }) {
    this.#context = options.context;
    this.#revocations = options.revocations;
    this.#finder = options.finder;
  }

  /**
   * What is affected if a data set is faulty, or one version of it, and what the policies would do.
   * @throws InputError, NotFoundError, NotAllowedError
   */
  async impact(
    principal: Principal,
    asked: { dataset: string; version?: string },
  ): Promise<LineageImpact> {
    const { authorizer, work } = this.#context;
    const found = await this.#finder.find(principal, asked);
    const { goesBy, versions, ...impact } = found.impact;
    const revokedOf = await countRevoked(work.knex, found.dataset);
    return {
      dataset: found.dataset,
      title: found.title,
      version: asked.version ?? null,
      ...impact,
      versions: versions.map(each => ({ ...each, revoked: revokedOf(each) })),
      consequences: await findConsequences(work.knex, { versions, goesBy }),
      mayRaise:
        principal.isUser &&
        (await authorizer.may(principal, lineageRaisePermission)),
      faults: await findFaults(work.knex, found.dataset),
    };
  }

  /**
   * Says that a data set is faulty: the owner of each model that was made of it is told, once, and the evaluations are
   * revoked of the versions whose policies say so, whether the person sees those models or not.
   * @returns it, and whether it is new: the same key gives the same
   * @throws NotAllowedError, NotFoundError; ConflictError for a key that was used for another one
   */
  async raise(
    principal: Principal,
    body: DataFaultRequest,
  ): Promise<{ fault: DataFault; isNew: boolean }> {
    const { auth, authorizer, work } = this.#context;
    await authorizer.require(principal, lineageRaisePermission);
    requirePerson(principal, 'say that data are faulty');
    // What they say it of has to be what they see; what comes of it does not
    await this.#finder.find(principal, body);
    const found = await this.#finder.find(await enginePrincipal(auth), body);
    const { row, isNew } = await work.run(async tx => {
      const fault = { ...found, by: principal.ref, body };
      const inserted = await insertFault(tx, fault);
      if (!inserted) {
        return { row: await findSameFault(tx.knex, fault), isNew: false };
      }
      tellFault(tx, inserted, found);
      return { row: inserted, isNew: true };
    });
    if (row.settled_at !== null) {
      return { fault: toFault(row), isNew };
    }
    try {
      const settled = await this.#settle(row, found.impact, REVOKED_AT_ONCE);
      return { fault: toFault(settled), isNew };
    } catch (error) {
      this.#delayed(row, error);
      return { fault: toFault(row), isNew };
    }
  }

  /**
   * Takes back what was said of a data set: it was a mistake, or the data are repaired. What was revoked stays so; what is
   * reported afterwards counts.
   * @throws NotAllowedError, NotFoundError; ConflictError when it was taken back otherwise
   */
  async withdraw(
    principal: Principal,
    id: string,
    body: { reason: string },
  ): Promise<DataFault> {
    const { authorizer, work } = this.#context;
    await authorizer.require(principal, lineageRaisePermission);
    requirePerson(principal, 'take back that data are faulty');
    const row = await this.#require(id);
    // As one may say it only of what one sees
    const { impact } = await this.#finder.find(principal, row);
    const reason = body.reason.trim();
    const by = principal.ref;
    const withdrawn = await work.run(async tx => {
      const isFirst = await tx
        .knex('data_faults')
        .where({ id: row.id })
        .whereNull('withdrawn_at')
        .update({
          withdrawn_at: tx.now,
          withdrawn_by: by,
          withdrawn_because: reason,
        });
      if (isFirst) {
        tellWithdrawn(tx, row, { by, reason, impact });
      }
      return (await tx
        .knex<FaultRow>('data_faults')
        .where({ id: row.id })
        .first())!;
    });
    if (
      withdrawn.withdrawn_by !== by ||
      withdrawn.withdrawn_because !== reason
    ) {
      throw new ConflictError(
        `${withdrawn.withdrawn_by} has taken it back already: ${withdrawn.withdrawn_because}`,
      );
    }
    return toFault(withdrawn);
  }

  /**
   * Goes on with what policies say of data that were said to be faulty, where that was interrupted, and looks at times what
   * else was made of such data since.
   */
  async settleOpen(): Promise<void> {
    const { work } = this.#context;
    const now = work.now().getTime();
    const open: FaultRow[] = await work
      .knex<FaultRow>('data_faults')
      .where('raised_at', '<', new Date(now - LEFT_ALONE_MS))
      .where(due =>
        due
          .whereNull('settled_at')
          .orWhere(standing =>
            standing
              .whereNull('withdrawn_at')
              .where(looked =>
                looked
                  .whereNull('looked_at')
                  .orWhere('looked_at', '<', new Date(now - LOOKED_EVERY_MS)),
              ),
          ),
      )
      .orderBy('id');
    for (const row of open) {
      try {
        await this.#lookAgain(row);
      } catch (error) {
        this.#delayed(row, error);
      }
    }
  }

  async #lookAgain(row: FaultRow): Promise<void> {
    const { work } = this.#context;
    const { knex } = work;
    const impact = await this.#findAgain(row);
    const own = knex('data_faults').where({ id: row.id });
    if (row.settled_at !== null) {
      const versions = impact.versions.filter(each => each.revokes);
      if ((await findFollowed(knex, { versions })).length === 0) {
        await own.update({ looked_at: work.now() });
        return;
      }
      // What interrupts it from here on is gone on with
      await own.clone().update({ settled_at: null });
    }
    await this.#settle({ ...row, settled_at: null }, impact, Infinity);
    await own.update({ looked_at: work.now() });
  }

  async #require(id: string): Promise<FaultRow> {
    const row = /^[1-9][0-9]{0,8}$/.test(id)
      ? await this.#context.work
          .knex<FaultRow>('data_faults')
          .where({ id: Number(id) })
          .first()
      : undefined;
    if (!row) {
      throw new NotFoundError(`There is no fault ${id} of a data set`);
    }
    return row;
  }

  /** What is affected now; nothing more where the data set is not known any longer. */
  async #findAgain(row: FaultRow): Promise<Followed> {
    try {
      const principal = await enginePrincipal(this.#context.auth);
      return (await this.#finder.find(principal, row)).impact;
    } catch (error) {
      if (error instanceof NotFoundError) {
        return { versions: [], goesBy: new Map() };
      }
      throw error;
    }
  }

  #delayed(row: FaultRow, error: unknown): void {
    this.#context.logger.warn(
      `What policies say of the faulty data ${row.dataset} is followed later: ${error}`,
    );
  }

  /** @returns the row, settled unless more than the limit is to be revoked */
  async #settle(
    row: FaultRow,
    { versions, goesBy }: Followed,
    limit: number,
  ): Promise<FaultRow> {
    const { directory, work } = this.#context;
    const { knex } = work;
    const isDone = await followPolicies({
      knex,
      revocations: this.#revocations,
      // Whoever takes it back stops it
      versions: row.withdrawn_at === null ? versions : [],
      goesBy,
      fault: {
        id: row.id,
        raisedBy: row.raised_by,
        data: dataOf(row),
        reason: row.reason,
      },
      limit,
    });
    if (!isDone) {
      return row;
    }
    const consequences = await findConsequences(knex, {
      versions,
      goesBy,
      fault: row.id,
    });
    const settled = {
      consequences: JSON.stringify(consequences),
      revoked: await knex('revocations')
        .where('fault_id', row.id)
        .count({ n: '*' })
        .then(([{ n }]) => Number(n)),
      settled_at: work.now(),
    };
    const groupsOf = new Map<string, Set<string>>();
    for (const person of await findPeople(knex, row.id)) {
      groupsOf.set(person, await directory.groupsOf(person));
    }
    await work.run(async tx => {
      const isFirst = await tx
        .knex('data_faults')
        .where({ id: row.id })
        .whereNull('settled_at')
        .update(settled);
      if (isFirst) {
        await tellRevoked(tx, { ...row, data: dataOf(row) }, groupsOf);
      }
    });
    return { ...row, ...settled };
  }
}
