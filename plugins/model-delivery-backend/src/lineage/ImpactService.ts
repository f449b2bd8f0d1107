import { NotFoundError } from '@backstage/errors';
import {
  DataFault,
  DataFaultRequest,
  lineageRaisePermission,
  lineageReadPermission,
  LineageImpact,
} from '@slipway/backstage-plugin-model-delivery-common';
import { enginePrincipal } from '../access/enginePrincipal';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { Transaction } from '../database/UnitOfWork';
import { requirePerson } from '../people/requireRole';
import { faultyDataOf } from '../policies/faultyData';
import { Policies } from '../policies/types';
import { RevocationsService } from '../revocations/RevocationsService';
import { CatalogView } from './CatalogView';
import { findConsequences } from './consequences';
import {
  countRevoked,
  FaultRow,
  findFaults,
  findSameFault,
  insertFault,
  toFault,
} from './faultStore';
import { linkFor, wordsFor } from './faultWords';
import { findImpact, Impact, IMPACT_BOUNDS } from './findImpact';
import { followPolicies } from './followPolicies';
import { LineageWalk, WalkNode } from './LineageWalk';
import { entityNodeId, namedNodeId, parseNodeId } from './nodeIds';
import { requireSomeModels } from './requireSomeModels';
import { tellRevoked } from './tellRevoked';
import { sentence } from '../words';

/** Evaluations that are revoked while the person waits. */
const REVOKED_AT_ONCE = 200;
/** How long a worker leaves a fault to the request that brought it, in milliseconds. */
const LEFT_ALONE_MS = 60_000;

interface Found {
  dataset: string;
  title: string;
  impact: Impact;
}

/** Says what a faulty data set affects, tells those who answer for it, and does what the policies of the models say. */
export class ImpactService {
  readonly #context: EngineContext;
  readonly #revocations: RevocationsService;
  readonly #policies: Pick<Policies, 'forModel'>;

  constructor(options: {
    context: EngineContext;
    revocations: RevocationsService;
    policies: Pick<Policies, 'forModel'>;
  }) {
    this.#context = options.context;
    this.#revocations = options.revocations;
    this.#policies = options.policies;
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
    const found = await this.#find(principal, asked);
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
    await this.#find(principal, body);
    const found = await this.#find(await enginePrincipal(auth), body);
    const { row, isNew } = await work.run(async tx => {
      const fault = { ...found, by: principal.ref, body };
      const inserted = await insertFault(tx, fault);
      if (!inserted) {
        return { row: await findSameFault(tx.knex, fault), isNew: false };
      }
      tell(tx, inserted, found);
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

  /** Goes on with what policies say of data that were said to be faulty, where that was interrupted. */
  async settleOpen(): Promise<void> {
    const { work } = this.#context;
    const open: FaultRow[] = await work
      .knex<FaultRow>('data_faults')
      .whereNull('settled_at')
      .where('raised_at', '<', new Date(work.now().getTime() - LEFT_ALONE_MS))
      .orderBy('id');
    for (const row of open) {
      try {
        const impact = await this.#findAgain(row);
        await this.#settle(row, impact, Infinity);
      } catch (error) {
        this.#delayed(row, error);
      }
    }
  }

  /** What is affected now; nothing more where the data set is not known any longer. */
  async #findAgain(
    row: FaultRow,
  ): Promise<Pick<Impact, 'versions' | 'goesBy'>> {
    try {
      const asked = { dataset: row.dataset, version: row.version ?? undefined };
      const principal = await enginePrincipal(this.#context.auth);
      return (await this.#find(principal, asked)).impact;
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
    { versions, goesBy }: Pick<Impact, 'versions' | 'goesBy'>,
    limit: number,
  ): Promise<FaultRow> {
    const { knex } = this.#context.work;
    const isDone = await followPolicies({
      knex,
      revocations: this.#revocations,
      versions,
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
      settled_at: this.#context.work.now(),
    };
    await this.#context.work.run(async tx => {
      const isFirst = await tx
        .knex('data_faults')
        .where({ id: row.id })
        .whereNull('settled_at')
        .update(settled);
      if (isFirst) {
        await tellRevoked(tx, { ...row, data: dataOf(row) });
      }
    });
    return { ...row, ...settled };
  }

  async #find(
    principal: Principal,
    asked: { dataset: string; version?: string },
  ): Promise<Found> {
    const { authorizer, work } = this.#context;
    const reference = parseNodeId(asked.dataset);
    await requireSomeModels(authorizer, principal);
    const catalog = new CatalogView(this.#context, principal);
    const seesNamed = await authorizer.may(principal, lineageReadPermission);
    const begin = async (version: string) => {
      const walk = new LineageWalk({
        knex: work.knex,
        catalog,
        bounds: IMPACT_BOUNDS,
        seesNamed,
      });
      return { walk, node: await walk.begin({ ...reference, version }) };
    };
    const pinned = asked.version ?? '';
    const certain = await begin(pinned);
    const whole = pinned === '' ? null : await begin('');
    const node = certain.node ?? whole?.node;
    if (!node) {
      throw new NotFoundError(
        `Nothing is known of ${asked.dataset}, or you may not see it`,
      );
    }
    if (certain.node) {
      await certain.walk.look([certain.node], 'downstream');
    }
    if (whole?.node) {
      await whole.walk.lookVersionless(whole.node);
    }
    return {
      dataset:
        reference.kind === 'entity'
          ? entityNodeId(reference.ref, '')
          : namedNodeId(reference.name, ''),
      title: titleOf(node, asked.dataset),
      impact: await findImpact(work.knex, catalog, this.#policies, {
        certain: certain.walk,
        possible: whole?.walk ?? null,
      }),
    };
  }
}

/** Writes down what was said, and tells each owner what it means for them. */
function tell(
  tx: Transaction,
  row: FaultRow,
  { dataset, impact }: Found,
): void {
  const what = dataOf(row);
  tx.record({
    actor: row.raised_by,
    action: 'data.faulty',
    model: null,
    subject: `dataset:${dataset}`,
    summary: `${what} is faulty: ${row.reason}`,
    details: {
      dataset,
      version: row.version,
      versions: impact.versions.map(each => `${each.model}@${each.version}`),
      owners: impact.owners,
      policies: [...new Set(impact.goesBy.values())].map(policy => ({
        policy: policy.name,
        digest: policy.digest,
        faultyData: faultyDataOf(policy),
        revokes: impact.versions
          .filter(
            each => each.revokes && impact.goesBy.get(each.model) === policy,
          )
          .map(each => `${each.model}@${each.version}`),
      })),
    },
  });
  for (const owner of impact.owners) {
    tx.publish({
      topic: 'notification',
      payload: {
        recipients: [owner],
        title: `${what} is faulty`,
        description: `${sentence(row.reason)} ${wordsFor(impact, owner)}`,
        link: linkFor(impact, owner, dataset),
        severity: 'high',
        scope: `data-fault:${row.id}:${owner}`,
      },
    });
  }
}

function dataOf({ title, version }: FaultRow): string {
  return version === null ? title : `${title} ${version}`;
}

function titleOf(node: WalkNode, fallback: string): string {
  return node.entity?.title ?? node.name?.name ?? fallback;
}
